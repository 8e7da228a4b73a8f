"""Measure what a plugin's thread is answerable for, on a machine that may be busy with other work.

Answerable: the thread's processor time, and idle waits of its own (sleeping, a socket, a lock). Not
answerable: waiting for a processor (`run_delay` in `/proc/self/task/<id>/schedstat`), for the
database, and for the interpreter's lock. Linux does not say which wait is the interpreter's, but
whoever waits for that lock wakes up every 5 ms (`sys.getswitchinterval()`), so:

- a thread that was not scheduled once during a tick slept through it: all of the tick is idle;
- else its idle time counts only where the caller, which wakes up at the end of each tick, got the
  interpreter's lock without waiting.

Both err on the plugin's side; `Allowance.wall` bounds what that can cost a page.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SHORTEST_TICK, LONGEST_TICK = 0.02, 1.0
TICKS_PER_LIMIT = 25
# The caller got the interpreter's lock at once if it woke up no later than this (seconds).
PROMPT = 0.003
# A machine or process that stood still is no plugin's idle wait: a tick counts at most so often.
LONGEST_IDLE_TICKS = 2.0
NANOSECOND = 1e-9


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much a call may use up itself, and how long it is waited for at most (seconds)."""

    own: float

    @property
    def wall(self) -> float:
        """Bound on the wait for a call that a busy machine delays.

        A call that is to blame must be able to use up its own allowance until then, with a tenth of
        a processor; else a loop would pass for a victim of the load.
        """
        return min(10 * self.own, self.own + 30)

    @property
    def tick(self) -> float:
        """How often the caller looks."""
        return min(max(self.own / TICKS_PER_LIMIT, SHORTEST_TICK), LONGEST_TICK)


@dataclass(frozen=True, slots=True)
class _Sample:
    """A thread's totals: seconds on and queued for a processor, and how often it was scheduled."""

    at: float
    cpu: float
    queued: float
    scheduled: int
    is_runnable: bool
    waited: float


class ThreadMeter:
    """Seconds that the thread which makes it is answerable for, from then on."""

    def __init__(self, waited: Callable[[], float]) -> None:
        self._clock = time.pthread_getcpuclockid(threading.get_ident())
        self._task = Path(f"/proc/self/task/{threading.get_native_id()}")
        self._waited = waited
        self._cpu = time.clock_gettime(self._clock)
        self._idle = 0.0
        self._last: _Sample | None = None
        self.started = time.monotonic()

    @property
    def spent(self) -> float:
        """Processor time so far, and idle waits up to the last tick."""
        return time.clock_gettime(self._clock) - self._cpu + self._idle

    def tick(self, seconds: float, *, interpreter_is_free: bool) -> None:
        """Account for the idle part of the tick that ends now; called by the waiting thread."""
        now = self._sample()
        if self._last is not None:
            idle = min(_idle(self._last, now, interpreter_is_free), LONGEST_IDLE_TICKS * seconds)
            self._idle += max(0.0, idle)
        self._last = now

    def _sample(self) -> _Sample:
        queued, scheduled = _schedule(self._task)
        return _Sample(
            at=time.monotonic(),
            cpu=time.clock_gettime(self._clock),
            queued=queued,
            scheduled=scheduled,
            is_runnable=_is_runnable(self._task),
            waited=self._waited(),
        )


class TickClock:
    """Wait in ticks, and notice whether the interpreter's lock could be had at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.interpreter_is_free = True
        self._task = Path(f"/proc/self/task/{threading.get_native_id()}")
        self._queued: float | None = None

    def wait(self, done: threading.Event) -> bool:
        """Wait for one tick, or until it is done.

        Most calls are done within the first, so what the kernel counts is read from its end on; if
        the caller wakes up late from the first, the interpreter's lock counts as busy.
        """
        queued = self._queued
        started = time.monotonic()
        if done.wait(self.seconds):
            return True
        late = time.monotonic() - started - self.seconds
        self._queued = _schedule(self._task)[0]
        if late > PROMPT and queued is not None:
            late -= self._queued - queued
        self.interpreter_is_free = late <= PROMPT
        return False


def _idle(last: _Sample, now: _Sample, interpreter_is_free: bool) -> float:
    """Seconds between two samples in which the thread waited for something of its own choice."""
    if now.is_runnable:
        return 0.0
    wall = now.at - last.at - (now.waited - last.waited)
    if now.scheduled == last.scheduled:
        return wall
    return wall - (now.cpu - last.cpu) - (now.queued - last.queued) if interpreter_is_free else 0.0


def _schedule(task: Path) -> tuple[float, int]:
    """Seconds that a thread has waited for a processor, and how often it was given one."""
    try:
        _cpu, queued, scheduled = (task / "schedstat").read_bytes().split()
    except (OSError, ValueError):  # a kernel without these counters, or a thread that ended
        return 0.0, -1
    return int(queued) * NANOSECOND, int(scheduled)


def _is_runnable(task: Path) -> bool:
    """Whether a thread runs, waits for a processor, or for a disk."""
    try:
        state = (task / "stat").read_bytes().rpartition(b")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state in {b"R", b"D"}
