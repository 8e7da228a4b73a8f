import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from core.search.answering.highlight import SNIPPET, marked, snippet, to_highlight_terms
from core.search.query.planner import plan_query


def terms(typed):
    return to_highlight_terms(plan_query(typed).variants[0])


def test_matches_and_their_synonyms_are_marked_and_nothing_else():
    assert marked("农村最低生活保障与低保户", terms("低保")) == (
        "农村<mark>最低生活保障</mark>与<mark>低保</mark>户"
    )


def test_markup_in_a_text_is_escaped_before_anything_is_marked():
    assert marked("<script>低保</script> & “x”", terms("低保")) == (
        "&lt;script&gt;<mark>低保</mark>&lt;/script&gt; &amp; “x”"
    )


def test_quotation_marks_inside_a_word_do_not_hide_it():
    assert "<mark>三公”经费</mark>" in marked("“三公”经费预算", terms("三公经费"))


def test_traditional_text_is_marked_by_a_simplified_question_and_the_other_way():
    assert "<mark>村務</mark>" in marked("村務公開", terms("村务"))
    assert "<mark>村务</mark>" in marked("村务公开", terms("村務"))


def test_a_title_found_by_pinyin_shows_what_was_meant():
    assert marked("高龄津贴申领", terms("gaoling jintie")).startswith("<mark>高龄</mark>")
    assert "<mark>光伏分配</mark>" in marked("村光伏分配表", terms("gffp"))


def test_digits_are_marked_as_whole_numbers_only():
    assert marked("2014年第14号", terms("14号文")) == "2014年第<mark>14号</mark>"


def test_a_snippet_shows_the_matches_of_a_long_text():
    text = "前面的话很长。" * 60 + "这里写着路灯维修，" + "后面的话也很长。" * 60
    cut_out = snippet(text, terms("路灯"))
    assert "<mark>路灯</mark>" in cut_out
    assert cut_out.startswith("…")
    assert cut_out.endswith("…")
    assert len(re.sub(r"</?mark>", "", cut_out)) <= SNIPPET + 2


def test_a_text_without_a_match_gives_its_beginning():
    assert snippet("只有别的内容", terms("路灯")) == "只有别的内容"


@given(st.text(alphabet="低保<>&\"' 最低生活保障，。a\n", max_size=300))
def test_without_its_marks_a_text_is_what_it_was(text):
    shown = marked(text, terms("低保"))
    assert str(shown).replace("<mark>", "").replace("</mark>", "") == str(escape(text))
    assert shown.count("<mark>") == shown.count("</mark>")


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_any_text_can_be_marked_for_any_question(text, typed):
    for ask in plan_query(typed).variants:
        assert "<script" not in snippet(text, to_highlight_terms(ask))
