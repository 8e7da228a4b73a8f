"""Workers say that they live, so that a dead one is noticed although nobody watches it.

A worker writes a row every few seconds and removes it when it is stopped. What is left of one that
was killed says so: by its age, and on the same machine at once, since no such process runs.
"""

import os
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import String, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db.base import Base, utc_now
from core.db.scope import open_session

BEAT_SECONDS = 10.0
LONGEST_SILENCE = timedelta(seconds=45)
# Of workers on machines that are no more (containers have new names) nothing is kept for longer.
KEPT = timedelta(days=1)


class WorkerPresence(Base):
    """A worker process that works through the queue, and when it last said so."""

    __tablename__ = "worker_presence"
    shown_on_pages = False

    host: Mapped[str] = mapped_column(String(120), primary_key=True)
    process: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(default=utc_now)

    @property
    def is_alive(self) -> bool:
        """Whether it spoke lately and, where this machine can see that, still runs."""
        # A clock that was once ahead must not make a dead worker live for years.
        spoke = abs(utc_now() - self.seen_at) <= LONGEST_SILENCE
        return spoke and (self.host != this_host() or _runs(self.process))


class PresenceThread(threading.Thread):
    """Says every few seconds that this process works, until told to stop."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="gongkai-presence", daemon=True)
        self._app = app
        self._stopped = threading.Event()

    def run(self) -> None:
        """Clean up after workers that were killed, then speak as long as the process lives."""
        self._write(forget_dead)
        while not self._stopped.is_set():
            self._write(tell)
            self._stopped.wait(BEAT_SECONDS)

    def stop(self) -> None:
        """Say nothing more, and that this worker was stopped in order."""
        self._stopped.set()
        self._write(leave)

    def _write(self, work: Callable[[Session], None]) -> None:
        """Write in a transaction of its own; a database that is busy is told the next time."""
        with suppress(SQLAlchemyError), self._app.app_context(), open_session(None) as session:
            work(session)


def list_workers(session: Session) -> Sequence[WorkerPresence]:
    """List the workers that have not been stopped, the latest first."""
    return session.scalars(select(WorkerPresence).order_by(WorkerPresence.seen_at.desc())).all()


def tell(session: Session) -> None:
    """Say that this process works."""
    known = session.get(WorkerPresence, (this_host(), os.getpid()))
    if known is None:
        session.add(WorkerPresence(host=this_host(), process=os.getpid()))
    else:
        known.seen_at = utc_now()


def leave(session: Session) -> None:
    """Say that this process was stopped."""
    _forget(session, os.getpid())


def forget_dead(session: Session) -> None:
    """Forget processes of this machine that run no more, and what is old: one has taken over."""
    for worker in list_workers(session):
        if worker.host == this_host() and not _runs(worker.process):
            _forget(session, worker.process)
    session.execute(delete(WorkerPresence).where(WorkerPresence.seen_at < utc_now() - KEPT))


def this_host() -> str:
    """Return the name of this machine."""
    return socket.gethostname()[:120]


def _forget(session: Session, process: int) -> None:
    session.execute(
        delete(WorkerPresence).where(
            WorkerPresence.host == this_host(), WorkerPresence.process == process
        )
    )


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another account's
    return not _is_zombie(process)


def _is_zombie(process: int) -> bool:
    """Return whether a process has ended and only waits for its parent to ask how."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    # The name, in brackets, may hold anything; the state is the word behind it.
    return state.rpartition(")")[2].split()[:1] == ["Z"]
