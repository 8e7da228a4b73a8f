"""The published rule of calculation: what changes a result, what does not, what is not shown."""

from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.panels.domain.scoring import (
    OBJECTIVE,
    Criterion,
    ScoreRow,
    compute_panel,
    round_half_up,
)
from tests.panels.campaigns import CRITERIA, campaigns

ONE = (Criterion("open", 100, 10),)


def give(*points, subject="a", group="department", indicator="open"):
    return [
        ScoreRow(subject, group, f"p{who}", indicator, None if one is None else Decimal(one))
        for who, one in enumerate(points)
    ]


def only(rows, criteria=ONE, minimum=3):
    (result,) = compute_panel(rows, criteria, minimum).results
    return result


@given(campaigns, st.randoms(use_true_random=False))
def test_the_order_of_input_changes_nothing(campaign, rng):
    rows, minimum = campaign
    shuffled = list(rows)
    rng.shuffle(shuffled)
    assert compute_panel(shuffled, CRITERIA, minimum) == compute_panel(rows, CRITERIA, minimum)


@given(st.lists(st.integers(0, 10), min_size=6, max_size=20))
def test_a_trimmed_extreme_changes_nothing(points):
    """The best score of seven may be any higher one, the worst any lower one."""
    middle = sorted(points)[1:]
    assert only(give(*middle, min(points), max(points))).score == only(give(*middle, 0, 10)).score


def test_up_to_six_scores_nothing_is_trimmed():
    assert only(give(0, 6, 6, 6, 6, 6)).score == 50
    assert only(give(0, 6, 6, 6, 6, 6, 6)).score == 60


@given(campaigns)
def test_totals_lie_between_nothing_and_a_hundred_and_ranks_follow_them(campaign):
    results = compute_panel(campaign[0], CRITERIA, campaign[1]).results
    for result in results:
        assert 0 <= result.score <= 100
        peers = [one for one in results if one.group == result.group]
        assert result.rank == 1 + sum(one.score > result.score for one in peers)


@given(campaigns)
def test_below_the_minimum_there_is_nothing_and_it_bears_on_nothing(campaign):
    """Without the rows of those who are withheld the results are the same in every digit."""
    rows, minimum = campaign
    computed = compute_panel(rows, CRITERIA, minimum)
    withheld = set(computed.withheld)
    assert compute_panel(
        [r for r in rows if r.subject not in withheld], CRITERIA, minimum
    ) == replace(computed, withheld=())
    for result in computed.results:
        for indicator in result.indicators:
            given_ = [
                row
                for row in rows
                if (row.subject, row.indicator) == (result.subject, indicator.indicator)
                and row.points is not None
            ]
            enough = 1 if indicator.indicator == "counted" else minimum
            assert (indicator.mean is None) == (len(given_) < enough)
        assert result.answers >= minimum


@given(campaigns)
def test_points_below_the_minimum_may_be_any_and_the_result_stays(campaign):
    """Nothing of a result can tell points that are not enough to be shown, nor who gave them."""
    rows, minimum = campaign
    counts = defaultdict(int)
    for row in rows:
        counts[row.subject, row.indicator] += row.points is not None
    others = [
        replace(row, points=None)
        if row.scorer != OBJECTIVE and counts[row.subject, row.indicator] < minimum
        else row
        for row in rows
    ]
    one, other = compute_panel(rows, CRITERIA, minimum), compute_panel(others, CRITERIA, minimum)
    assert one.results == other.results


def test_a_missing_indicators_weight_is_shared_out_in_proportion():
    criteria = (Criterion("a", 50, 10), Criterion("b", 30, 10), Criterion("c", 20, 10))
    rows = [*give(8, 8, 8, indicator="a"), *give(4, None, None, indicator="b")]
    result = only([*rows, *give(1, 1, 1, indicator="c")], criteria)
    assert result.score == round_half_up(Fraction(100 * (50 * 8 + 20 * 1), 700), 2) == Decimal(60)
    assert result.missing == ["b"]


def test_who_saw_nothing_has_not_answered():
    assert compute_panel(give(9, 9, None, None, None), ONE, 3).withheld == ("a",)
    assert only(give(9, 9, 9, None, None)).answers == 3


def test_an_objective_value_alone_is_no_result_and_nobodys_answer():
    criteria = (Criterion("open", 60, 10), Criterion("counted", 40, 100, is_objective=True))
    counted = ScoreRow("a", "department", OBJECTIVE, "counted", Decimal(50))
    assert compute_panel([counted], criteria, 3).withheld == ("a",)
    result = only([counted, *give(10, 10, 10)], criteria)
    assert (result.score, result.answers) == (80, 3)


def test_equal_totals_share_a_rank_in_their_group_and_the_next_is_left_out():
    rows = [
        *give(9, 9, 9, subject="a"), *give(9, 9, 9, subject="b"), *give(5, 5, 5, subject="c"),
        *give(1, 1, 1, subject="d", group="township"),
    ]  # fmt: skip
    ranks = {one.subject: one.rank for one in compute_panel(rows, ONE, 3).results}
    assert ranks == {"a": 1, "b": 1, "c": 3, "d": 1}


@given(st.fractions(0, 1000), st.integers(0, 6))
def test_halves_are_rounded_up_exactly(number, places):
    half = Decimal(number.numerator) / Decimal(number.denominator)
    rounded = round_half_up(number, places)
    assert abs(Fraction(rounded) - number) <= Fraction(1, 2 * 10**places)
    if Fraction(half) == number:
        assert rounded == half.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert round_half_up(Fraction(12345, 1000), 2) == Decimal("12.35")


@pytest.mark.parametrize(
    ("rows", "minimum", "reason"),
    [
        (give(1, 1, 1), 2, "minimum"),
        (give(1, 1, 1, indicator="unknown"), 3, "indicator"),
        (give(11), 3, "points"),
        (give(-1), 3, "points"),
        ([*give(1), *give(2)], 3, "twice"),
        ([ScoreRow("a", "department", OBJECTIVE, "open", Decimal(1))], 3, "scorer"),
    ],
)
def test_rows_that_cannot_be_are_refused(rows, minimum, reason):
    with pytest.raises(ValueError, match=reason):
        compute_panel(rows, ONE, minimum)
