"""Tell another system that registrations changed: read from the day's record by the round.

What is told names the registration by its number only. Changes of a place go out in their order:
while one is not taken, those after it wait. Whoever registers waits for none of this.

Send one signed text to another system, and to nothing on this machine or its network card.

The name is looked up once and the connection goes to the address that was checked, so that a name
cannot lead elsewhere afterwards. Redirections are not followed.
"""

import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Callable, Mapping
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv6Address, ip_address
from time import monotonic
from urllib.parse import urlsplit

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.sdk import Tenant, settings_of, utc_now

from ..manifest import NAME
from ..models.registration import OpenDayEvent, WebhookCursor

LONGEST_WAIT = 5.0


class NotTaken(Exception):  # noqa: N818 - named for what it reports
    """The other system did not take what was sent."""


def may_reach(address: str) -> bool:
    """Whether changes may be sent to a network address; the office's own network is allowed."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return not (
        found.is_loopback
        or found.is_link_local
        or found.is_multicast
        or found.is_reserved
        or found.is_unspecified
    )


def post(url: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Send it; raises `NotTaken` where the answer is anything but a success."""
    try:
        status = _status(url, body, headers)
    except (OSError, HTTPException, ValueError) as error:
        raise NotTaken(f"{type(error).__name__}: {error}") from error
    if not 200 <= status < 300:
        raise NotTaken(f"status {status}")


def _status(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    connection = HTTPConnection(host, port, timeout=LONGEST_WAIT)
    connection.sock = _connected(host, port)
    try:
        if secure:
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def _connected(host: str, port: int) -> socket.socket:
    """A connection to the first address of the name, if it may be reached."""
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    )[0]
    if not may_reach(str(address[0])):
        raise OSError(f"{address[0]} is no address of another system")
    made = socket.socket(family, kind, protocol)
    made.settimeout(LONGEST_WAIT)
    try:
        made.connect(address)
    except OSError:
        made.close()
        raise
    return made


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


def send_changes(session: Session, tenant: Tenant, send: Post = post) -> int:
    """Send what a place's record has since the last time, the oldest first; how many were taken."""
    settings = settings_of(NAME, tenant)
    cursor = _cursor(session, tenant, wanted=bool(settings["webhook_url"]))
    taken, ends = 0, monotonic() + LONGEST_ROUND
    while cursor is not None and taken < MOST_IN_A_ROUND and monotonic() < ends:
        event = _next(session, cursor)
        if event is None:
            break
        if _send(event, cursor, tenant, settings, send):
            cursor.upto, cursor.attempts = event.id, 0
            taken += 1
        session.commit()  # what was taken is not sent again, whatever comes after
    return taken


def _cursor(session: Session, tenant: Tenant, *, wanted: bool) -> WebhookCursor | None:
    """How far a place is; forgotten where nobody wants to be told any more."""
    found = session.scalar(select(WebhookCursor).where(WebhookCursor.tenant_id == tenant.id))
    if not wanted:
        if found is not None:
            session.delete(found)
        return None
    if found is None:
        found = WebhookCursor(tenant_id=tenant.id, upto=_before_now(session, tenant))
        session.add(found)
        session.flush()
    return found


def _before_now(session: Session, tenant: Tenant) -> int:
    """The last event that is too old to be told to somebody new."""
    query = select(func.max(OpenDayEvent.id)).where(
        OpenDayEvent.tenant_id == tenant.id, OpenDayEvent.at < utc_now() - LOOKED_BACK
    )
    return session.scalar(query) or 0


def _next(session: Session, cursor: WebhookCursor) -> OpenDayEvent | None:
    """The oldest event of a registration that was not told, if it is due."""
    now = utc_now()
    if cursor.next_try_at > now:
        return None
    query = select(OpenDayEvent).where(
        OpenDayEvent.tenant_id == cursor.tenant_id,
        OpenDayEvent.id > cursor.upto,
        OpenDayEvent.registration_id.is_not(None),
    )
    found = session.scalar(query.order_by(OpenDayEvent.id).limit(1))
    return found if found is not None and found.at <= now - SETTLED else None


def _send(
    event: OpenDayEvent,
    cursor: WebhookCursor,
    tenant: Tenant,
    settings: Mapping[str, str],
    send: Post,
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
        cursor.attempts += 1
        cursor.next_try_at = utc_now() + pause_after(cursor.attempts)
        given_up = cursor.attempts >= MOST_ATTEMPTS
        log.warning(
            "change not told", tenant=tenant.division_code, event_id=event.id,
            attempts=cursor.attempts, given_up=given_up, reason=str(error),
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
