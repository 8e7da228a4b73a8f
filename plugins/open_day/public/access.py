"""Browser authorisation for tickets (a cookie), and rate limits of registering and looking up.

The limits are generous: a whole village may share one network address.
"""

from datetime import timedelta

from flask import request
from flask import session as cookie

from core.sdk import Context, after_commit, rate_limit

from ..models.registration import Registration

_KEY = "open_day"
MOST = 20
# How many within how long: registrations made, look-ups that found nothing, lists of units.
LIMITS = {
    "register": (40, timedelta(minutes=10)),
    "look_up": (10, timedelta(minutes=10)),
    "nominate": (30, timedelta(minutes=10)),
}


def grant(registration: Registration) -> None:
    """Let this browser change the registration from now on."""
    others = [code for code in cookie.get(_KEY, []) if code != registration.code]
    cookie[_KEY] = [registration.code, *others][:MOST]


def is_granted(registration: Registration) -> bool:
    """Say whether this browser may change the registration."""
    return registration.code in cookie.get(_KEY, [])


def _limit_key(ctx: Context, kind: str) -> str:
    return f"open_day.{kind}:{ctx.tenant.id}:{request.remote_addr or ''}"


def is_exceeded(ctx: Context, kind: str) -> bool:
    """Say whether the address of this request has done this too often of late."""
    return rate_limit.is_exceeded(_limit_key(ctx, kind), LIMITS[kind][0])


def hit(ctx: Context, kind: str) -> None:
    """Count one more at once, before the request has written anything."""
    rate_limit.hit(_limit_key(ctx, kind), *LIMITS[kind])


def hit_after_commit(ctx: Context, kind: str) -> None:
    """Count one more if the request succeeds."""
    after_commit(ctx.session, rate_limit.hit, _limit_key(ctx, kind), *LIMITS[kind])
