from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.answering.relaxation import (
    RelaxingSearch,
    SearchOutcome,
    any_part,
    any_word,
    find_partial_matches,
)
from core.search.engines.base import Hit, SearchPage
from core.search.query.lexicon import merge_word_lists, national_lexicon
from core.search.query.planner import MAX_GROUPS, TermForm, plan_query


def first_ask(typed):
    return plan_query(typed).variants[0]


def asked(ask):
    return [group.terms[0].text for group in ask.required]


def test_any_word_will_do_and_any_word_within_a_word():
    part = any_part(first_ask("草原补贴 公示"))
    assert part.minimum == 1
    assert asked(part) == ["草原补贴", "草原", "补贴"]
    assert [group.terms[0].text for group in part.groups if group.optional] == ["公示"]


@pytest.mark.parametrize("typed", ["低保", "水", "dbsq", "望政办发〔2026〕14号"])
def test_a_variant_without_parts_has_no_looser_one(typed):
    assert any_part(first_ask(typed)) is None


def test_a_number_is_one_part_among_others():
    part = any_part(first_ask("望政办发〔2026〕14号 低保"))
    assert part.minimum == 1
    assert {group.terms[0].form for group in part.required} == {TermForm.NUMBER, TermForm.TEXT}


@given(st.text(alphabet="低保申请危房改造公示怎么的村里路灯14号", min_size=1, max_size=30))
def test_any_part_is_looser_than_the_variant_and_has_all_its_groups(typed):
    for ask in plan_query(typed).variants:
        part = any_part(ask)
        if part is None:
            continue
        assert part.minimum == 1 <= len(part.required)
        assert len(part.groups) <= MAX_GROUPS
        assert {group.terms for group in ask.required} <= {group.terms for group in part.required}


def test_partial_matches_leave_out_known_hits():
    ask = first_ask("草原补贴")
    found = SearchOutcome(ask, SearchPage((Hit("a", 1.0),), 1))
    page = SearchPage(tuple(Hit(name, 1.0) for name in "bacd"), 4)
    behind = find_partial_matches(lambda _ask: page, found, 2)
    assert [hit.id for hit in behind.page.hits] == ["b", "c"]
    assert find_partial_matches(lambda _ask: page, found, 0) is None
    assert (
        find_partial_matches(lambda _ask: page, replace(found, variant=first_ask("低保")), 5)
        is None
    )


def test_where_nothing_was_found_any_word_however_short_will_do():
    ask = plan_query("桥冲断", merge_word_lists([])).variants[0]
    asked_for = []

    def put(ask):
        asked_for.append(asked(ask))
        return SearchPage((), 0)

    assert find_partial_matches(put, SearchOutcome(ask, SearchPage((), 0)), 10) is None
    [words] = asked_for
    assert set(words) == {"桥", "冲断"}


@pytest.mark.parametrize(("typed", "words"), [("滑雪场", ["滑雪"]), ("场", None), ("3号文", None)])
def test_a_final_lone_character_is_no_word_by_itself(typed, words):
    looser = any_word(plan_query(typed, merge_word_lists([])).variants[0])
    assert words == (asked(looser) if looser else None)


def test_a_word_with_these_initials_goes_before_titles_that_have_them_by_chance():
    """zzbt: 种植补贴 before 中国政府办通知, whose characters begin with these letters."""
    totals = {"zzbt": 5, "种植补贴": 2}

    def execute(variant):
        return SearchPage((), totals.get(variant.raw_query, 0))

    search = RelaxingSearch(execute, national_lexicon(), lambda: frozenset({"种植补贴"}))
    outcome = search.find("zzbt")
    assert (outcome.corrected, outcome.page.total) == ("种植补贴", 2)
