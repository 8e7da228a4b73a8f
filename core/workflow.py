"""A small state machine: which transition leads from which state to which, and who refuses it.

The table is data, so that a test can look at all of it and a database constraint can be made from
it. A workflow changes nothing: it answers with the next state and with the entry of the history;
the caller stores both. Standard library only.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T", bound=StrEnum)

#: Looks at the subject and says why it may not pass now, in the reader's language; else `None`.
Guard = Callable[[Any], str | None]


class TransitionError(ValueError):
    """A transition that the present state does not have, or that its guard refuses.

    `reason` is what the guard says to people, empty where the state has no such transition.
    """

    def __init__(self, state: object, transition: str, reason: str = "") -> None:
        super().__init__(reason or f"{transition} from {state}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class HistoryEntry(Generic[S, T]):
    """One transition that was made: what an audit table holds."""

    transition: T
    before: S
    after: S
    at: datetime
    actor_id: int | None = None
    actor_name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Workflow(Generic[S, T]):
    """The life of one kind of thing.

    `table` maps a transition to the states that it starts from and those that it leads to. Guards
    and labels are optional; a label may be a lazily translated string.
    """

    table: Mapping[T, Mapping[S, S]]
    guards: Mapping[T, Guard] = field(default_factory=dict)
    state_labels: Mapping[S, Any] = field(default_factory=dict)
    transition_labels: Mapping[T, Any] = field(default_factory=dict)

    def next_state(self, state: S, transition: T, subject: object = None) -> S:
        """Return the state that a transition leads to; raises `TransitionError`."""
        targets = self.table.get(transition, {})
        if state not in targets:
            raise TransitionError(state, transition)
        if reason := self.find_refusal(transition, subject):
            raise TransitionError(state, transition, reason)
        return targets[state]

    def find_refusal(self, transition: T, subject: object) -> str | None:
        """Ask the guard of a transition why the subject may not pass; `None` if it may."""
        guard = self.guards.get(transition)
        return guard(subject) if guard else None

    def can(self, state: S, transition: T, subject: object = None) -> bool:
        """Tell whether a transition is possible now."""
        return state in self.table.get(transition, {}) and not self.find_refusal(
            transition, subject
        )

    def list_transitions(self, state: S, subject: object = None) -> Iterator[tuple[T, str]]:
        """List what is possible from a state, in the order of the table, with its words."""
        for transition in self.table:
            if self.can(state, transition, subject):
                yield transition, str(self.transition_labels.get(transition, transition))

    def label(self, state: S) -> str:
        """Return a state's word for people."""
        return str(self.state_labels.get(state, state))

    def pairs(self) -> frozenset[tuple[S, S]]:
        """Return every change of state that is ever allowed."""
        return frozenset(pair for targets in self.table.values() for pair in targets.items())

    def final_states(self) -> frozenset[S]:
        """Return the states that nothing leads out of."""
        pairs = self.pairs()
        return frozenset(after for _, after in pairs) - frozenset(before for before, _ in pairs)

    def enter(  # noqa: PLR0913 - the columns of a history
        self,
        state: S,
        transition: T,
        *,
        at: datetime,
        actor_id: int | None = None,
        actor_name: str = "",
        note: str = "",
        subject: object = None,
    ) -> HistoryEntry[S, T]:
        """Make a transition: the entry for the history, with the new state as `after`.

        Raises `TransitionError`.
        """
        after = self.next_state(state, transition, subject)
        return HistoryEntry(transition, state, after, at, actor_id, actor_name, note)
