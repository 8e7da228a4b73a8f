"""What every engine must do, the embedded one and Meilisearch alike."""

from datetime import date, timedelta

import pytest

from core.search.document import AttachedText, DocumentValidity
from core.search.engines.base import FACETS, Facet, Sort
from tests.search.contract.engines import NOW, document


def test_what_was_handed_over_is_found(ask):
    ask.add(document(1))
    assert ask("低保") == ["1"]


def test_the_same_twice_is_one_and_the_newest(ask):
    ask.add(document(1), document(1))
    ask.add(document(1, title="农村路灯"))
    assert ask("路灯") == ["1"]
    assert ask("低保") == []
    assert ask.engine.health().documents == 1


def test_what_was_deleted_is_gone_and_the_unknown_is_no_error(ask):
    ask.add(document(1), document(2))
    ask.forget("publication-1", "publication-77")
    assert ask("低保") == ["2"]


@pytest.mark.parametrize("typed", ["低保", "路灯", "公示", "三资", "水黄"])
def test_two_characters_are_found_in_titles_and_texts(ask, typed):
    ask.add(
        document(1, title=f"关于{typed}的通知"),
        document(2, title="别的", body=f"村里的{typed}问题已经办结。"),
        document(3, title="别的", body="没有这件事。"),
    )
    assert ask(typed) == ["1", "2"]


def test_two_characters_are_found_across_the_borders_of_words(ask):
    ask.add(document(1, title="财务", body="村道路灯维修12,600元"))
    assert ask("路灯") == ["1"]


def test_a_phrase_is_found_as_a_phrase_not_as_its_words(ask):
    ask.add(document(1, title="社会保障"), document(2, title="保障房", body="社会各界"))
    assert ask("社会保障") == ["1"]


def test_a_village_is_found_from_itself_and_above_but_never_from_beside(ask):
    ask.add(document(1, tenant=5))
    found = {tenant for tenant in range(1, 12) if ask("低保", tenant)}
    assert found == {1, 2, 3, 5}


def test_the_documents_of_those_above_are_found_from_below(ask):
    ask.add(document(1, tenant=2))
    found = {tenant for tenant in range(1, 12) if ask("低保", tenant)}
    assert found == {1, 2, 3, 4, 5, 6, 7, 8}


def test_a_whole_subtree_can_be_asked_without_those_above(ask):
    ask.add(*(document(tenant, tenant=tenant) for tenant in range(1, 12)))
    assert set(ask("低保", 5, with_above=False)) == {"5"}
    assert set(ask("低保", 5, base=3, with_above=False)) == {"3", "5", "6"}
    assert set(ask("低保", 5, base=2, with_above=False)) == {"2", "3", "4", "5", "6", "7", "8"}


@pytest.mark.parametrize(
    "text",
    [
        '" OR 1=1', "scope:[1 TO 9]", "kind:catalog_item", '低保" OR scope:9', "低保” OR 乙",
        "低保\n乙", "低保 AND *", "title:(低保) +owner:9", "低保^100", "*:*", "/.*/", "低保 || 乙",
        "[* TO *]", "IN [9]", "\\", "低保~2", "(", ")", "{", "低保'; --",
    ],
)  # fmt: skip
def test_nothing_that_is_typed_widens_the_scope(ask, text):
    ask.add(document(1, tenant=2), document(9, tenant=9, title="乙县低保", body="AND OR 1 9"))
    for number in range(3):
        try:
            assert "9" not in ask(text, 2, variant=number)
        except IndexError:  # the plan has fewer questions
            break


@pytest.mark.parametrize("value", ['x" OR kind:"y', "publication OR a", "乙", "”", "a\nb"])
def test_nor_does_a_filters_value(ask, value):
    ask.add(document(1))
    assert ask("低保", filters={Facet.KIND: frozenset({value})}) == []
    assert ask("低保", filters={Facet.TOPIC: frozenset({value})}) == []


def test_an_inherited_item_is_found_below_not_above_or_beside(ask):
    ask.add(document(1, tenant=3, inherits=True))
    found = {tenant for tenant in range(1, 12) if ask("低保", tenant)}
    assert found == {1, 2, 3, 5, 6}


def test_an_inherited_item_is_part_of_every_subtree_below(ask):
    ask.add(document(1, tenant=1, inherits=True), document(2, tenant=1))
    assert ask("低保", 5, with_above=False) == ["1"]


def test_where_it_is_refined_its_own_document_takes_its_place(ask):
    ask.add(
        document("item", tenant=1, inherits=True, excluded=(3,)),
        document("item-refined", tenant=3, inherits=True, excluded=(6,)),
    )
    assert ask("低保", 4) == ["item"]
    assert ask("低保", 3) == ["item-refined"]
    assert ask("低保", 5) == ["item-refined"]
    assert ask("低保", 6) == []
    assert set(ask("低保", 2)) == {"item", "item-refined"}


def test_what_has_expired_is_never_answered_nor_counted(ask):
    ask.add(
        document(1, expires_at=NOW - timedelta(seconds=1)),
        document(2, expires_at=NOW + timedelta(seconds=1)),
        document(3),
    )
    page = ask.page("低保", facets=("kind",))
    assert {hit.id for hit in page.hits} == {"publication-2", "publication-3"}
    assert page.total == 2
    assert page.facets["kind"] == {"publication": 2}
    assert ask("低保", now=NOW + timedelta(days=1)) == ["3"]


def test_only_the_kinds_that_are_asked_for_are_answered(ask):
    ask.add(document(1), document(1, kind="open_day"))
    assert [
        hit.id for hit in ask.page("低保", filters={Facet.KIND: frozenset({"open_day"})}).hits
    ] == ["open_day-1"]
    assert ask("低保", filters={Facet.KIND: frozenset()}) == []


def test_counts_are_those_of_a_search_with_that_filter(ask):
    kinds, topics = ["publication", "catalog_item", "open_day"], ["社会救助", "财政"]
    ask.add(*(document(n, kind=kinds[n % 3], topic=topics[n % 2]) for n in range(20)))
    page = ask.page("低保", facets=("kind", "topic"))
    for kind, count in page.facets["kind"].items():
        assert ask.page("低保", filters={Facet.KIND: frozenset({kind})}).total == count
    for topic, count in page.facets["topic"].items():
        assert ask.page("低保", filters={Facet.TOPIC: frozenset({topic})}).total == count
    assert sum(page.facets["kind"].values()) == page.total == 20


def test_every_facet_counts_what_its_filter_finds_and_nothing_hidden(ask):
    organs, levels = ["民政局", "财政局", "村委会"], {2: "county", 5: "village"}
    ask.add(
        *(
            document(
                n, tenant=tenant, level=levels[tenant], topic=f"领域{n % 3}", organ=organs[n % 3],
                published_on=date(2020 + n % 4, 1, 1), validity=list(DocumentValidity)[n % 3],
            )
            for n, tenant in enumerate([2, 5] * 8)
        ),
        document(90, tenant=9, organ="乙县民政局", level="county", topic="乙县"),
        document(91, organ="已过期", expires_at=NOW - timedelta(days=1)),
        document(92, organ="不符", title="农村公路"),
    )  # fmt: skip
    page = ask.page("低保", facets=FACETS)
    assert page.facets.keys() == set(FACETS)
    assert page.facets["level"] == {"county": 8, "village": 8}
    assert page.facets["organ"].keys() == set(organs)
    for facet in FACETS:
        assert sum(page.facets[facet].values()) == 16
        for value, count in page.facets[facet].items():
            narrowed = ask.page("低保", facets=FACETS, filters={facet: frozenset({value})})
            assert narrowed.total == count
            assert narrowed.facets[facet] == {value: count}
        any_value = frozenset(page.facets[facet])
        assert ask("低保", filters={facet: any_value}) == ask("低保")


def test_pages_have_no_gap_and_nothing_twice(ask):
    for number in range(57):  # many commits, so many pieces, and all scores alike
        if number % 10 == 0:
            ask.add(*(document(n) for n in range(number, min(number + 10, 57))))
    pages = [ask("低保", offset=offset, limit=10) for offset in range(0, 60, 10)]
    assert sorted(key for page in pages for key in page) == sorted(str(n) for n in range(57))
    assert pages[2] == ask("低保", offset=20, limit=10)
    assert ask.page("低保", offset=100, limit=10).total == 57


def test_the_newest_come_first_where_that_is_asked(ask):
    days = [3, 1, 4, 15, 9, 2, 6]
    ask.add(*(document(n, published_on=date(2026, 1, n)) for n in days), document(99))
    assert ask("低保", sort=Sort.NEWEST) == ["15", "9", "6", "4", "3", "2", "1", "99"]


def test_dates_limit_the_answer(ask):
    ask.add(*(document(n, published_on=date(2026, 1, n)) for n in range(1, 10)), document(99))
    found = ask("低保", date_from=date(2026, 1, 3), date_to=date(2026, 1, 5))
    assert sorted(found) == ["3", "4", "5"]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("低保", "最低生活保障"),
        ("最低生活保障", "低保"),
        ("最低生活保障对象", "低保户"),
        ("种地补贴", "耕地地力保护补贴"),
    ],
)
def test_synonyms_are_found(ask, typed, title):
    ask.add(document(1, title=f"柳湾村{title}发放"))
    assert ask(typed) == ["1"]


@pytest.mark.parametrize(
    "typed", ["gaoling", "gaolingjintie", "gao ling jin tie", "gljt", "gljt 80"]
)
def test_pinyin_and_initials_are_found(ask, typed):
    ask.add(document(1, title="高龄津贴申领", body="80周岁"), document(2, title="农村公路"))
    assert ask(typed) == ["1"]


def test_letters_are_initials_across_the_words_of_a_title_where_no_word_is_known(ask):
    ask.add(document(1, title="柳湾村低保公示"), document(2, title="农村公路"))
    assert ask("lwcdb") == ["1"]
    assert ask("wcdbg") == ["1"]


def test_a_word_of_nearly_every_matter_is_given_up_first(ask):
    ask.add(document(1, title="县人民政府工作报告"), document(2, title="自来水水质检测"))
    assert ask("政府 自来水") == []
    assert ask("政府 自来水", variant=1) == ["2"]


def test_pinyin_and_characters_can_be_mixed(ask):
    ask.add(document(1, title="低保申请"), document(2, title="低保标准"))
    assert ask("dibao申请")[0] == "1"


@pytest.mark.parametrize(
    "typed", ["低", "保", "农村低保", "農村低保", "低保２０２６", "2026 低保", "农村低保标准2026年"]
)
def test_one_character_traditional_and_full_width_are_found(ask, typed):
    ask.add(document(1, title="农村低保标准2026年"))
    assert ask(typed) == ["1"]


@pytest.mark.parametrize("typed", ["低保" * 100, "怎么办理" * 50, "低保😀", "？？低保？？"])
def test_long_and_odd_questions_are_answered_without_failing(ask, typed):
    ask.add(document(1))
    assert ask.page(typed).total in {0, 1}


@pytest.mark.parametrize(
    "typed",
    ["望政办发〔2024〕21号", "望政办发[2024]21号", "望政办发(2024)21", "望政办发2024 21号",
     "望政办发〔２０２４〕２１号", "〔2024〕21号", "政办发〔2024〕21号", "21号文", "21号"],
)  # fmt: skip
def test_document_numbers_are_found_in_any_punctuation(ask, typed):
    ask.add(
        document(1, title="别的", numbers=("望政办发〔2024〕21号",)),
        document(2, title="别的", numbers=("望政办发〔2021〕24号",)),
    )
    assert ask(typed) == ["1"]


@pytest.mark.parametrize(
    "typed", ["999901001/2026-00001", "999901001202600001", "01527918x-2020-153077"]
)
def test_index_numbers_are_found_with_and_without_punctuation(ask, typed):
    ask.add(
        document(1, numbers=("", "999901001/2026-00001")),
        document(1, kind="other", numbers=("01527918X-2020-153077",)),
        document(2, numbers=("999901001/2026-00002",)),
    )
    assert ask(typed) == ["1"]


@pytest.mark.parametrize(
    "typed", ["-低保", "- 低保", '"低保"', "“低保”", "+低保", "!低保", "~低保"]
)
def test_leading_signs_and_quotation_marks_do_no_harm(ask, typed):
    ask.add(document(1), document(2, title="农村路灯"))
    assert ask(typed) == ["1"]


def test_an_unfinished_word_is_found(ask):
    ask.add(document(1, title="农村公路建设"))
    assert ask("农村公路建") == ["1"]


def test_suggestions_go_on_from_what_is_typed_and_only_shrink_with_it(ask):
    ask.add(
        document(1, title="农村公路建设"),
        document(2, title="2026年农村低保标准"),
        document(3, title="别的", body="农村公路建设"),
    )
    for typed in ("农", "农村", "农村公", "农村公路", "农村公路建"):
        assert ask.suggested(typed)[0] == "1"
    assert set(ask.suggested("农村")) == {"1", "2"}
    assert ask.suggested("农村公路") == ["1"]
    assert ask.suggested("公路") == ["1"]
    assert ask.suggested("农村公路建设x") == ask.suggested("") == ask.suggested("?") == []


@pytest.mark.parametrize("typed", ["d", "di", "dib", "diba", "dibao", "dibaoshen", "dbsq", "dbs"])
def test_suggestions_understand_unfinished_pinyin_and_initials(ask, typed):
    ask.add(document(1, title="低保申请"), document(2, title="农村公路"))
    assert ask.suggested(typed) == ["1"]


def test_nothing_hidden_is_suggested(ask):
    ask.add(
        document(1, tenant=5),
        document(2, tenant=6),
        document(3, tenant=9),
        document(4, tenant=5, expires_at=NOW),
        document(5, tenant=2, excluded=(3,)),
        document(6, tenant=5, kind="open_day"),
    )
    assert set(ask.suggested("农村低", 5)) == {"1", "6"}
    assert set(ask.suggested("低保", 5, kinds=frozenset({"publication"}))) == {"1"}
    assert ask.suggested("农村", 5, kinds=frozenset()) == []
    assert set(ask.suggested("nongcun", 2)) == {"1", "2", "5", "6"}
    assert len(ask.suggested("nc", 2, limit=2)) == 2


def test_all_of_the_question_in_the_title_comes_before_the_text(ask):
    ask.add(
        document(1, title="工作总结", body="低保申请 " * 30),
        document(2, title="办理低保申请的指南及有关事项的说明"),
    )
    assert ask("低保申请") == ["2", "1"]


def test_the_nearest_comes_first_of_more_than_are_looked_at(ask):
    same = {"title": "财务公开", "body": ""}
    far = [document(n, tenant=4, published_on=date(2026, 5, 1), **same) for n in range(120)]
    ask.add(*far, document(200, tenant=2, published_on=date(2020, 1, 1), **same))
    assert ask.page("财务公开", tenant=2).total == 121
    assert ask("财务公开", tenant=2)[0] == "200"


def test_the_nearest_comes_first(ask):
    ask.add(*(document(tenant, tenant=tenant) for tenant in range(1, 9)))
    assert ask("低保", 5) == ["5", "3", "2", "1"]
    from_the_county = ask("低保", 2)
    assert from_the_county[0] == "2"
    assert set(from_the_county[1:4]) == {"1", "3", "4"}
    assert ask("低保", 5, base=2, with_above=False)[:4] == ["5", "3", "2", "6"]


def test_the_newer_of_two_alike_comes_first(ask):
    ask.add(
        document(1, published_on=date(2024, 5, 1)),
        document(2, published_on=date(2026, 5, 1)),
        document(3, published_on=date(2025, 5, 1)),
    )
    assert ask("低保") == ["2", "3", "1"]


def test_repealed_documents_come_last(ask):
    ask.add(
        document(1, validity=DocumentValidity.REPEALED),
        document(2, validity=DocumentValidity.LAPSED),
        document(3, title="别的", body="提到低保"),
    )
    assert ask("低保")[0] == "3"
    assert set(ask("低保")) == {"1", "2", "3"}
    assert ask("低保", filters={Facet.VALIDITY: frozenset({"lapsed"})}) == ["2"]


def test_texts_of_attachments_are_found(ask):
    files = (AttachedText("补助标准.xlsx", "孤儿每月1200元"), AttachedText("说明.docx", "特困供养"))
    ask.add(document(1, attachments=files), document(2))
    assert ask("特困供养") == ["1"]
    assert ask("补助标准") == ["1"]


def test_words_can_be_asked_for_in_titles_alone(ask):
    ask.add(
        document(1, title="低保标准"),
        document(
            2, title="别的", body="低保标准", summary="低保标准", numbers=("低保发〔2024〕1号",)
        ),
    )
    assert ask("低保标准", titles_only=True) == ["1"]
    assert ask("低保发〔2024〕1号", titles_only=True) == []
    assert ask("dibao", titles_only=True) == ["1"]


def test_a_relaxed_question_puts_what_fits_best_first(ask):
    ask.add(
        document(1, title="社保卡补办"),
        document(2, title="社保卡"),
        document(3, title="公路"),
    )
    assert ask("社保卡 丢了 公路", variant=0) == []
    assert ask("社保卡 丢了 公路", variant=1)[0] == "1"


def test_long_rows_of_digits_are_not_findable(ask):
    ask.add(document(1, body="证件 11010519491231002X，手机 13800008974，热线 0999-5551016"))
    assert ask("13800008974") == []
    assert ask("110105194912310") == []
    assert ask("5551016") == ["1"]


def test_ids_and_versions_can_be_listed(ask):
    documents = [document(n) for n in range(25)]
    ask.add(*documents)
    ask.forget("publication-3")
    expected = {one.id: one.version for one in documents if one.pk != "3"}
    assert dict(ask.engine.versions()) == expected


def test_health_tells_how_much_there_is(ask):
    ask.add(document(1), document(2))
    health = ask.engine.health()
    assert (health.ok, health.documents) == (True, 2)


def test_a_rebuild_answers_only_once_published_and_an_aborted_one_never(ask):
    ask.add(document(1))
    first = ask.engine.begin_rebuild()
    first.upsert([document(2)])
    assert ask("低保") == ["1"]
    first.abort()
    assert ask("低保") == ["1"]
    second = ask.engine.begin_rebuild()
    second.upsert([document(3)])
    second.upsert([document(4)])
    second.publish()
    assert sorted(ask("低保")) == ["3", "4"]
    ask.add(document(5))
    assert sorted(ask("低保")) == ["3", "4", "5"]


def test_ensuring_twice_changes_nothing(ask):
    ask.add(document(1))
    assert ask.engine.ensure() is False
    assert ask("低保") == ["1"]
