"""Which registrations this browser may change: those made or opened here with phone and code."""

from flask import session as cookie

from plugins.open_day.models import Registration

_KEY = "open_day"
MOST = 20


def hand_over(registration: Registration) -> None:
    """Let this browser change the registration from now on."""
    others = [code for code in cookie.get(_KEY, []) if code != registration.code]
    cookie[_KEY] = [registration.code, *others][:MOST]


def holds(registration: Registration) -> bool:
    """Whether this browser may change the registration."""
    return registration.code in cookie.get(_KEY, [])
