"""Call plugins so that what they do wrong stays theirs.

All calls of a page run one after the other in one other thread. The page waits; a call that does
not come back in its time is left behind with its thread, and the rest goes on in a new one.
"""

import sys
import threading
import time
import traceback
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from flask import Flask, current_app
from pluggy import HookImpl
from sqlalchemy.orm import Session

from core.db.scope import Scope
from core.db.tree import Tenant
from core.plugins.activation import enabled
from core.plugins.calls.validation import Wanted, checked
from core.plugins.sandbox.request_copy import Surroundings, attached, detached, surroundings
from core.plugins.sandbox.threads import LeftBehind, Workers
from core.plugins.sandbox.timeouts import OutOfTime, page_time_left, page_waits
from core.settings import current_settings
from core.web.request import close_sessions, open_request_session

# Work that no page waits for may take longer (seconds).
LONGER = {"daily": 300.0, "demo": 60.0, "erase": 300.0, "notify": 10.0, "check_config": 3.0}
WRITING = frozenset({"daily", "demo", "erase"})

log = structlog.get_logger("gongkai.plugins")


@dataclass(frozen=True, slots=True)
class Call:
    """One hook of one plugin at one tenant; with a scope, it gets a session of its own."""

    plugin: str
    hook: str
    implementation: HookImpl
    wanted: Wanted
    scope: Scope | None
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call."""

    call: Call
    answer: tuple[Any, ...] = ()
    error: BaseException | None = None
    took: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether there is no answer."""
        return self.error is not None


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the caller waits (seconds)."""

    call: float
    page: float

    @classmethod
    def of(cls, hook: str) -> "Limits":
        """For one hook, from the installation's settings; what a page has waited counts."""
        settings = current_settings()
        call = LONGER.get(hook, settings.plugin_call_seconds)
        return cls(call, call if hook in LONGER else page_time_left())


def run(tenant: Tenant, calls: Sequence[Call]) -> list[tuple[str, tuple[Any, ...]]]:
    """The checked answers of those that did not fail, in order."""
    if not calls:
        return []
    with page_waits():
        outcomes = list(_outcomes(tenant, calls, time.monotonic()))
    for outcome in outcomes:
        _note(tenant, outcome)
    return [(each.call.plugin, each.answer) for each in outcomes if not each.failed]


def init_isolation(app: Flask) -> None:
    """Give the application threads for its plugins."""
    app.extensions["plugin_workers"] = Workers()
    app.extensions["plugin_calls"] = set()


def _outcomes(tenant: Tenant, calls: Sequence[Call], started: float) -> Iterator[Outcome]:
    workers: Workers = current_app.extensions["plugin_workers"]
    limits = Limits.of(calls[0].hook)
    waiting = list(calls)
    while waiting:
        ready = []
        for call in waiting:
            if workers.is_exhausted(call.plugin):
                yield Outcome(call, error=OutOfTime("earlier calls have not come back yet"))
            else:
                ready.append(call)
        if not ready:
            return
        job = _Job(ready, surroundings(tenant), limits.call, started + limits.page)
        worker = workers.start(job.work)
        stuck = job.wait()
        if stuck is not None:
            workers.leave(worker, stuck.plugin)
        yield from job.outcomes
        waiting = ready[len(job.outcomes) :] if stuck is not None else []


class _Job:
    """Calls that one thread makes one after the other, while another waits."""

    def __init__(
        self, calls: Sequence[Call], around: Surroundings, seconds: float, until: float
    ) -> None:
        self._calls = calls
        self._around = around
        self._seconds = seconds
        self._until = until
        self._given = [
            {name: detached(value) for name, value in call.given.items()} for call in calls
        ]
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._started: float | None = None
        self._is_over = False
        self.outcomes: list[Outcome] = []

    def wait(self) -> Call | None:
        """Wait for the answers; the call that is stuck, if one is. Then the job is over."""
        while not self._done.wait(self._patience()):
            with self._lock:
                now = time.monotonic()
                if self._is_over or now < self._deadline():
                    continue
                self._is_over = True
                if self._started is None:  # the machine is too busy: no plugin's fault
                    return None
                stuck = self._calls[len(self.outcomes)]
                error = OutOfTime(f"no answer in {self._seconds:g} s")
                self.outcomes.append(Outcome(stuck, error=error, took=now - self._started))
                return stuck
        return None

    def work(self) -> None:
        """Make the calls; whatever happens, the one that waits is told."""
        try:
            with self._around.entered():
                for call, given in zip(self._calls, self._given, strict=True):
                    if not self._may_start():
                        log.warning("no time left for plugins on this page", next=call.plugin)
                        break
                    self._make(call, given)
        finally:
            with self._lock:
                self._is_over = True
            self._done.set()

    def _patience(self) -> float:
        """How long to wait before looking again; a call may begin at any moment."""
        return min(max(0.001, self._deadline() - time.monotonic()), self._seconds)

    def _deadline(self) -> float:
        """Until when the present call, or else the thread's start, is waited for."""
        return (self._until if self._started is None else self._started) + self._seconds

    def _may_start(self) -> bool:
        with self._lock:
            now = time.monotonic()
            self._started = now
            return not self._is_over and now < self._until

    def _make(self, call: Call, given: Mapping[str, Any]) -> None:
        started = time.perf_counter()
        try:
            outcome = Outcome(call, self._answer(call, given))
        except LeftBehind:
            raise
        except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, exits included
            outcome = Outcome(call, error=error)
        finally:
            close_sessions()
        with self._lock:
            self._stay()
            took = time.perf_counter() - started
            self.outcomes.append(replace(outcome, took=took))

    def _answer(self, call: Call, given: Mapping[str, Any]) -> tuple[Any, ...]:
        known: dict[str, Any] = {"tenant": self._around.tenant, **given}
        if call.scope is not None:
            session = open_request_session(call.scope)
            known = {**attached(session, known), "session": session}
        implementation = call.implementation
        answer = implementation.function(*(known[name] for name in implementation.argnames))
        found = checked(answer, call.wanted, call.plugin)
        if call.hook in WRITING:
            self._commit(known["session"])
        return found

    def _commit(self, session: Session) -> None:
        """Keep what was written, unless nobody waits any more; from here on it is waited for."""
        with self._lock:
            self._stay()
            self._started = self._until = float("inf")
        session.commit()

    def _stay(self) -> None:
        """End here if the job is over; the lock is held."""
        if self._is_over:
            raise LeftBehind


def _note(tenant: Tenant, outcome: Outcome) -> None:
    """Print, log, count."""
    call, error = outcome.call, outcome.error
    is_first = _is_first(call)
    settings = current_settings()
    if settings.trace_hooks:
        told = repr(error) if error else f"{len(outcome.answer)}"
        sys.stderr.write(
            f"hook {call.plugin}.{call.hook} at {tenant.division_code}: {told} "
            f"({outcome.took * 1000:.2f} ms)\n"
        )
    if error is None:
        return
    if is_first and call.hook not in LONGER and isinstance(error, OutOfTime):
        log.warning("plugin slow at its first call", plugin=call.plugin, hook=call.hook)
        return
    trace = uuid.uuid4().hex[:12]
    log.error(
        "plugin failed",
        plugin=call.plugin, hook=call.hook, tenant=tenant.division_code, trace=trace,
        exc_info=error,
    )  # fmt: skip
    lines = traceback.format_exception(error)
    enabled.report_fault(call.plugin, tenant, call.hook, error, f"{trace}\n{''.join(lines)}")


def _is_first(call: Call) -> bool:
    """Whether a process makes this call for the first time.

    Code, templates and statements are then read and compiled: on a busy machine that may take
    longer than an answer may, in every process that starts, and is no failure of the plugin.
    """
    made: set[tuple[str, str]] = current_app.extensions["plugin_calls"]
    if (call.plugin, call.hook) in made:
        return False
    made.add((call.plugin, call.hook))
    return True
