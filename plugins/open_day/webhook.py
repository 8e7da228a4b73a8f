"""Tell another system that registrations changed: noted with the change, sent by the round.

What is told names the registration by its number only. Changes of a place go out in their order:
while one is not taken, those after it wait.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.sdk import Tenant, settings_of, utc_now
from plugins.open_day.manifest import NAME
from plugins.open_day.models import Delivery, OpenDayEvent
from plugins.open_day.webhook_sending import NotTaken, post

MOST_ATTEMPTS = 12
MOST_IN_A_ROUND = 200
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
Post = Callable[[str, bytes, Mapping[str, str]], None]

log = structlog.get_logger("gongkai.open_day")


def note_change(session: Session, event: OpenDayEvent) -> None:
    """Have a change told, where the place wants that; in the transaction of the change."""
    with session.no_autoflush:  # the move is not finished yet
        tenant = session.get(Tenant, event.tenant_id)
    if tenant is not None and settings_of(NAME, tenant)["webhook_url"]:
        session.add(Delivery(tenant_id=tenant.id, event=event))


def tell_changes(session: Session, tenant: Tenant, send: Post = post) -> int:
    """Send what waits at a place, the oldest first; how many were taken."""
    settings = settings_of(NAME, tenant)
    taken = 0
    while taken < MOST_IN_A_ROUND and (delivery := _next(session, tenant)) is not None:
        if not settings["webhook_url"]:  # nobody wants it any more
            session.delete(delivery)
        elif _send(delivery, tenant, settings, send):
            session.delete(delivery)
            taken += 1
        session.commit()  # what was taken is not sent again, whatever comes after
    return taken


def _next(session: Session, tenant: Tenant) -> Delivery | None:
    """The oldest that waits, if it is due."""
    query = select(Delivery).where(Delivery.tenant_id == tenant.id).order_by(Delivery.id).limit(1)
    found = session.scalar(query.options(joinedload(Delivery.event)))
    return found if found is not None and found.next_try_at <= utc_now() else None


def _send(delivery: Delivery, tenant: Tenant, settings: Mapping[str, str], send: Post) -> bool:
    """Send one; whether it is done with: taken, or given up."""
    body = body_of(delivery, tenant)
    stamp = str(int(utc_now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-Gongkai-Timestamp": stamp,
        "X-Gongkai-Signature": signature(settings["webhook_key"], stamp, body),
    }
    try:
        send(settings["webhook_url"], body, headers)
    except NotTaken as error:
        delivery.attempts += 1
        delivery.next_try_at = utc_now() + pause_after(delivery.attempts)
        given_up = delivery.attempts >= MOST_ATTEMPTS
        log.warning(
            "change not told", tenant=tenant.division_code, delivery=delivery.id,
            attempts=delivery.attempts, given_up=given_up, reason=str(error),
        )  # fmt: skip
        return given_up
    return True


def body_of(delivery: Delivery, tenant: Tenant) -> bytes:
    """What is told: the registration by its number, nothing about the person."""
    event = delivery.event
    told = {
        "event": "registration.changed",
        "delivery": delivery.id,
        "place": tenant.division_code,
        "open_day": event.open_day_id,
        "registration": event.registration_id,
        "change": event.move,
        "state": event.to_state,
        "at": event.at.isoformat(),
    }
    return json.dumps(told, sort_keys=True).encode()


def signature(key: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time and the body, so that nothing old can be sent again."""
    digest = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures: twice as long each time, up to six hours."""
    pause: timedelta = FIRST_PAUSE * 2 ** (attempts - 1)
    return min(pause, LONGEST_PAUSE)
