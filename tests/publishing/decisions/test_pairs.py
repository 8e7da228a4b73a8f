"""How a decision stands with its results, and what looks like one (N20, N23)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.publishing.decisions.domain.pairs import (
    SOON,
    Comparable,
    PairState,
    StageResult,
    find_pair_state,
    is_on_time,
    looks_like_decision,
    rank_results,
)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
RESULTS = st.lists(st.builds(StageResult, DAYS, st.booleans()), max_size=4)


@given(DAYS, RESULTS, DAYS)
def test_only_a_final_result_ends_the_waiting(due_on, results, day):
    """N20: stages are shown; the decision is carried out with the last of them."""
    state = find_pair_state(due_on, results, day)
    finished = any(each.is_final and each.on <= day for each in results)
    assert (state is PairState.DONE) == finished
    if not finished:
        assert (state is PairState.LATE) == (day > due_on)
        assert (state is PairState.DUE) == (due_on - SOON <= day <= due_on)


@given(DAYS, RESULTS, st.integers(1, 900))
def test_more_time_makes_nothing_later(due_on, results, days):
    later = due_on + timedelta(days)
    assert is_on_time(later, results) or not is_on_time(due_on, results)


@pytest.mark.parametrize(
    ("title", "is_decision"),
    [
        ("柳湾村村民代表会议关于硬化二组道路的决议", True),
        ("决议公开：文化广场维修", True),
        ("关于硬化二组道路的决议实施结果公开", False),
        ("村民会议决议落实情况", False),
        ("2026年第三季度财务公开", False),
        ("关于解决议案的通知", False),
        ("", False),
    ],
)
def test_resolutions_are_known_by_their_titles(title, is_decision):
    assert looks_like_decision(title) == is_decision


def text(number, title, item_id=None, on=date(2026, 5, 1)):
    return Comparable(number, title, item_id, None, on)


DECISION = Comparable(
    1, "柳湾村村民代表会议关于硬化二组道路的决议〔2026〕3号", "CN-cunwu-001", None, date(2026, 4, 1)
)


def test_number_words_and_item_are_what_results_are_known_by():
    """N20: the likeliest first; nothing of another matter, nothing older than the decision."""
    others = [
        text(2, "2026年第二季度财务公开"),
        text(3, "二组道路硬化工程竣工验收"),
        text(4, "村民代表会议决议〔2026〕3号实施结果"),
        text(5, "硬化二组道路开工公告", on=date(2026, 3, 1)),
        text(6, "关于文化广场维修的实施结果", "CN-cunwu-002"),
        text(7, "村民代表会议关于硬化三组道路的决议"),
        DECISION,
    ]
    assert rank_results(DECISION, others, 5) == [4, 3]
    assert rank_results(DECISION, others, 1) == [4]


@given(st.lists(st.text(max_size=30), max_size=8), st.integers(0, 5))
def test_whatever_titles_there_are_is_ranked(titles, most):
    found = rank_results(DECISION, [text(n + 2, title) for n, title in enumerate(titles)], most)
    assert len(found) <= most
    assert len(set(found)) == len(found)
