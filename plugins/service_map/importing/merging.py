"""What a list would do to the points that are there: what it creates, changes and leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.sdk import Datum, GeoPosition, MergedFields, merge_fields, to_stored_hours

from ..models.point import ServicePoint
from .rows import PointRow

_AT_ONCE = 500
# Fields of a list that are columns of a point as they are.
_PLAIN = ("name", "type_key", "address", "phones", "hours_text", "materials", "in_charge", "way",
          "access_note")  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One row, the point that it is (`None`: a new one), and what it brings."""

    row: PointRow
    point: ServicePoint | None
    merged: MergedFields


@dataclass(slots=True)
class PointImportPlan:
    """What an import does: points to create, to change, and those it leaves as they are."""

    created: list[PlannedChange] = field(default_factory=list)
    updated: list[PlannedChange] = field(default_factory=list)
    unchanged: list[PlannedChange] = field(default_factory=list)

    @property
    def kept(self) -> list[PlannedChange]:
        """Points of which something that was edited here stays, though the list says otherwise."""
        return [each for each in (*self.updated, *self.unchanged) if each.merged.kept]

    def list_positions(self) -> list[tuple[GeoPosition, GeoPosition]]:
        """List the positions of rows, each beside the one that its point has."""
        return [
            (_to_position(each.row.values["position"]), known)
            for each in (*self.updated, *self.unchanged)
            if each.row.values.get("position") and (known := each.point and each.point.entered)
        ]

    @property
    def counts(self) -> dict[str, int]:
        """How many points are created, updated, unchanged."""
        return {name: len(getattr(self, name)) for name in ("created", "updated", "unchanged")}


def plan_import(session: Session, tenants: Iterable[int], rows: list[PointRow]) -> PointImportPlan:
    """Compare rows with the points of these places: by the list's key, else by place and name."""
    points = _load_points(session, tenants)
    by_key = {point.external_key: point for point in points if point.external_key}
    by_name = {(point.tenant_id, point.name): point for point in points if not point.external_key}
    plan, taken = PointImportPlan(), set[int]()
    for row in rows:
        point = by_key.get(row.key) or by_name.get((row.tenant.id, row.values["name"]))
        if point is None or point.id in taken:
            plan.created.append(PlannedChange(row, None, MergedFields(dict(row.values))))
            continue
        taken.add(point.id)
        change = PlannedChange(
            row, point, merge_fields(point.imported, to_list_values(point), row.values)
        )
        (plan.updated if change.merged.taken else plan.unchanged).append(change)
    return plan


def _load_points(session: Session, tenants: Iterable[int]) -> list[ServicePoint]:
    query = select(ServicePoint).options(selectinload(ServicePoint.offers))
    ids, points = sorted(tenants), list[ServicePoint]()
    for first in range(0, len(ids), _AT_ONCE):
        some = ServicePoint.tenant_id.in_(ids[first : first + _AT_ONCE])
        points += session.scalars(query.where(some).order_by(ServicePoint.id))
    return points


def _to_position(position: Any) -> GeoPosition:
    lng, lat, datum = position
    return GeoPosition(lng, lat, Datum(datum))


def to_list_values(point: ServicePoint) -> dict[str, Any]:
    """Return what a point says, as a list would say it."""
    position = None if point.lng is None else [point.lng, point.lat, point.datum]
    offers = [offer.name for offer in point.offers]
    return {name: getattr(point, name) for name in _PLAIN} | {
        "position": position,
        "offers": offers,
    }


def to_point_values(taken: Mapping[str, Any], point: ServicePoint | None = None) -> dict[str, Any]:
    """Convert values of a list to those of a point; services that stay keep their links."""
    values = {name: taken[name] or ([] if name == "phones" else "")
              for name in _PLAIN if name in taken}  # fmt: skip
    if "hours_text" in taken:
        values["hours"] = to_stored_hours(taken["hours_text"] or "")
    if "position" in taken:
        lng, lat, datum = taken["position"] or (None, None, point.datum if point else "gcj02")
        values |= {"lng": lng, "lat": lat, "datum": datum}
    if "offers" in taken:
        old = {offer.name: offer for offer in point.offers} if point else {}
        values["offers"] = [_to_offer(name, old.get(name)) for name in taken["offers"] or ()]
    return values


def _to_offer(name: str, old: Any) -> dict[str, Any]:
    return {
        "name": name,
        "item_id": old.item_id if old else None,
        "materials": old.materials if old else "",
    }
