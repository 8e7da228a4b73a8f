"""The life of a comparison: agreeing, open until a day, explained by a coded reason, gone."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from .facts import ComparedFact, FactValue, RowDifference
from .kinds import FactDirection, PairKind


class SyncState(StrEnum):
    """How two sides stand to each other."""

    AGREES = "agrees"
    OPEN = "open"
    EXPLAINED = "explained"
    UNCLEAR = "unclear"
    GONE = "gone"


#: Legitimate differences, each with the day on which it came to be.
SYNC_REASONS = (
    "card_returned",
    "death",
    "households_persons",
    "contractor_grower",
    "rounding",
    "stages",
    "after_check",
    "registered_resident",
    "kept_by_collective",
    "batches",
)


def judge(facts: Iterable[ComparedFact], rows: Sequence[RowDifference] = ()) -> SyncState:
    """Return what a comparison shows by itself: open where anything differs.

    Where both sides have no fact in common nothing is known, and nothing is claimed. Rows may
    differ where all sums agree: one household too many and another too few.
    """
    verdicts = [fact.agrees for fact in facts if fact.agrees is not None]
    if not verdicts:
        return SyncState.UNCLEAR
    return SyncState.AGREES if all(verdicts) and not rows else SyncState.OPEN


def get_next_state(before: SyncState | None, verdict: SyncState, *, unchanged: bool) -> SyncState:
    """Return the state after both sides were compared again; doing it twice changes nothing.

    An explanation holds for the values that it explained, and for no others.
    """
    if verdict is SyncState.OPEN and before is SyncState.EXPLAINED and unchanged:
        return SyncState.EXPLAINED
    return verdict


def is_public(state: SyncState, due_on: date | None, day: date) -> bool:
    """Return whether everybody sees how two sides stand: what is open only after its term."""
    if state is SyncState.OPEN:
        return due_on is not None and day > due_on
    return state in {SyncState.AGREES, SyncState.EXPLAINED}


def is_village_to_answer(kind: PairKind, facts: Iterable[ComparedFact]) -> bool:
    """Return whether the village has to correct: only what comes down to it differs.

    Of figures the government's organ has to say which is right.
    """
    directions = {fact.key: fact.direction for fact in kind.facts}
    differing = [directions.get(fact.key) for fact in facts if fact.agrees is False]
    return bool(differing) and all(each is FactDirection.DOWN for each in differing)


def digest_comparison(facts: Iterable[ComparedFact], rows: Iterable[RowDifference]) -> str:
    """Return a digest of what two sides say: what an explanation is bound to."""
    said = [(fact.key, _say(fact.village), _say(fact.government), fact.agrees) for fact in facts]
    differing = [(row.name, row.village, row.government, row.facts) for row in rows]
    return hashlib.sha256(repr((said, differing)).encode()).hexdigest()


def _say(value: FactValue | None) -> str:
    return repr(value)
