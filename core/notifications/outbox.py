"""Queue notices in the transaction that causes them (transactional outbox), and withdraw them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.transactions import after_commit, savepoint
from core.db.tree import Tenant
from core.jobs.queue import enqueue
from core.notifications.models import QueuedNotice
from core.notifications.templates import render_notice

SEND = "notices_send"
WITHDRAWABLE = ("queued", "claimed")


def queue_notice(  # noqa: PLR0913 - a notice has that many parts, all but the first named
    session: Session,
    tenant: Tenant,
    topic: str,
    recipient: str,
    facts: Mapping[str, object],
    *,
    subject: str = "",
    dedupe_key: str | None = None,
    send_after: datetime | None = None,
) -> bool:
    """Queue a notice to a person; return whether it was queued.

    It is not where nobody can be told (no recipient), or where one with the same `dedupe_key` was
    queued at the place within 30 days. `facts` are JSON values; ValueError if the topic's text
    needs others. `subject` names the row that the notice is about (`registration:12`). Nothing is
    sent unless the session's transaction commits, and nothing before `send_after`.
    """
    render_notice(topic, facts)
    if not recipient or (dedupe_key and _is_queued(session, tenant, dedupe_key)):
        return False
    notice = QueuedNotice(
        tenant_id=tenant.id,
        topic=topic,
        recipient=recipient,
        facts=dict(facts),
        subject=subject,
        dedupe_key=dedupe_key,
        next_try_at=send_after or utc_now(),
    )
    if not dedupe_key:
        session.add(notice)
    elif not _add_once(session, notice):
        return False
    after_commit(session, enqueue, SEND)
    return True


def _is_queued(session: Session, tenant: Tenant, dedupe_key: str) -> bool:
    query = select(QueuedNotice.id).where(
        QueuedNotice.tenant_id == tenant.id, QueuedNotice.dedupe_key == dedupe_key
    )
    return session.scalar(query) is not None


def _add_once(session: Session, notice: QueuedNotice) -> bool:
    """Insert a notice unless another transaction queues the same at this moment."""
    try:
        with savepoint(session):
            session.add(notice)
    except IntegrityError:
        return False
    return True


def cancel_notices(
    session: Session, tenant: Tenant, subject: str, *, topic: str | None = None
) -> int:
    """Withdraw what is not sent yet about a subject, of one topic or of all; return how many."""
    conditions = [
        QueuedNotice.tenant_id == tenant.id,
        QueuedNotice.subject == subject,
        QueuedNotice.state.in_(WITHDRAWABLE),
    ]
    if topic is not None:
        conditions.append(QueuedNotice.topic == topic)
    return _delete(session, *conditions)


def erase_notices(session: Session, tenant: Tenant, feature: str, subject: str = "") -> int:
    """Delete a feature's notices at a place, of one subject or all, sent or not.

    For the `erase` hook of a plugin, and for a person's data that is erased.
    """
    conditions = [
        QueuedNotice.tenant_id == tenant.id,
        QueuedNotice.topic.startswith(f"{feature}.", autoescape=True),
    ]
    if subject:
        conditions.append(QueuedNotice.subject == subject)
    return _delete(session, *conditions)


def _delete(session: Session, *conditions: ColumnElement[bool]) -> int:
    done = session.execute(delete(QueuedNotice).where(*conditions))
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a cursor result
