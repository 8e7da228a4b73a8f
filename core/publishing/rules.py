"""Rules of publications (pure): states and transitions, requirements, index numbers, dates."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any


class PublicationState(StrEnum):
    """The state of a publication."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Move(StrEnum):
    """A transition of a publication; nothing else changes its state."""

    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    EXPIRE = "expire"


MOVES: dict[Move, dict[PublicationState, PublicationState]] = {
    Move.SUBMIT: {
        PublicationState.DRAFT: PublicationState.IN_REVIEW,
        PublicationState.RETURNED: PublicationState.IN_REVIEW,
    },
    Move.TAKE_BACK: {PublicationState.IN_REVIEW: PublicationState.DRAFT},
    Move.RETURN: {PublicationState.IN_REVIEW: PublicationState.RETURNED},
    Move.APPROVE: {PublicationState.IN_REVIEW: PublicationState.APPROVED},
    Move.PUBLISH: {PublicationState.APPROVED: PublicationState.PUBLISHED},
    Move.WITHDRAW: {
        PublicationState.PUBLISHED: PublicationState.WITHDRAWN,
        PublicationState.EXPIRED: PublicationState.WITHDRAWN,
    },
    Move.RESTORE: {PublicationState.WITHDRAWN: PublicationState.PUBLISHED},
    Move.EXPIRE: {PublicationState.PUBLISHED: PublicationState.EXPIRED},
}


class RequestKind(StrEnum):
    """What one person asks for and another decides: to take a text down, or to put it back."""

    WITHDRAW = "withdraw"
    RESTORE = "restore"


class RequestOutcome(StrEnum):
    """How a request ended."""

    APPROVED = "approved"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class TakedownOutcome(StrEnum):
    """What a second person decided about an emergency takedown."""

    CONFIRMED = "confirmed"
    RESTORED = "restored"


# Why a text was taken down, as its page says. A title may be what had to go: it is said only
# where the ground shows that it was harmless.
WITHDRAWAL_GROUNDS = ("privacy", "not_public", "mistake", "duplicate", "outdated", "other")
WITHOUT_TITLE = frozenset({"privacy", "not_public", "other"})

# A published text stays up while its correction goes the same way; `None` is no correction.
CORRECTION_MOVES: dict[Move, dict[PublicationState, PublicationState | None]] = {
    Move.SUBMIT: {
        PublicationState.DRAFT: PublicationState.IN_REVIEW,
        PublicationState.RETURNED: PublicationState.IN_REVIEW,
    },
    Move.TAKE_BACK: {PublicationState.IN_REVIEW: PublicationState.DRAFT},
    Move.RETURN: {PublicationState.IN_REVIEW: PublicationState.RETURNED},
    Move.PUBLISH: {PublicationState.IN_REVIEW: None},
}

# Whose present text is what the public sees (an expired one shows its frame only).
LIVE = frozenset({PublicationState.PUBLISHED, PublicationState.EXPIRED})


def is_shown(state: str, published_at: datetime | None, now: datetime) -> bool:
    """Return whether the public sees a publication: live, and its day has come."""
    return state in LIVE and published_at is not None and published_at <= now


EDITABLE = frozenset({PublicationState.DRAFT, PublicationState.RETURNED})


class IllegalMoveError(ValueError):
    """A transition that the present state does not allow."""


def after(state: PublicationState, move: Move) -> PublicationState:
    """Return the state after a transition; raises `IllegalMoveError`."""
    try:
        return MOVES[move][state]
    except KeyError as error:
        raise IllegalMoveError(f"{move} from {state}") from error


def correction_after(state: PublicationState | None, move: Move) -> PublicationState | None:
    """Return the state of a correction after a transition; raises `IllegalMoveError`."""
    moves = CORRECTION_MOVES.get(move, {})
    if state is None or state not in moves:
        raise IllegalMoveError(f"{move} of a correction from {state}")
    return moves[state]


def state_pairs() -> frozenset[tuple[PublicationState, PublicationState]]:
    """Return every permitted change of state."""
    return frozenset(pair for moves in MOVES.values() for pair in moves.items())


def correction_pairs() -> frozenset[tuple[PublicationState | None, PublicationState | None]]:
    """Return every permitted change of a correction's state, opening and giving up included."""
    moved = {pair for moves in CORRECTION_MOVES.values() for pair in moves.items()}
    given_up = {(state, None) for state in EDITABLE}
    return frozenset(moved | given_up | {(None, PublicationState.DRAFT)})


# 有效性 of a document: in force, run out, repealed.
VALIDITIES = ("effective", "lapsed", "repealed")
VALIDITY_WORDS = {
    "": "effective",
    "有效": "effective",
    "现行有效": "effective",
    "失效": "lapsed",
    "已失效": "lapsed",
    "废止": "repealed",
    "已废止": "repealed",
} | {validity: validity for validity in VALIDITIES}

# What a reviewer confirms: secrecy and privacy, law, wording and facts, standard catalog.
CHECKS = ("secrecy", "law", "wording", "standard")


def missing_for_review(content: Mapping[str, Any]) -> list[str]:
    """List the fields still missing before a person may submit a publication.

    The catalog of 条例 article 12 lists index, name, summary and date of formation of each; the
    index number is given when it is published.
    """
    return [name for name, present in _demanded(content) if not present]


def _demanded(content: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    yield "title", bool(content["title"].strip())
    yield "item_id", bool(content["item_id"] or content["no_item_reason"])
    yield "organ_id", content["organ_id"] is not None
    yield (
        "body",
        bool(content["body_source"].strip() or content["files"] or content.get("list_data")),
    )
    yield "formed_on", content["formed_on"] is not None


def is_set_back(before: datetime | None, wanted: datetime | None, created: datetime) -> bool:
    """Return whether a publication date would lie before the recorded one.

    检查指标 (国办秘函〔2019〕19号) counts forged dates as a veto; setting one back needs a note.
    """
    return wanted is not None and wanted < (before or created)


def list_set_back(before: Mapping[str, date | None], after: Mapping[str, date | None]) -> list[str]:
    """List the days that lie earlier than they did: each needs a note that stays in the history.

    A period that gets an end where it had none ends earlier; a day that is left out does not.
    """
    return [
        name
        for name, day in after.items()
        if day is not None and _is_earlier(name, before[name], day)
    ]


def _is_earlier(name: str, before: date | None, after: date) -> bool:
    return name == "publicity_until" if before is None else after < before


# How the days of a publicity period are counted.
CALENDAR_DAYS, WORKING_DAYS = "calendar", "working"
DAY_KINDS = (CALENDAR_DAYS, WORKING_DAYS)


def last_day_of_publicity(published_on: date, days: int | None) -> date | None:
    """Return the last day (公示期) of a list about persons; the first day counts as one."""
    return published_on + timedelta(days=days - 1) if days else None


def publicity_is_over(until: date | None, today: date) -> bool:
    """Return whether the publicity period has ended; without one the text stays (长期公开)."""
    return until is not None and until < today


TOKENS = ("area", "dept", "uscc", "code", "year", "month")
_TOKEN = re.compile(r"\{([^{}]*)\}")
_SERIAL = re.compile(r"seq:([1-9])")
# The county's area code with the organ's own code; without one, the place's whole code.
DEFAULT_PATTERN = "{area}{dept}/{year}-{seq:5}"
PLAIN_PATTERN = "{code}/{year}-{seq:5}"
LONGEST_PATTERN = 60


@dataclass(frozen=True, slots=True)
class Serial:
    """A series of index numbers: the parts before and after the serial."""

    head: str
    digits: int
    tail: str

    @property
    def key(self) -> str:
        """Key that identifies the series."""
        return f"{self.head}{{seq:{self.digits}}}{self.tail}"

    def number(self, serial: int) -> str:
        """Format the index number with this serial."""
        return f"{self.head}{serial:0{self.digits}}{self.tail}"


def pattern_is_valid(pattern: str) -> bool:
    """Return whether a pattern has known tokens and one serial: {area}{dept}/{year}-{seq:5}."""
    tokens = _TOKEN.findall(pattern)
    serials = [token for token in tokens if _SERIAL.fullmatch(token)]
    known = all(token in TOKENS or _SERIAL.fullmatch(token) for token in tokens)
    stray = set("{}") & set(_TOKEN.sub("", pattern))
    return known and len(serials) == 1 and not stray and len(pattern) <= LONGEST_PATTERN


def build_serial(pattern: str, values: Mapping[str, str]) -> Serial | None:
    """Fill a valid pattern; `None` if a value that it needs is unknown."""
    parts = _TOKEN.split(pattern)
    filled = list(parts)
    place = 0
    for index in range(1, len(parts), 2):
        if _SERIAL.fullmatch(parts[index]):
            place = index
        elif values.get(parts[index]):
            filled[index] = values[parts[index]]
        else:
            return None
    digits = int(parts[place].removeprefix("seq:"))
    return Serial("".join(filled[:place]), digits, "".join(filled[place + 1 :]))
