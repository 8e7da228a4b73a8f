"""Send what is due, through the plugins that carry messages: each notice at most once.

A worker claims a few notices at a time and marks each as handed, in a transaction of its own,
just before a carrier gets it. If it dies in between, another worker takes the claim over when the
lease ends. If it dies after that, nobody knows whether the person was told: the notice is not sent
again by itself, but shown to staff. Attempts to send one notice carry one idempotency key.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.jobs.backoff import Backoff
from core.jobs.queue import Jobs, Schedule
from core.log.logger import get_logger
from core.notifications.models import QueuedNotice
from core.notifications.outbox import SEND
from core.notifications.templates import known_topics, render_notice
from core.plugins.activation.enabled import is_topic_on
from core.plugins.api.contributions import Message
from core.plugins.calls.notify import CONSOLE, record_message
from core.plugins.calls.tenant_hooks import TenantHooks
from core.redaction import mask_phone

BACKOFF = Backoff(timedelta(minutes=2), timedelta(hours=1), max_attempts=5)
BATCH, LONGEST_ROUND = 20, 60.0
# Longer than a batch takes where every carrier of every notice uses up its 10 seconds.
LEASE = timedelta(minutes=15)
EVERY_MINUTE = Schedule()

log = get_logger("gongkai.messages")


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A notice of this worker's claim."""

    id: int
    topic: str
    tenant: Tenant
    claim: str


def define_jobs(jobs: Jobs) -> None:
    """Add the job of notices to the application's."""
    jobs.define(SEND, send_notices, EVERY_MINUTE)


def send_notices() -> None:
    """Send everything that is due; a place that is slow, or fails, holds up no other."""
    for tenant in _tenants_with_due():
        try:
            _send_at(tenant, monotonic() + LONGEST_ROUND)
        except Exception as error:  # noqa: BLE001 - whatever it was, other places have their turn
            # Its text may repeat the recipient.
            log.warning("notices failed", tenant=tenant.id, error=type(error).__name__)


def _send_at(tenant: Tenant, ends: float) -> None:
    while monotonic() < ends and (batch := _claim_batch(tenant)):
        for claimed in batch:
            _send(claimed)


def _due() -> ColumnElement[bool]:
    """Condition: queued and due, or claimed by a worker that died.

    Moments that are further away than any lease or pause were written by a clock that was wrong.
    """
    now = utc_now()
    is_retry = QueuedNotice.attempts > 0
    return and_(
        QueuedNotice.topic.in_(known_topics()),
        or_(
            and_(QueuedNotice.state == "queued", QueuedNotice.next_try_at <= now),
            and_(
                QueuedNotice.state == "queued",
                is_retry,
                QueuedNotice.next_try_at > now + 2 * BACKOFF.longest,
            ),
            and_(QueuedNotice.state == "claimed", QueuedNotice.claimed_until < now),
            and_(QueuedNotice.state == "claimed", QueuedNotice.claimed_until > now + 2 * LEASE),
        ),
    )


def _tenants_with_due() -> list[Tenant]:
    due = select(QueuedNotice.tenant_id).where(_due())
    with open_session(Scope.platform("notices that are due")) as session:
        return list(session.scalars(select(Tenant).where(Tenant.id.in_(due)).order_by(Tenant.id)))


def _claim_batch(tenant: Tenant) -> list[_Claimed]:
    """Claim notices of a place whose plugin is on, the oldest first."""
    claim = uuid.uuid4().hex
    topics = [topic for topic in known_topics() if is_topic_on(topic, tenant)]
    mine = and_(QueuedNotice.tenant_id == tenant.id, QueuedNotice.topic.in_(topics), _due())
    oldest = select(QueuedNotice.id).where(mine).order_by(QueuedNotice.id).limit(BATCH)
    with open_session(Scope.own(tenant)) as session:
        ids = session.scalars(oldest).all()
        session.execute(
            update(QueuedNotice)
            .where(QueuedNotice.id.in_(ids), _due())
            .values(state="claimed", claim=claim, claimed_until=utc_now() + LEASE)
            .execution_options(synchronize_session=False)
        )
        found = session.execute(
            select(QueuedNotice.id, QueuedNotice.topic)
            .where(QueuedNotice.claim == claim)
            .order_by(QueuedNotice.id)
        )
        return [_Claimed(key, topic, tenant, claim) for key, topic in found]


def _send(claimed: _Claimed) -> None:
    """Hand one notice to a carrier and record what came of it."""
    message = _hand_over(claimed)
    if message is None:
        return
    hooks = TenantHooks(claimed.tenant)
    carrier = hooks.notify(message)
    with open_session(Scope.own(claimed.tenant)) as session:
        notice = session.get(QueuedNotice, claimed.id)
        if notice is None:
            return  # erased in the meantime
        failed = carrier is None and hooks.can_notify()
        if failed and not BACKOFF.is_exhausted(notice.attempts):
            notice.state = "queued"
            notice.next_try_at = utc_now() + BACKOFF.pause_after(notice.attempts)
            return
        _finish(notice, carrier, failed=failed)
        record_message(session, claimed.tenant, message, carrier or CONSOLE)


def _finish(notice: QueuedNotice, carrier: str | None, *, failed: bool) -> None:
    """Record the end; the person's data stays only where somebody may have to send it again."""
    notice.claim = notice.claimed_until = None
    if failed:
        notice.state = "failed"
        log.warning("notice not sent", notice=notice.id, topic=notice.topic)
        return
    notice.state, notice.carrier = ("sent", carrier) if carrier else ("printed", "")
    notice.recipient = mask_phone(notice.recipient)
    notice.facts = {}


def _hand_over(claimed: _Claimed) -> Message | None:
    """Mark a claimed notice as handed and return its message.

    None where it was withdrawn, the claim is lost, or the text cannot be made any more.
    """
    handed = (
        update(QueuedNotice)
        .where(QueuedNotice.id == claimed.id, QueuedNotice.claim == claimed.claim)
        .where(QueuedNotice.state == "claimed")
        .values(state="handed", attempts=QueuedNotice.attempts + 1, handed_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    with open_session(Scope.own(claimed.tenant)) as session:
        changed = cast("CursorResult[Any]", session.execute(handed))
        notice = session.get(QueuedNotice, claimed.id) if changed.rowcount else None
        if notice is None:
            return None
        try:
            return _to_message(notice)
        except (ValueError, TypeError) as error:  # a newer version of the text needs other facts
            notice.state = "failed"
            log.warning("notice has no text", notice=notice.id, reason=str(error))
            return None


def _to_message(notice: QueuedNotice) -> Message:
    return Message(
        to=notice.recipient,
        text=render_notice(notice.topic, notice.facts),
        about=notice.topic,
        facts=dict(notice.facts),
        key=f"notice-{notice.id}",
    )
