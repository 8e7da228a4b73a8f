"""A lease (lock with expiry) in the database: one writer per engine at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import ColumnElement, CursorResult, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.scope import open_session
from core.search.models import SearchLease

# A process that dies blocks the others no longer than this.
LEASE = timedelta(seconds=20)
LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


class LeaseLostError(RuntimeError):
    """Another process took the lease; unfinished work must not be recorded as done."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write, until it expires."""

    name: str
    owner: str

    def keep(self) -> None:
        """Renew the lease; raises `LeaseLostError` where another process has taken it."""
        if not _take(self):
            raise LeaseLostError(self.name)


@contextmanager
def held_lease(name: str) -> Iterator[Lease | None]:
    """Hold the lease inside the block; yields `None` where another process holds it."""
    lease = Lease(name, uuid4().hex)
    if not _take(lease):
        yield None
        return
    try:
        yield lease
    finally:
        _release(lease)


def _take(lease: Lease) -> bool:
    now = utc_now()
    free = or_(
        SearchLease.owner == lease.owner,
        SearchLease.expires_at <= now,
        SearchLease.expires_at > now + 2 * LEASE,  # a clock was wrong: nobody holds it so long
    )
    with open_session(None) as session:
        if _claim(session, lease, free, now + LEASE):
            return True
        if session.get(SearchLease, lease.name) is not None:
            return False
    return _create(lease)


def _claim(session: Session, lease: Lease, free: ColumnElement[bool], until: datetime) -> bool:
    claimed = session.execute(
        update(SearchLease)
        .where(SearchLease.name == lease.name, free)
        .values(owner=lease.owner, expires_at=until)
    )
    return bool(cast("CursorResult[Any]", claimed).rowcount)


def _create(lease: Lease) -> bool:
    try:
        with open_session(None) as session:
            session.add(
                SearchLease(name=lease.name, owner=lease.owner, expires_at=utc_now() + LEASE)
            )
    except IntegrityError:  # another process was the first
        return False
    return True


def _release(lease: Lease) -> None:
    with open_session(None) as session:
        session.execute(
            update(SearchLease)
            .where(SearchLease.name == lease.name, SearchLease.owner == lease.owner)
            .values(owner="", expires_at=LONG_AGO)
        )
