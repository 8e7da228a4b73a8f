"""Run a plugin's code in a thread of its own, and wait for it within an allowance."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from core.plugins.sandbox.connections import CallConnections
from core.plugins.sandbox.metering import Allowance, ThreadMeter, TickClock
from core.plugins.sandbox.threads import MOST_ABANDONED_BY_PLUGIN, PluginThreads

T = TypeVar("T")

EARLIER_CALLS = "earlier calls have not come back yet"


class CallTimeout(TimeoutError):  # noqa: N818 - named for what it reports
    """A plugin used up the time of a call itself."""


class MachineBusy(TimeoutError):  # noqa: N818 - named for what it reports
    """A call took too long for no fault of its plugin."""


class Execution:
    """One call while it runs: its meter, its connections, and whether it is overdue."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance
        self.connections = CallConnections()
        self._meter: ThreadMeter | None = None
        self._created = time.monotonic()
        self._spent: float | None = None

    @contextmanager
    def active(self) -> Iterator[None]:
        """Measure and track the present thread here."""
        self._meter = ThreadMeter(lambda: self.connections.seconds_waited)
        try:
            with self.connections.tracked():
                yield
        finally:
            self._spent = self._meter.spent

    @property
    def took(self) -> float:
        """Wall-clock seconds since the call began."""
        return time.monotonic() - (self._meter.started if self._meter else self._created)

    @property
    def spent(self) -> float:
        """Seconds that the plugin is answerable for."""
        if self._spent is not None:
            return self._spent
        return self._meter.spent if self._meter else 0.0

    def find_timeout(self, clock: TickClock) -> TimeoutError | None:
        """Account for a tick; the error of a call that is overdue."""
        if self._meter is not None:
            self._meter.tick(clock.seconds, interpreter_is_free=clock.interpreter_is_free)
            if self.spent >= self.allowance.own:
                return CallTimeout(f"no answer in {self.allowance.own:g} s")
        if self.took >= self.allowance.wall:
            return MachineBusy(f"no answer in {self.allowance.wall:g} s on a busy machine")
        return None


def find_exhaustion(threads: PluginThreads, plugin: str) -> TimeoutError | None:
    """Return the error of a plugin that has as many late calls in this process as it may have."""
    late = threads.abandoned_by(plugin)
    if len(late) < MOST_ABANDONED_BY_PLUGIN:
        return None
    is_to_blame = any(thread.is_to_blame for thread in late)
    return CallTimeout(EARLIER_CALLS) if is_to_blame else MachineBusy(EARLIER_CALLS)


def run_in_thread(
    threads: PluginThreads, plugin: str, work: Callable[[], T], execution: Execution
) -> T:
    """Return what the work returns; raises what it raises, `CallTimeout` and `MachineBusy`."""
    done = threading.Event()
    results: list[T] = []
    errors: list[BaseException] = []

    def task() -> None:
        try:
            with execution.active():
                results.append(work())
        except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, exits included
            errors.append(error)
        finally:
            done.set()

    thread = threads.start(task)
    clock = TickClock(execution.allowance.tick)
    while not clock.wait(done):
        if (timeout := execution.find_timeout(clock)) is not None:
            to_blame = isinstance(timeout, CallTimeout)
            threads.abandon(thread, plugin, is_to_blame=to_blame)
            execution.connections.abandon()
            raise timeout
    if errors:
        raise to_exception(errors[0])
    return results[0]


def to_exception(error: BaseException) -> Exception:
    """Return the error as one that may be raised in the caller: a plugin ends no program."""
    if isinstance(error, Exception):
        return error
    return RuntimeError(f"{type(error).__name__}: {error}")
