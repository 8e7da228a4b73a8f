"""Rate limits, counted in the database: they hold over all worker processes and restarts.

A key says what is limited for whom (`"open_day.register:640425:" + address`); it is stored as a
keyed hash, so that no address can be read from the table. The window is a fixed one: it begins
with the first hit and ends after its length, then counting starts again.

Each call is a short transaction of its own: a hit counts although the request ends in an error.
On SQLite it waits for other writers, so call it before the request itself has written anything.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, case, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import now
from core.db.base import Base
from core.db.bulk import insert_or_update
from core.db.scope import open_session
from core.redaction import keyed_digest
from core.validity.answers import refuse_keeping

# No window is longer: one that is said to end later was written by a clock that was wrong.
LONGEST_WINDOW = timedelta(hours=1)
# How many windows that have ended are removed with each hit.
CLEANED = 100


class RateLimit(Base):
    """How often something limited has happened in the running window."""

    __tablename__ = "rate_limit"
    shown_on_pages = False

    key: Mapped[str] = mapped_column(String(64), primary_key=True, comment="keyed hash")
    hits: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


def hit(key: str, limit: int, window: timedelta) -> bool:
    """Count one more; return whether it is still within the limit. Atomic over processes."""
    refuse_keeping("is limited")
    moment = now()
    with open_session(None) as session:
        hits = session.scalar(_count(session, key, moment, moment + window))
        _clean(session, moment)
    return (hits or 0) <= limit


def is_exceeded(key: str, limit: int) -> bool:
    """Return whether the limit is used up, so that one more hit would go beyond it."""
    refuse_keeping("is limited")
    moment = now()
    running = select(RateLimit.hits).where(
        RateLimit.key == _digest(key),
        RateLimit.ends_at.between(moment, moment + LONGEST_WINDOW),
    )
    with open_session(None) as session:
        return (session.scalar(running) or 0) >= limit


def reset(key: str) -> None:
    """Forget what was counted, e.g. failed attempts after one that succeeded.

    Where nothing was counted, as nearly always, it only reads.
    """
    with open_session(None) as session:
        if session.get(RateLimit, _digest(key)) is not None:
            session.execute(delete(RateLimit).where(RateLimit.key == _digest(key)))


def _count(session: Session, key: str, moment: datetime, ends_at: datetime) -> Any:
    """Build the upsert that starts a window or counts in the running one; it returns the hits."""
    insert = insert_or_update(session, RateLimit).values(key=_digest(key), hits=1, ends_at=ends_at)
    ended = or_(RateLimit.ends_at <= moment, RateLimit.ends_at > ends_at)
    return insert.on_conflict_do_update(
        index_elements=[RateLimit.key],
        set_={
            "hits": case((ended, 1), else_=RateLimit.hits + 1),
            "ends_at": case((ended, ends_at), else_=RateLimit.ends_at),
        },
    ).returning(RateLimit.hits)


def _clean(session: Session, moment: datetime) -> None:
    """Remove windows that have ended, none that another process holds: that could deadlock."""
    ended = select(RateLimit.key).where(RateLimit.ends_at <= moment).limit(CLEANED)
    free = session.scalars(ended.with_for_update(skip_locked=True)).all()
    if free:
        session.execute(delete(RateLimit).where(RateLimit.key.in_(free)))


def _digest(key: str) -> str:
    return keyed_digest("rate-limit", key)
