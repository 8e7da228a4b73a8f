"""A point as plain values by field: what its history, its imports and its forms compare."""

from collections.abc import Mapping
from typing import Any

from core.sdk import to_gcj02

from ..models.point import ServiceOffer, ServicePoint

COLUMNS = (
    "name", "type_key", "details", "organ_id", "address", "way", "lng", "lat", "datum", "phones",
    "in_charge", "materials", "facilities", "access_note", "hours", "hours_text", "state",
)  # fmt: skip
FIELDS = (*COLUMNS, "offers")


def to_values(point: ServicePoint) -> dict[str, Any]:
    """Return what a point says, by field."""
    return {name: getattr(point, name) for name in COLUMNS} | {
        "offers": [
            {"name": offer.name, "item_id": offer.item_id, "materials": offer.materials}
            for offer in point.offers
        ]
    }


def set_values(point: ServicePoint, values: Mapping[str, Any]) -> None:
    """Set fields of a point; its offers are replaced as a whole."""
    for name in COLUMNS:
        if name in values:
            setattr(point, name, values[name])
    if "offers" in values:
        point.offers = [
            ServiceOffer(tenant_id=point.tenant_id, position=position, **offer)
            for position, offer in enumerate(values["offers"])
        ]
    point.gcj_lng, point.gcj_lat = to_gcj02(point.lng, point.lat, point.datum or "gcj02")


def list_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return each field of `after` that differs, with its values before and after."""
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value
    }
