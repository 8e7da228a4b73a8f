"""A decision and its results (两公开): how a pair stands, and what looks like a result (pure)."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: Days before the term from which a result is called due.
SOON = timedelta(days=7)
#: Proposed for the result of a decision, where nobody has said a day.
USUAL_TERM = timedelta(days=90)
# 决议公开 of the four discussions (四议两公开); 实施结果公开 ends what it began.
_RESOLUTION = re.compile(r"(?<!解)决议(?!.{0,6}(实施|落实|执行)(情况|结果))")
_RESULT = re.compile(r"(实施|落实|执行|办理|完成)(情况|结果)|结果(公开|公示|公布)")
_NUMBER = re.compile(r"[〔\[(（](\d{4})[〕\])）]\s*第?(\d+)号")
_STOP = re.compile(r"关于|决议|公开|公示|公布|情况|结果|实施|落实|的|村民|会议|\d+年|[0-9]+|[\W_]+")


class PairState(StrEnum):
    """How a decision stands with its results."""

    WAITING = "waiting"
    DUE = "due"  # within a week
    LATE = "late"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class StageResult:
    """A result that is public since a day; the final one ends the waiting."""

    on: date
    is_final: bool


def find_done_day(results: Iterable[StageResult]) -> date | None:
    """Return the day on which a final result became public; stages alone end nothing."""
    return min((each.on for each in results if each.is_final), default=None)


def find_pair_state(due_on: date, results: Collection[StageResult], day: date) -> PairState:
    """Return how a decision stands on a day; the last day of the term is not late yet."""
    done = find_done_day(results)
    if done is not None and done <= day:
        return PairState.DONE
    if due_on < day:
        return PairState.LATE
    return PairState.DUE if due_on - day <= SOON else PairState.WAITING


def is_on_time(due_on: date, results: Collection[StageResult]) -> bool:
    """Return whether a final result was public by the last day of the term."""
    done = find_done_day(results)
    return done is not None and done <= due_on


def looks_like_decision(title: str) -> bool:
    """Return whether a title is that of a resolution, and not of what came of it."""
    return bool(_RESOLUTION.search(title)) and not _RESULT.search(title)


@dataclass(frozen=True, slots=True)
class Comparable:
    """What a decision and a possible result are compared by."""

    id: int
    title: str
    item_id: str | None
    document_number: str | None
    published_on: date | None


def rank_results(decision: Comparable, others: Sequence[Comparable], most: int) -> list[int]:
    """Return the ids of what is likely a result of a decision, the likeliest first.

    Its number in the title counts most, then words in common, then the item; what was published
    before the decision is no result of it.
    """
    scored = [(_score(decision, other), other) for other in others if _may_follow(decision, other)]
    likely = [(score, other.id) for score, other in scored if score >= _LEAST]
    return [number for _score_, number in sorted(likely, key=lambda pair: (-pair[0], pair[1]))][
        :most
    ]


_LEAST = 3


def _may_follow(decision: Comparable, other: Comparable) -> bool:
    if other.id == decision.id or looks_like_decision(other.title):
        return False
    if decision.published_on is None or other.published_on is None:
        return True
    return other.published_on >= decision.published_on


def _score(decision: Comparable, other: Comparable) -> int:
    numbers = set(_NUMBER.findall(f"{decision.title} {decision.document_number or ''}"))
    named = numbers & set(_NUMBER.findall(other.title))
    shared = _pairs(decision.title) & _pairs(other.title)
    same_item = decision.item_id is not None and decision.item_id == other.item_id
    return (
        10 * bool(named)
        + min(len(shared), 8)
        + 2 * same_item
        + 2 * bool(_RESULT.search(other.title))
    )


def _pairs(title: str) -> set[str]:
    """Return the pairs of characters of what a title is about."""
    return {part[n : n + 2] for part in _STOP.split(title) for n in range(len(part or "") - 1)}
