"""Where people come from: the villages and towns below a tenant, and the tenant itself."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Tenant, below, short_name

MOST_HOMES = 2_000


def homes_below(session: Session, tenant: Tenant) -> list[dict[str, Any]]:
    """Places to choose from, villages under their town, in the order of the tree."""
    query = select(Tenant).where(below(tenant.path), Tenant.status == "active")
    found = list(session.scalars(query.order_by(Tenant.path).limit(MOST_HOMES)))
    names = {place.id: place.name for place in found}
    return [
        {
            "value": place.id,
            "label": short_name(place.name),
            "group": names.get(place.parent_id or 0),
        }
        for place in sorted(found, key=lambda place: (place.parent_id or 0, place.division_code))
        if place.id != tenant.id or tenant.level == "village"
    ]


def read_home(session: Session, tenant: Tenant, value: str) -> int | None:
    """A place that was chosen; whatever lies elsewhere is none."""
    if not value.isdecimal() or len(value) > 9:
        return None
    query = select(Tenant.id).where(Tenant.id == int(value), below(tenant.path))
    return session.scalar(query)
