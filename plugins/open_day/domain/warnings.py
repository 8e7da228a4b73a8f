"""Pure rules that warn of settings which an organiser probably did not mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .questions import FormQuestion


class ConfigIssue(StrEnum):
    """What an organiser probably did not mean."""

    NO_SLOT = "no_slot"
    NO_CONSENT = "no_consent"
    CLOSES_AFTER_START = "closes_after_start"
    OPENS_AFTER_START = "opens_after_start"
    WAITING_WITHOUT_LIMIT = "waiting_without_limit"
    OFFER_LONGER_THAN_TIME_LEFT = "offer_longer_than_time_left"
    ALL_RESERVED = "all_reserved"
    QUOTA_ABOVE_CAPACITY = "quota_above_capacity"
    QUOTAS_BELOW_CAPACITY = "quotas_below_capacity"
    PARTY_ABOVE_CAPACITY = "party_above_capacity"
    ONLY_INVITED_CATEGORIES = "only_invited_categories"
    CONDITION_UNKNOWN = "condition_unknown"
    CHOICE_WITHOUT_CHOICES = "choice_without_choices"
    NO_CLOSE_IN_LOTTERY = "no_close_in_lottery"


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """What the warnings look at in a slot; `quotas` are the seats of all categories, or none."""

    name: str
    starts_at: datetime
    capacity: int
    reserved: int
    waiting_on: bool
    waiting_limit: int | None
    quotas: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EventSettings:
    """What the warnings look at in a day."""

    mode: str
    opens_at: datetime | None
    closes_at: datetime | None
    max_party: int
    offer_hours: int | None
    has_consent: bool
    slots: tuple[SessionSettings, ...]
    open_categories: tuple[bool, ...] = ()
    questions: tuple[FormQuestion, ...] = ()


def list_issues(plan: EventSettings) -> list[tuple[ConfigIssue, str]]:
    """Probable mistakes of a day's settings, each with the slot or field that it is about."""
    found = [(issue, "") for issue in _day_warnings(plan)]
    for slot in plan.slots:
        found += [(issue, slot.name) for issue in _slot_warnings(plan, slot)]
    return found + _question_warnings(plan.questions)


def _day_warnings(plan: EventSettings) -> Iterable[ConfigIssue]:
    if not plan.slots:
        yield ConfigIssue.NO_SLOT
    if plan.mode == "none":
        return
    if not plan.has_consent:
        yield ConfigIssue.NO_CONSENT
    if plan.open_categories and not any(plan.open_categories) and plan.mode != "invitation":
        yield ConfigIssue.ONLY_INVITED_CATEGORIES
    if plan.mode == "lottery" and plan.closes_at is None:
        yield ConfigIssue.NO_CLOSE_IN_LOTTERY


def _slot_warnings(plan: EventSettings, slot: SessionSettings) -> Iterable[ConfigIssue]:
    if plan.mode == "none":
        return
    if plan.closes_at and plan.closes_at > slot.starts_at:
        yield ConfigIssue.CLOSES_AFTER_START
    if plan.opens_at and plan.opens_at >= slot.starts_at:
        yield ConfigIssue.OPENS_AFTER_START
    yield from _waiting_warnings(plan, slot)
    yield from _seat_warnings(plan, slot)


def _waiting_warnings(plan: EventSettings, slot: SessionSettings) -> Iterable[ConfigIssue]:
    if not slot.waiting_on:
        return
    if slot.waiting_limit is None:
        yield ConfigIssue.WAITING_WITHOUT_LIMIT
    if plan.offer_hours and plan.closes_at:
        left = slot.starts_at - plan.closes_at
        if timedelta(hours=plan.offer_hours) > left:
            yield ConfigIssue.OFFER_LONGER_THAN_TIME_LEFT


def _seat_warnings(plan: EventSettings, slot: SessionSettings) -> Iterable[ConfigIssue]:
    open_seats = slot.capacity - slot.reserved
    if plan.mode != "invitation" and open_seats <= 0:
        yield ConfigIssue.ALL_RESERVED
    elif plan.mode != "invitation" and plan.max_party > open_seats:
        yield ConfigIssue.PARTY_ABOVE_CAPACITY
    if any(seats > slot.capacity for seats in slot.quotas):
        yield ConfigIssue.QUOTA_ABOVE_CAPACITY
    if slot.quotas and sum(slot.quotas) < slot.capacity:
        yield ConfigIssue.QUOTAS_BELOW_CAPACITY


def _question_warnings(questions: Sequence[FormQuestion]) -> list[tuple[ConfigIssue, str]]:
    found = []
    earlier: set[str] = set()
    for question in questions:
        if question.condition_key and question.condition_key not in earlier:
            found.append((ConfigIssue.CONDITION_UNKNOWN, question.key))
        if question.kind == "choice" and not question.choices:
            found.append((ConfigIssue.CHOICE_WITHOUT_CHOICES, question.key))
        earlier.add(question.key)
    return found
