"""Terms of objections to a publicity list: until when, who receives them, where else to turn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

#: Working days until the answer, where neither list nor place says anything (N23: five days).
DEFAULT_ANSWER_DAYS = 5
MOST_ANSWER_DAYS = 60
LONGEST = {"office": 100, "phone": 50, "address": 200, "hours": 200}


@dataclass(frozen=True, slots=True)
class ObjectionTerms:
    """What a level says of objections; what is empty is said by the level above."""

    office: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""
    answer_days: int | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def fold_terms(levels: Iterable[ObjectionTerms]) -> ObjectionTerms:
    """Fold what the levels say, the nearest first.

    Who receives, the telephone, the address and the hours belong together: they are of one level,
    the first that names any of them. The days of the answer are the first that are said.
    """
    said = list(levels)
    contact = next((each for each in said if replace(each, answer_days=None)), ObjectionTerms())
    days = next((each.answer_days for each in said if each.answer_days), DEFAULT_ANSWER_DAYS)
    return replace(contact, answer_days=days)


def read_terms(stored: Any) -> ObjectionTerms:
    """Load what a place has stored; anything else says nothing."""
    if not isinstance(stored, Mapping):
        return ObjectionTerms()
    texts = {name: str(stored.get(name) or "")[:most] for name, most in LONGEST.items()}
    days = stored.get("answer_days")
    is_count = isinstance(days, int) and 1 <= days <= MOST_ANSWER_DAYS
    return ObjectionTerms(**texts, answer_days=days if is_count else None)


class ObjectionWindow(StrEnum):
    """Whether objections to a list are taken now."""

    NONE = "none"  # not public, or without a publicity period
    OPEN = "open"
    OVER = "over"


def find_window(*, is_live: bool, until: date | None, day: date) -> ObjectionWindow:
    """Return whether objections are taken on a day: on each of the period, the last included."""
    if not is_live or until is None:
        return ObjectionWindow.NONE
    return ObjectionWindow.OPEN if day <= until else ObjectionWindow.OVER


class OtherWay(StrEnum):
    """Where else one can turn, also after the period."""

    TOWNSHIP = "township"  # of a village: the township must look into it (村民委员会组织法)
    PETITION = "petition"  # 信访
    DISCIPLINE = "discipline"  # 12388
    RECONSIDERATION = "reconsideration"  # 行政复议


#: A village, its committee and its collective are no administrative organs: nothing they decide
#: can be reconsidered (行政复议法).
ADMINISTRATIVE = frozenset({"government", "department", "vertical"})


def list_other_ways(*, is_village: bool, organ_kind: str | None) -> list[OtherWay]:
    """List the other ways that belong to what an organ of this kind has published."""
    ways = [OtherWay.TOWNSHIP] if is_village else []
    ways += [OtherWay.PETITION, OtherWay.DISCIPLINE]
    if not is_village and organ_kind in ADMINISTRATIVE | {None}:
        ways.append(OtherWay.RECONSIDERATION)
    return ways
