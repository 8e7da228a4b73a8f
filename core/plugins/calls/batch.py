"""Make the calls of a page one after the other in one plugin thread, while the caller waits."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pluggy import HookImpl
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.clock import end_of_day
from core.db.scope import Scope
from core.log.logger import get_logger
from core.plugins.calls.result_kinds import ResultKind
from core.plugins.sandbox.connections import Abandoned
from core.plugins.sandbox.execution import Execution
from core.plugins.sandbox.metering import Allowance, TickClock
from core.plugins.sandbox.request_snapshot import RequestSnapshot, to_attached, to_detached
from core.validity.answers import Validity, attached_validity
from core.web.request import close_sessions, open_request_session

WRITING = frozenset({"daily", "demo", "erase"})

log = get_logger("gongkai.plugins")


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One hook of one plugin at one tenant; with a scope, it gets a session of its own."""

    plugin: str
    hook: str
    implementation: HookImpl
    result_kind: ResultKind
    scope: Scope | None
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """The validated result of a call, or its error; wall-clock and chargeable seconds.

    A late call goes on in its `execution`. `validity` is what the plugin said of its answer.
    """

    call: Call
    result: tuple[Any, ...] = ()
    error: BaseException | None = None
    took: float = 0.0
    spent: float = 0.0
    execution: Execution | None = None
    validity: Validity | None = None


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """Allowance of each call; what all together may use up (seconds), and until when."""

    call: Allowance
    own: float
    until: float

    def after(self, outcomes: Sequence[CallOutcome]) -> "BatchLimits":
        """Return what is left after these calls."""
        return replace(self, own=self.own - sum(outcome.spent for outcome in outcomes))


class CallBatch:
    """Calls that one thread makes one after the other, while another waits."""

    def __init__(
        self, calls: Sequence[Call], snapshot: RequestSnapshot, limits: BatchLimits
    ) -> None:
        self._calls = calls
        self._snapshot = snapshot
        self._limits = limits
        self._arguments = [
            {name: to_detached(value) for name, value in call.arguments.items()} for call in calls
        ]
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._execution: Execution | None = None
        self._is_over = False
        self._is_committing = False
        self.outcomes: list[CallOutcome] = []

    def wait(self) -> CallOutcome | None:
        """Wait for the outcomes; return that of a late call, whose thread must be abandoned."""
        clock = TickClock(self._limits.call.tick)
        while not clock.wait(self._done):
            with self._lock:
                if self._is_over or self._is_committing:
                    continue
                if self._execution is None:
                    self._is_over = time.monotonic() >= self._limits.until
                    if self._is_over:  # the machine is too busy to start a thread
                        return None
                elif (timeout := self._execution.find_timeout(clock)) is not None:
                    return self._abandon(self._execution, timeout)
        return None

    def work(self) -> None:
        """Make the calls; whatever happens, the waiting thread is told."""
        try:
            with self._snapshot.activate():
                for call, arguments in zip(self._calls, self._arguments, strict=True):
                    execution = self._begin()
                    if execution is None:
                        log.warning("no time left for plugins on this page", next=call.plugin)
                        break
                    self._make(call, arguments, execution)
        except Abandoned:
            return
        finally:
            with self._lock:
                self._is_over = True
            self._done.set()

    def _abandon(self, execution: Execution, timeout: TimeoutError) -> CallOutcome:
        """End the batch with a late call; the lock is held."""
        self._is_over = True
        execution.connections.abandon()
        call = self._calls[len(self.outcomes)]
        outcome = CallOutcome(
            call,
            error=timeout,
            took=execution.took,
            spent=execution.spent,
            execution=execution,
        )
        self.outcomes.append(outcome)
        return outcome

    def _begin(self) -> Execution | None:
        """Begin the next call, unless the time of the page is used up."""
        with self._lock:
            left = self._limits.after(self.outcomes)
            if self._is_over or left.own <= 0 or time.monotonic() >= left.until:
                return None
            self._execution = Execution(self._limits.call)
            return self._execution

    def _make(self, call: Call, arguments: Mapping[str, Any], execution: Execution) -> None:
        validity = Validity(end_of_day())
        with execution.active(), attached_validity(validity):
            try:
                outcome = CallOutcome(call, self._call(call, arguments), validity=validity)
            except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, exits included
                outcome = CallOutcome(call, error=error)
            finally:
                _close_sessions(execution)
        with self._lock:
            self._require_waiting()
            self._is_committing = False
            self.outcomes.append(replace(outcome, took=execution.took, spent=execution.spent))

    def _call(self, call: Call, arguments: Mapping[str, Any]) -> tuple[Any, ...]:
        known: dict[str, Any] = {"tenant": self._snapshot.tenant, **arguments}
        if call.scope is not None:
            session = open_request_session(call.scope)
            known = {**to_attached(session, known), "session": session}
        implementation = call.implementation
        result = implementation.function(*(known[name] for name in implementation.argnames))
        from core.plugins.calls.validation import validate_result  # loads pydantic

        validated = validate_result(result, call.result_kind, call.plugin)
        if call.hook in WRITING:
            self._commit(known["session"])
        return validated

    def _commit(self, session: Session) -> None:
        """Commit, unless the caller has timed out; the time limit does not apply any more."""
        with self._lock:
            self._require_waiting()
            self._is_committing = True
        session.commit()

    def _require_waiting(self) -> None:
        """Raise `Abandoned` where nobody waits any more; the lock is held."""
        if self._is_over:
            raise Abandoned("the call came back too late")


def _close_sessions(execution: Execution) -> None:
    """Close the sessions of a call; raises `Abandoned` for a late one.

    PostgreSQL's connection of a late call is shut down under it: to roll back then fails.
    """
    try:
        close_sessions()
    except DBAPIError:
        execution.connections.check()
        raise
