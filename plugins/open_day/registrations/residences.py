"""Places of residence that a registration can name: the villages below a tenant, and itself."""

from typing import Any

from sqlalchemy import select

from core.sdk import Tenant, below, directory, short_name

MOST_RESIDENCES = 2_000


def _load_places(tenant: Tenant) -> list[Tenant]:
    query = select(Tenant).where(below(tenant.path), Tenant.status == "active")
    found = directory().scalars(query.order_by(Tenant.division_code).limit(MOST_RESIDENCES))
    return [place for place in found if place.id != tenant.id or tenant.level == "village"]


def list_residences(tenant: Tenant, *, villages_only: bool = False) -> list[dict[str, Any]]:
    """List places to choose from, villages under the name of their township."""
    places = _load_places(tenant)
    names = {place.id: short_name(place.name) for place in places}
    return [
        {
            "value": place.id,
            "label": short_name(place.name),
            "group": names.get(place.parent_id or 0, ""),
        }
        for place in places
        if not villages_only or (place.level == "village" and place.id != tenant.id)
    ]


def find_residence(tenant: Tenant, chosen: str) -> int | None:
    """Return the id of a place that was chosen; whatever lies elsewhere is none."""
    return next((place.id for place in _load_places(tenant) if str(place.id) == chosen), None)
