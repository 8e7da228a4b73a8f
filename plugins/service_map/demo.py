"""Things to see in the demonstration: sixty points of the invented county, on an invented map."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Tenant, parse_phones, to_stored_hours, today, touch

from .manifest import NAME
from .models.point import PointClosure, PointMove, ServicePoint
from .points.values import set_values

# A few points were verified long ago: they stand on the desk.
VERIFIED_BEFORE, REVIEWED_AFTER = 20, 180
_PLAIN = ("name", "address", "lng", "lat", "details", "facilities", "way", "in_charge",
          "materials")  # fmt: skip


def load(session: Session, tenant: Tenant) -> None:
    """Put in the points of one place, once; what is there stays as it is."""
    there = select(ServicePoint.id).where(ServicePoint.tenant_id == tenant.id).limit(1)
    if session.scalar(there) is not None:
        return
    data = json.loads(Path(__file__).with_name("demo.json").read_text("utf-8"))["points"]
    for number, each in enumerate(data):
        if each["tenant"] == tenant.division_code:
            _add(session, tenant, each, number)


def _add(session: Session, tenant: Tenant, data: dict[str, Any], number: int) -> None:
    point = ServicePoint(tenant_id=tenant.id, state="public", datum="gcj02")
    offers = [
        {"name": name, "item_id": item_id, "materials": materials}
        for name, item_id, materials in data.get("services", ())
    ]
    set_values(
        point,
        {name: data[name] for name in _PLAIN if name in data}
        | {
            "type_key": data["type"],
            "hours_text": data["hours"],
            "hours": to_stored_hours(data["hours"]),
        }
        | {"phones": parse_phones(data["phones"]), "offers": offers},
    )
    point.verified_on = today() - timedelta(days=VERIFIED_BEFORE * (number % 11))
    point.review_on = point.verified_on + timedelta(days=REVIEWED_AFTER)
    if closure := data.get("closure"):
        point.closures.append(_to_closure(tenant, closure))
    if move := data.get("move"):
        moves_on = today() + timedelta(days=move.pop("in_days"))
        point.moves.append(PointMove(tenant_id=tenant.id, moves_on=moves_on, **move))
    session.add(point)
    session.flush()
    touch(session, NAME, point.id, tenant.id)


def _to_closure(tenant: Tenant, data: dict[str, Any]) -> PointClosure:
    first = today() + timedelta(days=data["in_days"])
    return PointClosure(
        tenant_id=tenant.id, starts_on=first, ends_on=first + timedelta(days=data["days"]),
        reason=data["reason"], instead=data["instead"],
    )  # fmt: skip
