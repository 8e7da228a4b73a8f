"""Pure rules of publications: their life, what each state demands, index numbers, dates."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a publication stands in its life."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Move(StrEnum):
    """What can happen to a publication; nothing else changes its state."""

    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


MOVES: dict[Move, dict[State, State]] = {
    Move.SUBMIT: {State.DRAFT: State.IN_REVIEW, State.RETURNED: State.IN_REVIEW},
    Move.TAKE_BACK: {State.IN_REVIEW: State.DRAFT},
    Move.RETURN: {State.IN_REVIEW: State.RETURNED},
    Move.APPROVE: {State.IN_REVIEW: State.APPROVED},
    Move.PUBLISH: {State.APPROVED: State.PUBLISHED},
    Move.WITHDRAW: {State.PUBLISHED: State.WITHDRAWN, State.EXPIRED: State.WITHDRAWN},
    Move.EXPIRE: {State.PUBLISHED: State.EXPIRED},
}

# A published text stays up while its correction goes the same way; `None` is no correction.
CORRECTION_MOVES: dict[Move, dict[State, State | None]] = {
    Move.SUBMIT: {State.DRAFT: State.IN_REVIEW, State.RETURNED: State.IN_REVIEW},
    Move.TAKE_BACK: {State.IN_REVIEW: State.DRAFT},
    Move.RETURN: {State.IN_REVIEW: State.RETURNED},
    Move.PUBLISH: {State.IN_REVIEW: None},
}

# Whose present text is what the public sees (an expired one shows its frame only).
LIVE = frozenset({State.PUBLISHED, State.EXPIRED})
EDITABLE = frozenset({State.DRAFT, State.RETURNED})


class IllegalMoveError(ValueError):
    """A move that the present state does not allow."""


def after(state: State, move: Move) -> State:
    """The state that a move leads to; raises `IllegalMoveError`."""
    try:
        return MOVES[move][state]
    except KeyError as error:
        raise IllegalMoveError(f"{move} from {state}") from error


def correction_after(state: State | None, move: Move) -> State | None:
    """The state of a correction after a move; raises `IllegalMoveError`."""
    moves = CORRECTION_MOVES.get(move, {})
    if state is None or state not in moves:
        raise IllegalMoveError(f"{move} of a correction from {state}")
    return moves[state]


def state_pairs() -> frozenset[tuple[State, State]]:
    """Every change of state that is ever allowed."""
    return frozenset(pair for moves in MOVES.values() for pair in moves.items())


def correction_pairs() -> frozenset[tuple[State | None, State | None]]:
    """Every change of a correction's state; it is opened as a draft and can be given up."""
    moved = {pair for moves in CORRECTION_MOVES.values() for pair in moves.items()}
    given_up = {(state, None) for state in EDITABLE}
    return frozenset(moved | given_up | {(None, State.DRAFT)})


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
MOST_STEPS = 3


def missing_for_review(content: Mapping[str, Any]) -> list[str]:
    """Names of what a publication still lacks before a person may hand it in.

    The catalog of 条例 article 12 lists index, name, summary and date of formation of each; the
    index number is given when it is published.
    """
    return [name for name, present in _demanded(content) if not present]


def _demanded(content: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    yield "title", bool(content["title"].strip())
    yield "item_id", bool(content["item_id"] or content["no_item_reason"])
    yield "organ_id", content["organ_id"] is not None
    yield "body", bool(content["body_source"].strip() or content["files"])
    yield "formed_on", content["formed_on"] is not None


def is_set_back(before: datetime | None, wanted: datetime | None, created: datetime) -> bool:
    """Whether a date of publication would lie before what the record shows.

    检查指标 (国办秘函〔2019〕19号) counts forged dates as a veto; setting one back needs a note.
    """
    return wanted is not None and wanted < (before or created)


def last_day_of_publicity(published_on: date, days: int | None) -> date | None:
    """The last day (公示期) on which a list about persons is shown; the first counts as one."""
    return published_on + timedelta(days=days - 1) if days else None


def publicity_is_over(until: date | None, today: date) -> bool:
    """Whether the publicity period has ended; without a period the text stays (长期公开)."""
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
    """A row of index numbers: everything but the serial, which stands between the two parts."""

    head: str
    digits: int
    tail: str

    @property
    def key(self) -> str:
        """What tells this row of numbers from every other."""
        return f"{self.head}{{seq:{self.digits}}}{self.tail}"

    def number(self, serial: int) -> str:
        """The index number with this serial."""
        return f"{self.head}{serial:0{self.digits}}{self.tail}"


def pattern_is_valid(pattern: str) -> bool:
    """Whether a pattern has known tokens and exactly one serial: {area}{dept}/{year}-{seq:5}."""
    tokens = _TOKEN.findall(pattern)
    serials = [token for token in tokens if _SERIAL.fullmatch(token)]
    known = all(token in TOKENS or _SERIAL.fullmatch(token) for token in tokens)
    stray = set("{}") & set(_TOKEN.sub("", pattern))
    return known and len(serials) == 1 and not stray and len(pattern) <= LONGEST_PATTERN


def serial_of(pattern: str, values: Mapping[str, str]) -> Serial | None:
    """Fill a valid pattern; `None` where a value that it asks for is not known."""
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
