"""Service points put straight into the tables, as staff would have entered them."""

from core.sdk import hours_to_json, parse_hours
from plugins.service_map.models.point import ServicePoint
from plugins.service_map.points.values import set_values

OFFICE_HOURS = "周一至周五 8:30-12:00,14:30-18:00"


def put_point(session, tenant, name="便民服务站", **values):
    """A public point of a place, by default with office hours; positions are GCJ-02."""
    values = {"hours_text": OFFICE_HOURS, "state": "public", "datum": "gcj02"} | values
    hours = parse_hours(values["hours_text"])
    point = ServicePoint(tenant_id=tenant.id)
    set_values(point, {"name": name, "hours": hours_to_json(hours) if hours else None, **values})
    session.add(point)
    session.flush()
    return point
