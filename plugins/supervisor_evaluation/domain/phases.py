"""The life of a campaign: its phases, their dates, and what the dates make due."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

# Subjects have three working days in which they check the facts behind the scores.
VERIFICATION_DAYS = 3
LEAST_MINIMUM, USUAL_MINIMUM = 3, 5

WorkingDays = Callable[[date, int], date]


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    SELF_ASSESSMENT = "self_assessment"
    SCORING = "scoring"
    VERIFICATION = "verification"
    REPLY = "reply"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class CampaignTransition(StrEnum):
    """What can happen to a campaign; nothing else changes its state."""

    START = "start"
    OPEN_SCORING = "open_scoring"
    CLOSE_SCORING = "close_scoring"
    OPEN_REPLY = "open_reply"
    PUBLISH = "publish"
    CANCEL = "cancel"


_RUNNING = (
    CampaignState.SELF_ASSESSMENT,
    CampaignState.SCORING,
    CampaignState.VERIFICATION,
    CampaignState.REPLY,
)
CAMPAIGN_TRANSITIONS: Mapping[CampaignTransition, Mapping[CampaignState, CampaignState]] = {
    CampaignTransition.START: {CampaignState.DRAFT: CampaignState.SELF_ASSESSMENT},
    CampaignTransition.OPEN_SCORING: {CampaignState.SELF_ASSESSMENT: CampaignState.SCORING},
    CampaignTransition.CLOSE_SCORING: {CampaignState.SCORING: CampaignState.VERIFICATION},
    CampaignTransition.OPEN_REPLY: {CampaignState.VERIFICATION: CampaignState.REPLY},
    CampaignTransition.PUBLISH: {CampaignState.REPLY: CampaignState.PUBLISHED},
    CampaignTransition.CANCEL: dict.fromkeys(
        (CampaignState.DRAFT, *_RUNNING), CampaignState.CANCELLED
    ),
}
# Which date says when a phase ends that this transition ends.
ENDED_BY = {
    CampaignTransition.OPEN_SCORING: "self_until",
    CampaignTransition.CLOSE_SCORING: "scoring_until",
    CampaignTransition.OPEN_REPLY: "verify_until",
}
RUNNING = frozenset(_RUNNING)
# What the public sees of a campaign: that it runs, and what came of it.
PUBLIC_STATES = frozenset({*_RUNNING, CampaignState.PUBLISHED})
# What a subject's people see of their own: also a draft's dates are nobody's yet.
FACTS_SHOWN = frozenset({CampaignState.VERIFICATION, CampaignState.REPLY, CampaignState.PUBLISHED})


class AssignmentState(StrEnum):
    """Where one supervisor's work on one subject stands."""

    ASSIGNED = "assigned"
    DECLINED = "declined"
    SWAPPED = "swapped"
    SUBMITTED = "submitted"


class AssignmentTransition(StrEnum):
    """What can happen to an assignment; scores are submitted once."""

    DECLINE = "decline"
    SWAP = "swap"
    SUBMIT = "submit"


ASSIGNMENT_TRANSITIONS: Mapping[AssignmentTransition, Mapping[AssignmentState, AssignmentState]] = {
    AssignmentTransition.DECLINE: {AssignmentState.ASSIGNED: AssignmentState.DECLINED},
    AssignmentTransition.SWAP: {AssignmentState.ASSIGNED: AssignmentState.SWAPPED},
    AssignmentTransition.SUBMIT: {AssignmentState.ASSIGNED: AssignmentState.SUBMITTED},
}


class ReplyState(StrEnum):
    """Where a subject's reply to its results stands."""

    NONE = "none"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class ReplyTransition(StrEnum):
    """What can happen to a reply: it is looked through before it is published."""

    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"


REPLY_TRANSITIONS: Mapping[ReplyTransition, Mapping[ReplyState, ReplyState]] = {
    ReplyTransition.SUBMIT: {
        ReplyState.NONE: ReplyState.SUBMITTED,
        ReplyState.SUBMITTED: ReplyState.SUBMITTED,
        ReplyState.RETURNED: ReplyState.SUBMITTED,
    },
    ReplyTransition.RETURN: {ReplyState.SUBMITTED: ReplyState.RETURNED},
    ReplyTransition.ACCEPT: {ReplyState.SUBMITTED: ReplyState.ACCEPTED},
}

# Values for the checks of the database.
CAMPAIGN_STATES = tuple(state.value for state in CampaignState)
ASSIGNMENT_STATES = tuple(state.value for state in AssignmentState)
REPLY_STATES = tuple(state.value for state in ReplyState)
ASSIGNMENT_KINDS = ("regular", "spot_check", "mystery_visit")
GROUPS = ("department", "township")
LEVELS = ("grades", "grades_and_scores")


@dataclass(frozen=True, slots=True)
class PhaseDates:
    """The last day of each phase, and the day for which publication is announced."""

    self_until: date
    scoring_until: date
    verify_until: date
    reply_until: date
    publish_on: date

    def in_order(self) -> Iterator[tuple[str, date]]:
        """Yield the dates with their names, as the phases follow each other."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)


def find_date_faults(dates: PhaseDates) -> Iterator[str]:
    """Yield the names of the dates that do not lie after the one before them."""
    named = list(dates.in_order())
    for (_before, earlier), (name, later) in pairwise(named):
        if later <= earlier:
            yield name


def end_of_verification(scoring_ended_on: date, add_working_days: WorkingDays) -> date:
    """Return the last of the three working days that follow the day on which scoring ended."""
    return add_working_days(scoring_ended_on, VERIFICATION_DAYS)


def move_on(
    dates: PhaseDates, transition: CampaignTransition, ended_on: date, add_working_days: WorkingDays
) -> PhaseDates:
    """Return the dates as they are once a phase has ended on a day, early, on time or late.

    What begins late keeps its length: the dates that follow move by as many days. Verification
    has its three working days whenever scoring ends.
    """
    ending = ENDED_BY.get(transition)
    if ending is None:
        return dates
    moved = _push(dates, ending, ended_on)
    if transition is CampaignTransition.CLOSE_SCORING:
        moved = _push(moved, "verify_until", end_of_verification(ended_on, add_working_days))
    return moved


def _push(dates: PhaseDates, name: str, day: date) -> PhaseDates:
    """Set one date, and move those that follow by as much as it is later than it was."""
    names = [name for name, _day in dates.in_order()]
    late = max(timedelta(0), day - getattr(dates, name))
    later = {each: getattr(dates, each) + late for each in names[names.index(name) + 1 :]}
    return replace(dates, **{name: day}, **later)


def may_end(state: CampaignState, dates: PhaseDates, today: date, awaited: int) -> bool:
    """Tell whether the present phase may be ended today.

    After its last day always. Before, only where nothing is awaited any more, and never in the
    phases that are a right of the subjects: verification and reply.
    """
    last_day = end_of_phase(state, dates)
    if last_day is None or today > last_day:
        return True
    return state in {CampaignState.SELF_ASSESSMENT, CampaignState.SCORING} and not awaited


def find_due(state: CampaignState, dates: PhaseDates, today: date) -> CampaignTransition | None:
    """Return the transition that a date has made due; publication is always a person's act."""
    last_day = end_of_phase(state, dates)
    if last_day is None or today <= last_day:
        return None
    return next((each for each in ENDED_BY if state in CAMPAIGN_TRANSITIONS[each]), None)


def end_of_phase(state: CampaignState, dates: PhaseDates) -> date | None:
    """Return the last day of the present phase; `None` where no phase runs."""
    return {
        CampaignState.SELF_ASSESSMENT: dates.self_until,
        CampaignState.SCORING: dates.scoring_until,
        CampaignState.VERIFICATION: dates.verify_until,
        CampaignState.REPLY: dates.reply_until,
    }.get(state)


def plan_dates(start: date, add_working_days: WorkingDays) -> PhaseDates:
    """Propose dates for a campaign that starts on a day: ten, fifteen, three, five working days."""
    self_until = add_working_days(start, 10)
    scoring_until = add_working_days(self_until, 15)
    verify_until = end_of_verification(scoring_until, add_working_days)
    reply_until = add_working_days(verify_until, 5)
    return PhaseDates(
        self_until, scoring_until, verify_until, reply_until, add_working_days(reply_until, 1)
    )
