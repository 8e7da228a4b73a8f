"""The life of a campaign, and what its dates make of it when phases end early or late."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sdk import TransitionError, Workflow

from ...domain.phases import (
    ASSIGNMENT_TRANSITIONS,
    CAMPAIGN_TRANSITIONS,
    REPLY_TRANSITIONS,
    VERIFICATION_DAYS,
    AssignmentState,
    AssignmentTransition,
    CampaignState,
    CampaignTransition,
    PhaseDates,
    ReplyState,
    ReplyTransition,
    end_of_phase,
    end_of_verification,
    find_date_faults,
    find_due,
    may_end,
    move_on,
    plan_dates,
)

CAMPAIGNS = Workflow(CAMPAIGN_TRANSITIONS)
ASSIGNMENTS = Workflow(ASSIGNMENT_TRANSITIONS)
REPLIES = Workflow(REPLY_TRANSITIONS)
MONDAY = date(2026, 3, 2)
ENDINGS = {
    CampaignTransition.OPEN_SCORING: "self_until",
    CampaignTransition.CLOSE_SCORING: "scoring_until",
    CampaignTransition.OPEN_REPLY: "verify_until",
}


def weekdays_after(day: date, count: int) -> date:
    """Count Monday to Friday; the calendar of the kit has its own tests."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


PLAN = plan_dates(MONDAY, weekdays_after)
gaps = st.lists(st.integers(1, 40), min_size=5, max_size=5)


@st.composite
def dates(draw):
    day, found = MONDAY, []
    for gap in draw(gaps):
        day += timedelta(days=gap)
        found.append(day)
    return PhaseDates(*found)


def test_a_campaign_goes_through_all_phases_in_one_order_only():
    state = CampaignState.DRAFT
    for transition in list(CampaignTransition)[:5]:
        assert [each for each, _label in CAMPAIGNS.list_transitions(state)] == [
            transition, CampaignTransition.CANCEL,
        ]  # fmt: skip
        state = CAMPAIGNS.next_state(state, transition)
    assert state == CampaignState.PUBLISHED
    assert CAMPAIGNS.final_states() == {CampaignState.PUBLISHED, CampaignState.CANCELLED}


def test_scores_are_submitted_once_and_not_after_declining():
    submitted = ASSIGNMENTS.next_state(AssignmentState.ASSIGNED, AssignmentTransition.SUBMIT)
    for state in (submitted, AssignmentState.DECLINED, AssignmentState.SWAPPED):
        assert not list(ASSIGNMENTS.list_transitions(state))


def test_a_reply_can_be_improved_until_it_is_accepted():
    state = ReplyState.NONE
    for transition in (ReplyTransition.SUBMIT, ReplyTransition.SUBMIT, ReplyTransition.RETURN,
                       ReplyTransition.SUBMIT, ReplyTransition.ACCEPT):  # fmt: skip
        state = REPLIES.next_state(state, transition)
    with pytest.raises(TransitionError):
        REPLIES.next_state(state, ReplyTransition.SUBMIT)


def test_the_plan_has_three_working_days_for_the_facts():
    assert PLAN.scoring_until == date(2026, 4, 6)
    assert PLAN.verify_until == date(2026, 4, 9)
    assert not list(find_date_faults(PLAN))


@given(dates())
def test_a_date_that_does_not_follow_is_named(planned):
    assert not list(find_date_faults(planned))
    swapped = PhaseDates(**dict(planned.in_order()) | {"reply_until": planned.verify_until})
    assert list(find_date_faults(swapped)) == ["reply_until"]


@given(dates(), st.sampled_from(list(ENDINGS)), st.integers(-60, 60))
def test_a_phase_that_begins_late_keeps_its_length(planned, transition, late):
    ended = max(MONDAY, getattr(planned, ENDINGS[transition]) + timedelta(days=late))
    moved = move_on(planned, transition, ended, weekdays_after)
    assert getattr(moved, ENDINGS[transition]) == ended
    named = dict(moved.in_order())
    following = list(named)[list(named).index(ENDINGS[transition]) :]
    assert all(named[one] <= named[other] for one, other in pairwise(following))
    if transition is CampaignTransition.CLOSE_SCORING:
        assert moved.verify_until == end_of_verification(ended, weekdays_after)
    elif late > 0:
        assert moved.reply_until - planned.reply_until == timedelta(days=late)
    assert moved.publish_on - moved.reply_until == planned.publish_on - planned.reply_until
    assert moved.reply_until >= planned.reply_until


@given(st.integers(0, 400))
def test_verification_always_has_three_working_days(offset):
    ended = MONDAY + timedelta(days=offset)
    end = end_of_verification(ended, weekdays_after)
    between = [ended + timedelta(days=n) for n in range(1, (end - ended).days + 1)]
    assert sum(day.weekday() < 5 for day in between) == VERIFICATION_DAYS


@pytest.mark.parametrize(
    ("state", "transition"),
    [
        (CampaignState.SELF_ASSESSMENT, CampaignTransition.OPEN_SCORING),
        (CampaignState.SCORING, CampaignTransition.CLOSE_SCORING),
        (CampaignState.VERIFICATION, CampaignTransition.OPEN_REPLY),
    ],
)
def test_a_phase_is_over_on_the_day_after_its_last(state, transition):
    last = end_of_phase(state, PLAN)
    assert find_due(state, PLAN, last) is None
    assert find_due(state, PLAN, last + timedelta(days=1)) is transition


@pytest.mark.parametrize("state", ["draft", "reply", "published", "cancelled"])
def test_no_date_starts_or_publishes_a_campaign(state):
    assert find_due(CampaignState(state), PLAN, date(2199, 1, 1)) is None


def test_a_phase_ends_early_only_where_nothing_is_awaited_and_no_right_is_cut_short():
    early = MONDAY
    for state in (CampaignState.SELF_ASSESSMENT, CampaignState.SCORING):
        assert may_end(state, PLAN, early, awaited=0)
        assert not may_end(state, PLAN, early, awaited=1)
    for state in (CampaignState.VERIFICATION, CampaignState.REPLY):
        assert not may_end(state, PLAN, end_of_phase(state, PLAN), awaited=0)
        assert may_end(state, PLAN, end_of_phase(state, PLAN) + timedelta(days=1), awaited=9)
