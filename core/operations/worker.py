"""The program behind `gongkai worker`: a parent process, and a child that works through the queue.

The child is forked from the loaded program. When late plugin calls have harmed it, it ends, and the
parent forks another.
"""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from flask import Flask

from core.db.engine import db
from core.jobs.presence import PresenceThread
from core.jobs.queue import Jobs
from core.log.logger import get_logger
from core.operations.heartbeat import Heartbeat, exit_at_once
from core.static_pages.falling import take_everything_down

# An idle worker looks for work this often (seconds): a change must be findable within one.
POLL_SECONDS = 0.2
# A child that ends sooner than this cannot work: forking it again would not help.
SHORTEST_LIFE = 1.0
STOPPED = (signal.SIGINT, signal.SIGTERM)

log = get_logger("gongkai.processes")


def run_worker(app: Flask) -> int:
    """Work through the queue until told to stop (SIGINT in order, SIGTERM); the exit status."""
    take_everything_down()
    return Supervisor(lambda: _consume(app)).run()


class Supervisor:
    """Runs work in a child process, and again whenever that ends, until told to stop."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._child = 0
        self._signal = 0

    def run(self) -> int:
        """Run until told to stop; return the exit status. Only for a main thread."""
        for number in STOPPED:
            signal.signal(number, self._forward)
        while True:
            started = time.monotonic()
            status = self._run_child()
            if self._signal:
                return 0
            if time.monotonic() - started < SHORTEST_LIFE:
                return status or 1
            log.warning("worker is replaced", status=status)

    def _run_child(self) -> int:
        self._child = os.fork()
        if self._child == 0:
            _run_as_child(self._work)
        if self._signal:
            os.kill(self._child, self._signal)
        _, status = os.waitpid(self._child, 0)
        return os.waitstatus_to_exitcode(status)

    def _forward(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._signal = number
        if self._child:
            os.kill(self._child, number)


def _run_as_child(work: Callable[[], None]) -> NoReturn:
    """Do the work of a child, and end without waiting for what may be stuck."""
    os.setpgid(0, 0)  # the parent alone hears the terminal, and passes on what it hears
    for number in STOPPED:
        signal.signal(number, signal.SIG_DFL)
    status = 1
    try:
        work()
        status = 0
    except Exception:
        log.exception("worker failed")
    finally:
        exit_at_once(status)


def _consume(app: Flask) -> None:
    """Consume the queue under a heartbeat, which ends it in order as a SIGINT does."""
    with app.app_context():
        db.engine.dispose(close=False)

    def stop() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    Heartbeat(app.extensions["plugin_threads"], stop).start()
    presence = PresenceThread(app)
    presence.start()
    jobs: Jobs = app.extensions["jobs"]
    jobs.huey.create_consumer(
        workers=1, initial_delay=0.05, max_delay=POLL_SECONDS, scheduler_interval=1
    ).run()
    presence.stop()
