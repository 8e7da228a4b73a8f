"""How often an address may register or look up: generous, as a whole village may share one.

Which registrations this browser may change: those made or opened here with phone and code.
"""

from datetime import timedelta

from flask import session as cookie
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.sdk import Tenant, utc_now

from ..models.registration import Attempt, Registration
from ..registrations.digests import address_digest

_KEY = "open_day"
MOST = 20


def grant(registration: Registration) -> None:
    """Let this browser change the registration from now on."""
    others = [code for code in cookie.get(_KEY, []) if code != registration.code]
    cookie[_KEY] = [registration.code, *others][:MOST]


def is_granted(registration: Registration) -> bool:
    """Whether this browser may change the registration."""
    return registration.code in cookie.get(_KEY, [])


# Kind → how many within how long: registrations made, look-ups that found nothing, lists of units.
LIMITS = {
    "register": (40, timedelta(minutes=10)),
    "look_up": (10, timedelta(minutes=10)),
    "nominate": (30, timedelta(minutes=10)),
}


def too_many(session: Session, tenant: Tenant, kind: str, address: str) -> bool:
    """Whether the address has done this too often of late."""
    most, span = LIMITS[kind]
    recent = session.scalar(
        select(func.count())
        .select_from(Attempt)
        .where(
            Attempt.tenant_id == tenant.id,
            Attempt.kind == kind,
            Attempt.address_digest == address_digest(address),
            Attempt.at > utc_now() - span,
        )
    )
    return (recent or 0) >= most


def count_attempt(session: Session, tenant: Tenant, kind: str, address: str) -> None:
    """Count one more."""
    session.add(Attempt(tenant_id=tenant.id, kind=kind, address_digest=address_digest(address)))
