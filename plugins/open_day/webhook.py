"""Tell another system that registrations changed: read from the day's record by the round.

What is told names the registration by its number only. Changes of a place go out in their order:
while one is not taken, those after it wait. Whoever registers waits for none of this.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from time import monotonic

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.sdk import Tenant, settings_of, utc_now
from plugins.open_day.manifest import NAME
from plugins.open_day.models import OpenDayEvent, Telling
from plugins.open_day.webhook_sending import NotTaken, post

MOST_ATTEMPTS = 12
# A slow system must not hold up the messages of other places.
MOST_IN_A_ROUND, LONGEST_ROUND = 200, 30.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
# Numbers are given before transactions end: a younger event may be seen before an older one.
SETTLED = timedelta(minutes=1)
# A place that has just set an address is told what happened since about then, not years ago.
LOOKED_BACK = timedelta(minutes=10)
Post = Callable[[str, bytes, Mapping[str, str]], None]

log = structlog.get_logger("gongkai.open_day")


def tell_changes(session: Session, tenant: Tenant, send: Post = post) -> int:
    """Send what a place's record has since the last time, the oldest first; how many were taken."""
    settings = settings_of(NAME, tenant)
    telling = _telling(session, tenant, wanted=bool(settings["webhook_url"]))
    taken, ends = 0, monotonic() + LONGEST_ROUND
    while telling is not None and taken < MOST_IN_A_ROUND and monotonic() < ends:
        event = _next(session, telling)
        if event is None:
            break
        if _send(event, telling, tenant, settings, send):
            telling.upto, telling.attempts = event.id, 0
            taken += 1
        session.commit()  # what was taken is not sent again, whatever comes after
    return taken


def _telling(session: Session, tenant: Tenant, *, wanted: bool) -> Telling | None:
    """How far a place is; forgotten where nobody wants to be told any more."""
    found = session.scalar(select(Telling).where(Telling.tenant_id == tenant.id))
    if not wanted:
        if found is not None:
            session.delete(found)
        return None
    if found is None:
        found = Telling(tenant_id=tenant.id, upto=_before_now(session, tenant))
        session.add(found)
        session.flush()
    return found


def _before_now(session: Session, tenant: Tenant) -> int:
    """The last event that is too old to be told to somebody new."""
    query = select(func.max(OpenDayEvent.id)).where(
        OpenDayEvent.tenant_id == tenant.id, OpenDayEvent.at < utc_now() - LOOKED_BACK
    )
    return session.scalar(query) or 0


def _next(session: Session, telling: Telling) -> OpenDayEvent | None:
    """The oldest event of a registration that was not told, if it is due."""
    now = utc_now()
    if telling.next_try_at > now:
        return None
    query = select(OpenDayEvent).where(
        OpenDayEvent.tenant_id == telling.tenant_id,
        OpenDayEvent.id > telling.upto,
        OpenDayEvent.registration_id.is_not(None),
    )
    found = session.scalar(query.order_by(OpenDayEvent.id).limit(1))
    return found if found is not None and found.at <= now - SETTLED else None


def _send(
    event: OpenDayEvent, telling: Telling, tenant: Tenant, settings: Mapping[str, str], send: Post
) -> bool:
    """Send one; whether it is done with: taken, or given up."""
    body = body_of(event, tenant)
    stamp = str(int(utc_now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-Gongkai-Timestamp": stamp,
        "X-Gongkai-Signature": signature(settings["webhook_key"], stamp, body),
    }
    try:
        send(settings["webhook_url"], body, headers)
    except NotTaken as error:
        telling.attempts += 1
        telling.next_try_at = utc_now() + pause_after(telling.attempts)
        given_up = telling.attempts >= MOST_ATTEMPTS
        log.warning(
            "change not told", tenant=tenant.division_code, event_id=event.id,
            attempts=telling.attempts, given_up=given_up, reason=str(error),
        )  # fmt: skip
        return given_up
    return True


def body_of(event: OpenDayEvent, tenant: Tenant) -> bytes:
    """What is told: the registration by its number, nothing about the person."""
    told = {
        "event": "registration.changed",
        "id": event.id,
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
