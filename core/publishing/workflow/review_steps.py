"""The steps of a review as a place sets them (pure): who passes in turn, and by what.

三审三校: up to three steps, each taken by a person with an account or by the scan of a form that a
leader signed on paper. At a village the supervision committee's step (村务监督委员会审核) may stand
among them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_STEPS = 3
LONGEST_NAME = 20


class TakenBy(StrEnum):
    """What a step takes: a person's account, a scanned signed form, or either of them."""

    ACCOUNT = "account"
    FORM = "form"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """One step; `name` is empty where the place gave none."""

    name: str = ""
    taken_by: TakenBy = TakenBy.ACCOUNT
    is_committee: bool = False

    @property
    def takes_account(self) -> bool:
        return self.taken_by != TakenBy.FORM

    @property
    def takes_form(self) -> bool:
        return self.taken_by != TakenBy.ACCOUNT


COMMITTEE = ReviewStep("村务监督委员会审核", TakenBy.EITHER, is_committee=True)


class PlanFault(StrEnum):
    """Why steps are no plan."""

    NONE = "none"
    TOO_MANY = "too_many"
    NO_ACCOUNT = "no_account"
    NO_NAME = "no_name"


def find_plan_fault(steps: Sequence[ReviewStep]) -> PlanFault | None:
    """Say what is wrong with a plan, if anything.

    Forms alone are no review: whoever writes could publish with scans of their own, so one step
    is always another person's.
    """
    own = [step for step in steps if not step.is_committee]
    if not own:
        return PlanFault.NONE
    if len(own) > MOST_STEPS:
        return PlanFault.TOO_MANY
    if not all(step.name for step in own):
        return PlanFault.NO_NAME
    return None if any(step.takes_account for step in own) else PlanFault.NO_ACCOUNT


def read_steps(profile: Mapping[str, Any]) -> tuple[ReviewStep, ...]:
    """Read the steps that a place has set; none where it has set nothing that is a plan."""
    stored = profile.get("review_plan")
    if isinstance(stored, list):
        steps = tuple(_read(stored))
        return () if find_plan_fault(steps) else steps
    number = profile.get("review_steps")
    if isinstance(number, int) and 1 <= number <= MOST_STEPS:
        return (ReviewStep(),) * number
    return ()


def _read(stored: Iterable[Any]) -> Iterator[ReviewStep]:
    for entry in stored:
        if not isinstance(entry, Mapping):
            continue
        yield ReviewStep(
            name=str(entry.get("name") or "")[:LONGEST_NAME],
            taken_by=to_taken_by(str(entry.get("taken_by"))),
            is_committee=bool(entry.get("is_committee")),
        )


def to_taken_by(word: str) -> TakenBy:
    """Return the way that a word names; of any other the safest, an account."""
    return TakenBy(word) if word in [*TakenBy] else TakenBy.ACCOUNT


def to_stored(steps: Iterable[ReviewStep]) -> list[dict[str, Any]]:
    """Return steps as a profile holds them."""
    return [
        {"name": step.name, "taken_by": step.taken_by.value, "is_committee": step.is_committee}
        for step in steps
    ]


def steps_at(steps: Iterable[ReviewStep], level: str) -> tuple[ReviewStep, ...]:
    """Return the steps that hold at a level: the committee's is a village's alone."""
    return tuple(step for step in steps if level == "village" or not step.is_committee)
