"""Deliver what is queued: in order for each endpoint, retried with growing pauses, then given up.

Delivery is at least once: a worker that dies after the receiver has answered leaves the row
pending, and the next attempt carries the same idempotency key. An endpoint is worked on by one
worker at a time, which holds a lease on it. No database transaction is open during a request.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.jobs.backoff import Backoff
from core.jobs.queue import Jobs, Schedule
from core.log.logger import get_logger
from core.plugins.activation.enabled import is_topic_on
from core.webhooks.client import DeliveryError, post
from core.webhooks.domain.addresses import AllowedTargets
from core.webhooks.domain.signing import build_headers
from core.webhooks.endpoints import allowed_targets
from core.webhooks.models import WebhookDelivery, WebhookEndpoint

BACKOFF = Backoff(timedelta(minutes=5), timedelta(hours=6), max_attempts=12)
# What waited this long behind others is given up with them: after an outage of days a receiver
# has to ask for the present state anyway.
LONGEST_WAIT = timedelta(days=3)
# Ids are given before transactions commit: a younger row may be visible before an older one.
SETTLED = timedelta(seconds=30)
# A slow receiver must not hold up those of other places.
MOST_IN_A_ROUND, LONGEST_ROUND = 200, 30.0
# Longer than a round and its last request, so that nobody else begins before it has ended.
LEASE = timedelta(minutes=3)
KEPT = timedelta(days=30)
EVERY_MINUTE, NIGHTLY = Schedule(), Schedule(minute="25", hour="18")  # 02:25 in China
Send = Callable[[str, bytes, Mapping[str, str], AllowedTargets], None]

log = get_logger("gongkai.webhooks")


@dataclass(frozen=True, slots=True)
class _Due:
    """An endpoint with something to deliver, claimed by this worker."""

    id: int
    topic: str
    tenant: Tenant
    claim: str


@dataclass(frozen=True, slots=True)
class _Pending:
    """One attempt, read from the database before the request begins."""

    id: int
    url: str
    body: bytes
    headers: Mapping[str, str]


def define_jobs(jobs: Jobs) -> None:
    """Add the jobs of webhooks to the application's."""
    jobs.define("webhooks_deliver", deliver_webhooks, EVERY_MINUTE)
    jobs.define("webhooks_forget", forget_deliveries, NIGHTLY)


def deliver_webhooks(send: Send = post) -> None:
    """Deliver what is due at every endpoint; one that fails in an unknown way stops no other."""
    allowed = allowed_targets()
    for due in _claimed():
        try:
            _deliver_in_order(due, send, allowed)
        except Exception as error:  # noqa: BLE001 - whatever it was, other places must be told
            # Its text may repeat what was to be sent.
            log.warning("webhook failed", endpoint=due.id, error=type(error).__name__)


def _claimed() -> Iterator[_Due]:
    """Claim endpoints one by one, those first that have waited longest."""
    now = utc_now()
    # What is further away than any pause was written by a clock that was wrong.
    is_due = or_(
        WebhookEndpoint.next_try_at <= now, WebhookEndpoint.next_try_at > now + 2 * BACKOFF.longest
    )
    settled = or_(
        WebhookDelivery.created_at <= now - SETTLED, WebhookDelivery.created_at > now + SETTLED
    )
    waiting = select(WebhookDelivery.endpoint_id).where(WebhookDelivery.state == "pending", settled)
    query = (
        select(WebhookEndpoint.id, WebhookEndpoint.topic, Tenant)
        .join(Tenant, Tenant.id == WebhookEndpoint.tenant_id)
        .where(WebhookEndpoint.id.in_(waiting), is_due)
        .order_by(WebhookEndpoint.next_try_at)
    )
    with open_session(Scope.platform("webhooks that are due")) as session:
        found = session.execute(query).all()
    for endpoint_id, topic, tenant in found:
        due = _Due(endpoint_id, topic, tenant, uuid.uuid4().hex)
        if is_topic_on(topic, tenant) and _claim(due):
            yield due


def _claim(due: _Due) -> bool:
    """Take the lease on an endpoint; false where another worker holds it."""
    now = utc_now()
    free = or_(
        WebhookEndpoint.claimed_until.is_(None),
        WebhookEndpoint.claimed_until < now,
        WebhookEndpoint.claimed_until > now + 2 * LEASE,  # a clock was wrong
    )
    return _update(due, free, claim=due.claim, claimed_until=now + LEASE)


def _release(due: _Due) -> None:
    _update(due, WebhookEndpoint.claim == due.claim, claim=None, claimed_until=None)


def _update(due: _Due, condition: ColumnElement[bool], **values: Any) -> bool:
    statement = update(WebhookEndpoint).where(WebhookEndpoint.id == due.id, condition)
    with open_session(Scope.own(due.tenant)) as session:
        changed = cast("CursorResult[Any]", session.execute(statement.values(**values)))
        return bool(changed.rowcount)


def _deliver_in_order(due: _Due, send: Send, allowed: AllowedTargets) -> None:
    """Deliver what waits at one endpoint until something is not taken or the round is over."""
    taken, ends = 0, monotonic() + LONGEST_ROUND
    try:
        while taken < MOST_IN_A_ROUND and monotonic() < ends:
            pending = _find_next(due)
            if pending is None or not _attempt(due, pending, send, allowed):
                break
            taken += 1
    finally:
        _release(due)


def _find_next(due: _Due) -> _Pending | None:
    """Find the oldest pending delivery, if it is settled and the endpoint is still claimed."""
    query = (
        select(WebhookDelivery, WebhookEndpoint)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(
            WebhookEndpoint.id == due.id,
            WebhookEndpoint.claim == due.claim,
            WebhookDelivery.state == "pending",
        )
        .order_by(WebhookDelivery.id)
        .limit(1)
    )
    with open_session(Scope.own(due.tenant)) as session:
        found = session.execute(query).first()
        if found is None or abs(utc_now() - found[0].created_at) < SETTLED:
            return None
        delivery, endpoint = found
        body = delivery.body.encode()
        headers = build_headers(endpoint.secret, delivery.event, delivery.key, body, utc_now())
        return _Pending(delivery.id, endpoint.url, body, headers)


def _attempt(due: _Due, pending: _Pending, send: Send, allowed: AllowedTargets) -> bool:
    """Send once and record what came of it; return whether it was taken."""
    error = ""
    try:
        send(pending.url, pending.body, pending.headers, allowed)
    except DeliveryError as failure:
        error = str(failure)
    with open_session(Scope.own(due.tenant)) as session:
        delivery = session.get(WebhookDelivery, pending.id)
        endpoint = session.get(WebhookEndpoint, due.id)
        if delivery is None or endpoint is None:
            return False  # removed in the meantime
        delivery.attempts += 1
        if error:
            _record_failure(session, due, endpoint, delivery, error)
        else:
            _record_success(endpoint, delivery)
    return not error


def _record_success(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> None:
    delivery.state, delivery.finished_at = "delivered", utc_now()
    endpoint.failures, endpoint.failing_since, endpoint.last_error = 0, None, ""


def _record_failure(
    session: Session, due: _Due, endpoint: WebhookEndpoint, delivery: WebhookDelivery, error: str
) -> None:
    now = utc_now()
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.last_error = error[:200]
    endpoint.next_try_at = now + BACKOFF.pause_after(endpoint.failures)
    given_up = BACKOFF.is_exhausted(delivery.attempts)
    if given_up:
        _give_up(session, delivery, now)
    log.warning(
        "webhook not delivered", tenant=due.tenant.division_code, topic=due.topic,
        delivery=delivery.id, attempts=delivery.attempts, given_up=given_up, reason=error,
    )  # fmt: skip


def _give_up(session: Session, delivery: WebhookDelivery, now: datetime) -> None:
    """Give up a delivery, and those behind it that have waited too long as well."""
    delivery.state, delivery.finished_at = "given_up", now
    session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == delivery.endpoint_id,
            WebhookDelivery.state == "pending",
            WebhookDelivery.created_at < now - LONGEST_WAIT,
        )
        .values(state="given_up", finished_at=now)
    )


def forget_deliveries() -> None:
    """Delete deliveries whose time is over, whatever became of them."""
    with open_session(Scope.platform("deliveries whose time is over")) as session:
        session.execute(
            delete(WebhookDelivery).where(WebhookDelivery.created_at < utc_now() - KEPT)
        )
