"""Passages in a text are marked without a change of its words."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from core.publishing.reviewing.marking import PassageMark, mark_text

BODY = (
    "<p>本季收入合计<strong>126450</strong>元,支出97880元。</p>"
    '<div class="table-frame"><table><tbody><tr><td>路灯</td><td>60盏</td></tr></tbody></table>'
    "</div>"
)


def to_words(markup: str) -> str:
    return html.fragment_fromstring(markup, create_parent="div").text_content()


@given(st.lists(st.text("本季收入126450元支出路灯盏 <>&", min_size=1, max_size=12), max_size=5))
def test_words_stay_whatever_is_marked(passages):
    marks = [PassageMark(passage, f"remark-{n}", f"批注 {n}") for n, passage in enumerate(passages)]
    assert to_words(mark_text(BODY, marks)) == to_words(BODY)


def test_a_passage_is_marked_with_a_link_to_its_remark():
    marked = mark_text(BODY, [PassageMark("支出97880元", "remark-7", "批注 1")])
    assert (
        '<mark><a href="#remark-7" aria-label="批注 1: 支出97880元">支出97880元</a></mark>'
        in marked
    )


def test_a_passage_across_elements_is_marked_at_its_longest_part():
    marked = mark_text(BODY, [PassageMark("本季收入合计126450", "remark-1", "批注 1")])
    assert "<mark>" in marked
    assert "本季收入合计</a></mark>" in marked


def test_new_text_is_marked_and_what_is_gone_is_left_out():
    assert "<td><ins>60盏</ins></td>" in mark_text(
        BODY, [PassageMark("60盏"), PassageMark("没有的话没有的话")]
    )


def test_code_in_a_passage_stays_text():
    body = "<p>a &lt;b&gt; c</p>"
    assert to_words(mark_text(body, [PassageMark("<b>", "x", "<i>")])) == "a <b> c"
