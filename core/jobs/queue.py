"""Background jobs: huey on SQLite below the data folder, or on Redis where one is set.

Any number of workers may run: one of them, whichever it is, plans what is due by the clock, and no
job runs in two of them at a time.
"""

import os
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeAlias

from flask import Flask, current_app
from flask_babel import force_locale

from core.db.locks import ProcessLock, held_lock, try_lock
from core.log.logger import get_logger
from core.outages.retrying import try_while_busy
from core.settings import Settings

if TYPE_CHECKING:  # loads the clients of every store it knows: only where a queue is opened
    from huey import Huey
    from huey.api import TaskWrapper

# The lock of the worker that plans; while nobody holds it, no worker runs.
SCHEDULER = "scheduler"
# A job that another worker is at is waited for, so that what changed meanwhile is seen (seconds).
LONGEST_WAIT = 60.0

log = get_logger("gongkai.jobs")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a job runs by itself, as in a crontab, in UTC."""

    minute: str = "*"
    hour: str = "*"


@dataclass(frozen=True, slots=True)
class _Open:
    """A queue and its tasks, of one process: a connection does not survive a fork."""

    process: int
    huey: "Huey"
    tasks: "dict[str, TaskWrapper]"


DefinedJob: TypeAlias = tuple[Callable[[], None], Schedule | None]


class Jobs:
    """The jobs that features define and the queue they wait in, opened on first use."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._steps: deque[Callable[[], None]] = deque()
        self._loading = RLock()
        self._defined: dict[str, DefinedJob] = {}
        self._woken: defaultdict[str, list[str]] = defaultdict(list)
        self._opened: _Open | None = None
        self.scheduler = OneScheduler(app)

    def add_definitions(self, step: Callable[[], None]) -> None:
        """Add a step that defines jobs: it is taken when somebody needs to know them.

        Most commands, and most requests, do not; what jobs do is half of the program.
        """
        self._steps.append(step)

    @property
    def defined(self) -> Mapping[str, DefinedJob]:
        """All jobs, by name."""
        with self._loading:
            while self._steps:
                self._steps.popleft()()
        return self._defined

    def define(
        self,
        name: str,
        work: Callable[[], None],
        schedule: Schedule | None = None,
        wakes_on: Iterable[str] = (),
    ) -> None:
        """Add a job; it runs in an application context, and also by its schedule if it has one.

        It is woken, too, by what happens under the topics of `wakes_on` (`wake`).
        """
        self._defined[name] = (work, schedule)
        for topic in wakes_on:
            self._woken[topic].append(name)

    def list_woken(self, topic: str) -> list[str]:
        """List the jobs that what happens under a topic wakes."""
        return [name for name in self.defined if name in self._woken.get(topic, ())]

    def enqueue(self, name: str) -> None:
        """Have a job run soon; one that waits already will see what has changed since."""
        opened = self._open()
        if not any(waiting.name == name for waiting in opened.huey.pending()):
            opened.huey.enqueue(opened.tasks[name].s())

    @property
    def huey(self) -> "Huey":
        """The queue of this process."""
        return self._open().huey

    def _open(self) -> _Open:
        if self._opened is None or self._opened.process != os.getpid():
            huey = _make(self._settings)
            self.scheduler.join(huey)
            self._opened = _Open(os.getpid(), huey, dict(self._tasks(huey)))
        return self._opened

    def _tasks(self, huey: "Huey") -> Iterator[tuple[str, "TaskWrapper"]]:
        from huey import crontab

        for name, (work, schedule) in self.defined.items():
            yield name, huey.task(name=name)(self._in_context(name, work))
            if schedule:
                when = crontab(minute=schedule.minute, hour=schedule.hour)
                huey.periodic_task(when, name=f"{name}_periodic")(self._in_context(name, work))

    def _in_context(self, name: str, work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            language = self._app.config["BABEL_DEFAULT_LOCALE"]
            with (
                self._app.app_context(),
                force_locale(language),
                held_lock(f"job-{name}", wait=LONGEST_WAIT) as is_mine,
            ):
                if is_mine:
                    try_while_busy(work)
                else:
                    log.warning("another worker is at the job", job=name)

        return run


class OneScheduler:
    """Lets a worker plan what is due by the clock only while it alone holds the lock of planning.

    A worker looks every second, so another takes over from one that has died.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock: ProcessLock | None = None

    def join(self, huey: "Huey") -> None:
        """Have a queue's worker ask before it plans."""
        read_schedule, read_periodic = huey.read_schedule, huey.read_periodic

        def read_when_due(*arguments: Any) -> Any:
            self._is_planner()
            return read_schedule(*arguments)

        huey.read_schedule = read_when_due
        huey.read_periodic = lambda moment: read_periodic(moment) if self._is_planner() else []

    def stop(self) -> None:
        """Let another worker plan; the end of the process does so too."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _is_planner(self) -> bool:
        with self._app.app_context():
            if self._lock is None or not self._lock.is_held():
                self._lock = try_lock(SCHEDULER)
        return self._lock is not None


def is_worker_running() -> bool:
    """Return whether any worker runs, on this machine or, with PostgreSQL, on another."""
    with held_lock(SCHEDULER) as was_free:
        return not was_free


def _make(settings: Settings) -> "Huey":
    from huey import MemoryHuey, RedisHuey, SqliteHuey

    options: dict[str, Any] = {"results": False, "utc": True}
    if settings.testing:
        return MemoryHuey("gongkai", **options)
    if settings.redis_url:
        return RedisHuey("gongkai", url=settings.redis_url, **options)
    return SqliteHuey("gongkai", filename=str(settings.data_dir / "jobs.sqlite3"), **options)


def init_jobs(app: Flask, settings: Settings) -> Jobs:
    """Give the application its jobs."""
    jobs = Jobs(app, settings)
    app.extensions["jobs"] = jobs
    return jobs


def enqueue(name: str) -> None:
    """Have a job run soon; a queue that is down delays it until its schedule, and fails nothing."""
    jobs: Jobs = current_app.extensions["jobs"]
    try:
        jobs.enqueue(name)
    except Exception as error:
        log.warning("job not queued", job=name, exc_info=error)


def wake(topic: str) -> None:
    """Have the jobs run soon that wait for what happens under a topic (`publication`).

    They see for themselves what has changed: one that was not queued does so by its schedule.
    """
    jobs: Jobs = current_app.extensions["jobs"]
    for name in jobs.list_woken(topic):
        enqueue(name)
