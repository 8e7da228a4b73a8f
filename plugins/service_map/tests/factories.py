"""Make service points."""

from core.sdk import to_stored_hours
from plugins.service_map.models.point import ServicePoint
from plugins.service_map.points.values import set_values


def make_point(tenant, **values):
    """Make a public point of a place, with its position (GCJ-02) and hours where they are given."""
    text = values.get("hours_text", "")
    plain = {"name": "便民服务站", "type_key": "station", "state": "public", "datum": "gcj02"}
    point = ServicePoint(tenant_id=tenant.id)
    set_values(point, plain | {"lng": None, "lat": None, "hours": to_stored_hours(text)} | values)
    return point
