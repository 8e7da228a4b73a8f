"""Background jobs: huey on SQLite below the data folder, or on Redis where one is set."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, current_app
from flask_babel import force_locale

from core.settings import Settings

if TYPE_CHECKING:  # loads the clients of every store it knows: only where a queue is opened
    from huey import Huey
    from huey.api import TaskWrapper

log = structlog.get_logger("gongkai.jobs")


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


class Jobs:
    """The jobs that features define and the queue they wait in, opened on first use."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._defined: dict[str, tuple[Callable[[], None], Schedule | None]] = {}
        self._opened: _Open | None = None

    def define(self, name: str, work: Callable[[], None], schedule: Schedule | None = None) -> None:
        """Add a job; it runs in an application context, and also by its schedule if it has one."""
        self._defined[name] = (work, schedule)

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
            self._opened = _Open(os.getpid(), huey, dict(self._tasks(huey)))
        return self._opened

    def _tasks(self, huey: "Huey") -> Iterator[tuple[str, "TaskWrapper"]]:
        from huey import crontab

        for name, (work, schedule) in self._defined.items():
            yield name, huey.task(name=name)(self._in_context(work))
            if schedule:
                when = crontab(minute=schedule.minute, hour=schedule.hour)
                huey.periodic_task(when, name=f"{name}_periodic")(self._in_context(work))

    def _in_context(self, work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            language = self._app.config["BABEL_DEFAULT_LOCALE"]
            with self._app.app_context(), force_locale(language):
                work()

        return run


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
