"""Browser authorisation for tickets and forms (a cookie), and rate limits of what anybody may do.

The limits are generous: a whole village may share one network address.
"""

import secrets
from datetime import timedelta

from flask import Response, after_this_request, request
from flask import session as cookie

from core.sdk import Context, after_commit, keyed_digest, rate_limit

from ..models.registration import Registration

_KEY, _BROWSER = "open_day", "open_day_browser"
MOST = 20
LONGEST_KEY = 40
# How many within how long: registrations made, phones that were registered already (who tries
# many wants to know whose they are), look-ups that found nothing, lists of units.
LIMITS = {
    "register": (40, timedelta(minutes=10)),
    "registered": (15, timedelta(minutes=10)),
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


def bind_to_browser(key: str | None) -> str | None:
    """Return a form's key as this browser's own: sent from another one it is another key."""
    if not key:
        return None
    browser = cookie.setdefault(_BROWSER, secrets.token_urlsafe(12))
    return keyed_digest("open_day.request", f"{browser}:{key}")[:LONGEST_KEY]


def _limit_key(ctx: Context, kind: str) -> str:
    return f"open_day.{kind}:{ctx.tenant.id}:{request.remote_addr or ''}"


def is_exceeded(ctx: Context, kind: str) -> bool:
    """Say whether the address of this request has done this too often of late."""
    return rate_limit.is_exceeded(_limit_key(ctx, kind), LIMITS[kind][0])


def hit(ctx: Context, kind: str) -> None:
    """Count one more at once, before the request has written anything."""
    rate_limit.hit(_limit_key(ctx, kind), *LIMITS[kind])


def hit_after_answer(ctx: Context, kind: str) -> None:
    """Count one more once the request has rolled back what it wrote."""
    key = _limit_key(ctx, kind)

    def count(response: Response) -> Response:
        rate_limit.hit(key, *LIMITS[kind])
        return response

    after_this_request(count)


def hit_after_commit(ctx: Context, kind: str) -> None:
    """Count one more if the request succeeds."""
    after_commit(ctx.session, rate_limit.hit, _limit_key(ctx, kind), *LIMITS[kind])
