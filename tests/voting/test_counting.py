"""Rates of a vote: what is counted, what is weighed, and what is never shown."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.voting.domain.counting import (
    CountFault,
    GradeScale,
    SheetCount,
    Voice,
    VoteChannel,
    VoteRules,
    are_weights_whole,
    count_grades,
    find_count_fault,
    rate_subjects,
    share_out,
)

ASPECTS = ("truth", "timely", "easy")
SUBJECTS = ("民政局", "石桥镇")
SCALE = GradeScale(("satisfied", "mostly"), ("dissatisfied",), ("dont_know",))

grades = st.dictionaries(st.sampled_from(ASPECTS), st.sampled_from(SCALE.grades))
voices = st.lists(
    st.builds(Voice, st.sampled_from(SUBJECTS), st.sampled_from(VoteChannel), grades), max_size=80
)
minimums = st.integers(0, 6)


@st.composite
def weight_plans(draw):
    """Weights of one to three channels, which make a hundred; some may be nothing."""
    channels = draw(st.lists(st.sampled_from(VoteChannel), min_size=1, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=len(channels) - 1,
                                max_size=len(channels) - 1)))  # fmt: skip
    edges = [0, *cuts, 100]
    return {each: edges[n + 1] - edges[n] for n, each in enumerate(channels)}


def rate(heard, weights, minimum):
    """The rates of both subjects."""
    return rate_subjects(count_grades(heard), SUBJECTS, VoteRules(ASPECTS, weights, minimum, SCALE))


def count_good(cell):
    """The grades of a cell that are good."""
    return sum(cell.get(grade, 0) for grade in SCALE.good)


@given(voices, weight_plans(), minimums, st.randoms(use_true_random=False))
def test_the_order_of_voices_changes_nothing(heard, weights, minimum, chance):
    mixed = list(heard)
    chance.shuffle(mixed)
    assert rate(mixed, weights, minimum) == rate(heard, weights, minimum)


@given(voices, weight_plans(), minimums)
def test_who_does_not_know_changes_no_rate(heard, weights, minimum):
    unknowing = [
        Voice(subject, channel, dict.fromkeys(ASPECTS, "dont_know"))
        for subject in SUBJECTS
        for channel in VoteChannel
    ]
    before, after = rate(heard, weights, minimum), rate(heard + unknowing * 9, weights, minimum)
    assert [each.rate for each in before] == [each.rate for each in after]
    assert [each.withheld for each in before] == [each.withheld for each in after]


@given(voices, weight_plans(), minimums)
def test_nothing_that_is_shown_depends_on_a_withheld_cell(heard, weights, minimum):
    """Drop the grades of cells that are too small: no figure changes, so none gives them away."""
    results = rate(heard, weights, minimum)
    shown = {
        (each.subject, aspect.aspect, channel)
        for each in results
        for aspect in each.aspects
        for channel in aspect.counts
    }
    kept = [
        Voice(
            voice.subject,
            voice.channel,
            {
                aspect: grade
                for aspect, grade in voice.grades.items()
                if (voice.subject, aspect, voice.channel) in shown
            },
        )
        for voice in heard
    ]
    assert rate(kept, weights, minimum) == results
    for each in results:
        for aspect in each.aspects:
            assert all(
                SCALE.count_rated(cell) >= max(minimum, 3) for cell in aspect.counts.values()
            )


@given(voices, weight_plans(), minimums)
def test_every_rate_follows_from_the_counts_that_are_shown(heard, weights, minimum):
    for subject in rate(heard, weights, minimum):
        exact = []
        for aspect in subject.aspects:
            parts = [
                (weights[channel], Fraction(count_good(cell), SCALE.count_rated(cell)))
                for channel, cell in aspect.counts.items()
            ]
            whole = sum(weight for weight, _share in parts)
            if whole:
                exact.append(sum(weight * share for weight, share in parts) / whole)
                assert min(share for _w, share in parts) <= exact[-1]
                assert exact[-1] <= max(share for _w, share in parts)
                assert sum(aspect.weights.values()) == 1
            else:
                assert aspect.rate is None
        if not exact:
            assert subject.rate is None
            continue
        mean = sum(exact) / len(exact) * 100
        rounded = (Decimal(mean.numerator) / Decimal(mean.denominator)).quantize(
            Decimal("0.01"), ROUND_HALF_UP
        )
        assert subject.rate == rounded


@given(voices, weight_plans(), minimums)
def test_counts_are_those_of_the_voices(heard, weights, minimum):
    counted = Counter(
        (voice.subject, aspect, voice.channel, grade in SCALE.good)
        for voice in heard
        for aspect, grade in voice.grades.items()
        if grade != "dont_know"
    )
    for subject in rate(heard, weights, minimum):
        for aspect in subject.aspects:
            for channel, cell in aspect.counts.items():
                key = (subject.subject, aspect.aspect, channel)
                assert count_good(cell) == counted[*key, True]
                assert cell.get("dissatisfied", 0) == counted[*key, False]


@given(voices, weight_plans(), minimums)
def test_a_better_grade_never_lowers_a_rate(heard, weights, minimum):
    better = [
        Voice(each.subject, each.channel, {
            aspect: "mostly" if grade == "dissatisfied" else grade
            for aspect, grade in each.grades.items()
        })
        for each in heard
    ]  # fmt: skip
    for before, after in zip(
        rate(heard, weights, minimum), rate(better, weights, minimum), strict=True
    ):
        assert before.rate is None or after.rate >= before.rate


@given(weight_plans(), st.sets(st.sampled_from(VoteChannel)))
def test_the_weight_of_a_channel_without_answers_goes_to_the_others(weights, shown):
    held = share_out(weights, shown)
    weighing = {channel for channel in shown if weights.get(channel)}
    assert set(held) == weighing
    assume(weighing)
    assert sum(held.values()) == 1
    for one in weighing:
        for other in weighing:
            assert held[one] * weights[other] == held[other] * weights[one]


def test_a_channel_that_weighs_nothing_is_shown_and_decides_nothing():
    web = [Voice("民政局", VoteChannel.WEB, {"truth": "dissatisfied"})] * 5
    meeting = [Voice("民政局", VoteChannel.MEETING, {"truth": "satisfied"})] * 5
    weights = {VoteChannel.MEETING: 100, VoteChannel.WEB: 0}
    both, alone = rate(web + meeting, weights, 5)[0], rate(web, weights, 5)[0]
    assert (both.rate, both.channel_rate(VoteChannel.WEB)) == (Decimal(100), Decimal(0))
    assert (alone.rate, alone.withheld) == (None, False)


@pytest.mark.parametrize(
    ("weights", "whole"),
    [
        ({}, False),
        ({VoteChannel.MEETING: 110, VoteChannel.WEB: -10}, False),
        ({VoteChannel.MEETING: 80, VoteChannel.WEB: 10}, False),
        ({VoteChannel.MEETING: 90, VoteChannel.WEB: 10}, True),
        ({VoteChannel.MEETING: 100, VoteChannel.WEB: 0}, True),
        ({VoteChannel.PAPER: 100}, True),
    ],
)
def test_weights_are_stated_whole(weights, whole):
    assert are_weights_whole(weights) is whole


@given(grades)
def test_a_row_is_keyed_in_as_it_is_written(given_grades):
    signs = [1 + SCALE.grades.index(given_grades[a]) if a in given_grades else 0 for a in ASPECTS]
    assert SCALE.read_digits(" ".join(map(str, signs)), ASPECTS) == given_grades


@given(st.text(alphabet="0123456789一 x", max_size=6))
def test_what_is_no_row_is_refused(typed):
    read = SCALE.read_digits(typed, ASPECTS)
    digits = "".join(typed.split())
    if digits and (len(digits) != len(ASPECTS) or set(digits) - set("01234")):
        assert read is None
    else:
        assert len(read) == len(digits.replace("0", ""))


@pytest.mark.parametrize(
    ("counted", "keyed", "void", "fault"),
    [
        (SheetCount(50, 51, 0), 51, 0, CountFault.MORE_COLLECTED),
        (SheetCount(50, 10, 11), 10, 11, CountFault.MORE_VOID),
        (SheetCount(50, 48, 2), 47, 2, CountFault.KEYED),
        (SheetCount(50, 48, 2), 48, 1, CountFault.KEYED_VOID),
        (SheetCount(50, 48, 2), 48, 2, None),
    ],
)
def test_paper_is_counted_by_hand_and_as_keyed_in_alike(counted, keyed, void, fault):
    assert find_count_fault(counted, keyed, void) is fault
