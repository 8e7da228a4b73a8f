"""Replace a process that late plugin calls have harmed: in order, or at once where it is stuck.

A thread beats in each process that runs plugins. Where its process holds several late threads, or
one for long, it has the process stop in order: finish what is running, accept nothing new. Where it
cannot take one of logging's locks for `STUCK_SECONDS`, the process ends at once with the stack of
each thread in the log; where nobody gets the interpreter's lock, a watchdog in C (`faulthandler`),
which needs no lock itself, does the same.
"""

import faulthandler
import fcntl
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import structlog

from core.log.logger import get_logger
from core.plugins.sandbox.threads import AbandonedThread, PluginThreads

BEAT_SECONDS = 0.25
STUCK_SECONDS = 2.0
# The interpreter's lock where there is no late call: what holds up the heartbeat is the machine.
STUCK_WITHOUT_LATE_CALLS = 20.0
MOST_LATE_THREADS = 2
LONGEST_LATE_SECONDS = 10.0
# An orderly stop that takes longer ends at once.
LONGEST_STOP_SECONDS = 35.0
STDERR = 2

log = get_logger("gongkai.processes")


class OneAtATime:
    """A lock among the processes forked from the one that makes it; freed by their end."""

    def __init__(self) -> None:
        descriptor, path = tempfile.mkstemp(prefix="gongkai-replacement-")
        Path(path).unlink()
        self._descriptor = descriptor

    def acquire(self) -> bool:
        """Take the lock unless another process has it."""
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class Heartbeat(threading.Thread):
    """Watches over the process in which it is started."""

    def __init__(
        self, threads: PluginThreads, replace: Callable[[], None], turn: OneAtATime | None = None
    ) -> None:
        super().__init__(name="gongkai-heartbeat", daemon=True)
        self._threads = threads
        self._replace = replace
        self._turn = turn
        self._parent = os.getppid()
        self._stopped_at: float | None = None

    def run(self) -> None:
        """Beat as long as the process lives."""
        while True:
            self._rearm_watchdog()
            for lock in _shared_locks():
                self._require(lock)
            self._stop_if_harmed(self._threads.list_abandoned())
            time.sleep(BEAT_SECONDS)

    def _rearm_watchdog(self) -> None:
        """Have the process end unless this is called again in time."""
        late = self._threads.list_abandoned()
        seconds = STUCK_SECONDS if late else STUCK_WITHOUT_LATE_CALLS
        faulthandler.dump_traceback_later(seconds, exit=True, file=STDERR)

    def _require(self, lock: Any) -> None:
        """Take a lock; end the process where that is not possible for long."""
        started = time.monotonic()
        while not lock.acquire(timeout=BEAT_SECONDS):
            if time.monotonic() - started > STUCK_SECONDS:
                faulthandler.dump_traceback(file=STDERR)
                exit_at_once(1)
            self._rearm_watchdog()
        lock.release()

    def _stop_if_harmed(self, late: Sequence[AbandonedThread]) -> None:
        """Have the process stop in order, once; end it where it does not."""
        if self._stopped_at is not None:
            if time.monotonic() - self._stopped_at > LONGEST_STOP_SECONDS:
                exit_at_once(1)
        elif os.getppid() != self._parent or (_is_harmful(late) and self._has_its_turn()):
            self._stopped_at = time.monotonic()
            log.warning("process stops", process=os.getpid(), late_threads=len(late))
            self._replace()

    def _has_its_turn(self) -> bool:
        return self._turn is None or self._turn.acquire()


def _is_harmful(late: Sequence[AbandonedThread]) -> bool:
    oldest = min((thread.since for thread in late), default=float("inf"))
    return len(late) >= MOST_LATE_THREADS or time.monotonic() - oldest > LONGEST_LATE_SECONDS


def _shared_locks() -> Iterable[Any]:
    """Yield the locks that any request may need: those of logging, which has no way to ask."""
    yield logging._lock  # type: ignore[attr-defined]  # noqa: SLF001 - see above
    for reference in list(logging._handlerList):  # type: ignore[attr-defined]  # noqa: SLF001
        handler = reference()
        if handler is not None and handler.lock is not None:
            yield handler.lock
    yield from list(structlog._output.WRITE_LOCKS.values())  # noqa: SLF001


def exit_at_once(status: int) -> NoReturn:
    """End the process without waiting for threads or locks, as an orderly end would."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    os._exit(status)
