"""Anybody gets the published figures from the published sheet, and nobody a name."""

from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.panels.domain.marks import ScoreMark, find_marks
from core.panels.domain.scoring import OBJECTIVE, ScoreRow, compute_panel
from core.panels.domain.sheet import build_sheet
from tests.panels.campaigns import CRITERIA, campaigns, to_campaign


def recompute(lines, scale):
    """Calculate as a stranger does, from lines of (group, subject, indicator, points) alone."""
    given_ = defaultdict(lambda: defaultdict(list))
    for group, subject, indicator, points in lines:
        given_[group, subject][indicator].append(Fraction(points))
    scores = {}
    for key, theirs in given_.items():
        kept = {i: sorted(p)[1:-1] if len(p) >= 7 else p for i, p in theirs.items()}
        means = {i: half_up(sum(p) / len(p), 4) for i, p in kept.items()}
        parts = sum(scale[i].weight * mean / scale[i].most for i, mean in means.items())
        scores[key] = half_up(100 * parts / sum(scale[i].weight for i in means), 2)
    return {
        k: (s, 1 + sum(o > s for j, o in scores.items() if j[0] == k[0])) for k, s in scores.items()
    }


def half_up(number, places):
    return Fraction(int(number * 10**places + Fraction(1, 2)), 10**places)


@pytest.mark.parametrize("block", range(5))
def test_the_ranking_of_500_campaigns_from_their_sheets_alone(block):
    scale = {criterion.key: criterion for criterion in CRITERIA}
    ranked = 0
    for seed in range(100 * block, 100 * block + 100):
        rows, minimum = to_campaign(seed)
        sheet = build_sheet(rows, CRITERIA, minimum, str(seed), {})
        published = compute_panel(rows, CRITERIA, minimum).results
        found = recompute([(r.group, r.subject, r.indicator, r.points) for r in sheet], scale)
        assert found == {(r.group, r.subject): (r.score, r.rank) for r in published}
        assert (
            compute_panel([row.to_score() for row in sheet], CRITERIA, minimum).results == published
        )
        ranked += len(published)
    assert ranked > 100


@given(campaigns, st.randoms(use_true_random=False))
def test_the_order_of_input_changes_nothing(campaign, rng):
    rows, minimum = campaign
    shuffled = list(rows)
    rng.shuffle(shuffled)
    assert build_sheet(shuffled, CRITERIA, minimum, "x", {}) == build_sheet(
        rows, CRITERIA, minimum, "x", {}
    )


@given(campaigns)
def test_who_gave_the_scores_bears_on_nothing_in_the_sheet(campaign):
    """Other people with the same points give the same sheet: no seed leads back to a person."""
    rows, minimum = campaign
    others = [
        row
        if row.scorer == OBJECTIVE
        else replace(row, scorer=f"{row.subject}:{row.scorer[::-1]}!")
        for row in rows
    ]
    assert build_sheet(others, CRITERIA, minimum, "x", {}) == build_sheet(
        rows, CRITERIA, minimum, "x", {}
    )


@given(campaigns)
def test_below_the_minimum_no_point_is_in_the_sheet(campaign):
    rows, minimum = campaign
    sheet = build_sheet(rows, CRITERIA, minimum, "x", {})
    counts = Counter((row.subject, row.indicator) for row in sheet if row.scorer != OBJECTIVE)
    assert all(count >= minimum for count in counts.values())
    shown = {result.subject for result in compute_panel(rows, CRITERIA, minimum).results}
    assert {row.subject for row in sheet} == shown


@given(campaigns, st.data())
def test_one_more_answer_below_the_minimum_makes_no_difference_between_two_sheets(campaign, data):
    rows, minimum = campaign
    one = data.draw(st.sampled_from(rows)) if rows else None
    if one is None or one.scorer == OBJECTIVE:
        return
    rest = [row for row in rows if (row.subject, row.indicator) != (one.subject, one.indicator)]
    few = [replace(one, scorer=f"f{n}", points=Decimal(1)) for n in range(minimum - 1)]
    for count in range(minimum):
        assert build_sheet([*rest, *few[:count]], CRITERIA, minimum, "x", {}) == build_sheet(
            rest, CRITERIA, minimum, "x", {}
        )


def test_numbers_of_one_subject_say_nothing_of_the_next():
    """Twelve people score two subjects in their own way; their numbers are drawn apart."""
    rows = [
        ScoreRow(subject, "township", f"p{who}", "open", Decimal(who) / 2)
        for subject in ("a", "b") for who in range(12)
    ]  # fmt: skip
    sheet = build_sheet(rows, CRITERIA, 3, "seed", {})
    by_number = {
        subject: [row.points for row in sheet if row.subject == subject] for subject in ("a", "b")
    }
    assert sorted(by_number["a"]) == sorted(by_number["b"])
    assert by_number["a"] != by_number["b"]
    assert by_number["a"] != sorted(by_number["a"])


def test_a_changed_score_says_so_and_stands_as_it_was_decided():
    rows = [ScoreRow("a", "township", f"p{who}", "open", Decimal(who)) for who in range(3)]
    sheet = build_sheet(rows, CRITERIA, 3, "seed", {("a", "p1", "open"): "4 → 1"})
    assert [(row.points, row.note) for row in sheet if row.note] == [(1, "4 → 1")]


def test_outliers_and_straight_lines_are_marked_and_stay():
    keys = [criterion for criterion in CRITERIA if criterion.is_for("department")][:4]
    rows = [
        ScoreRow("a", "department", f"p{who}", criterion.key, Decimal(criterion.most) * share)
        for who, shares in enumerate([("0.8", "0.7", "0.9", "0.8")] * 5 + [("0.1",) * 4])
        for criterion, share in zip(keys, map(Decimal, shares), strict=True)
    ]
    marks = find_marks(rows, CRITERIA)
    assert set(marks) == {("p5", criterion.key) for criterion in keys}
    assert set(marks["p5", "open"]) == {ScoreMark.OUTLIER, ScoreMark.STRAIGHT}
    sheet = build_sheet(rows, CRITERIA, 3, "seed", {})
    assert sum(ScoreMark.OUTLIER in row.marks for row in sheet) == 4
    assert len(sheet) == len(rows)
