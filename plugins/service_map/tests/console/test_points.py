"""Staff enter, find, change and verify points of their place and of those below."""

import pytest
from sqlalchemy.orm import selectinload

from core.sdk import Scope, open_session
from core.testing.pages import url_for
from plugins.service_map.models.point import PointHistory, ServicePoint

NEW = {
    "name": "石桥镇便民服务中心",
    "type": "center",
    "address": "石桥镇人民路",
    "phones": "0999-5557726\n139 0000 8111 夜间值班",
    "hours": "周一至周五 8:30-12:00,14:30-18:00",
    "position": "106.767898, 35.732742",
    "datum": "gcj02",
    "state": "public",
    "facilities": ["step_free"],
    "name-0": "社保卡申领",
    "materials-0": "身份证",
}


def load(point_id):
    """A stored point, with what it offers."""
    with open_session(Scope.platform("test")) as session:
        return session.get(ServicePoint, point_id, options=[selectinload(ServicePoint.offers)])


def enter_point(client, place, **changes):
    """Enter a point over the form; return its id."""
    page = client.post(url_for("plugin_service_map_points.create", place=place), NEW | changes)
    return int(page.location.rstrip("/").rpartition("/")[2])


def test_a_point_is_entered_changed_verified_and_listed(client, county, sign_in_as):
    sign_in_as("officer", county)
    number = enter_point(client, county)
    point = load(number)
    assert (point.lng, point.gcj_lat, point.datum) == (106.767898, 35.732742, "gcj02")
    assert point.phones[1] == {
        "number": "139 0000 8111",
        "dial": "13900008111",
        "note": "夜间值班",
    }
    assert [offer.name for offer in point.offers] == ["社保卡申领"]

    changed = NEW | {"address": "石桥镇新区路", "version": str(point.version)}
    client.post(url_for("plugin_service_map_points.save", number), changed)
    client.post(url_for("plugin_service_map_points.verify", number))
    assert load(number).address == "石桥镇新区路"
    assert load(number).verified_on is not None
    with open_session(Scope.platform("test")) as session:
        acts = session.query(PointHistory).order_by(PointHistory.id).all()
    assert [act.event for act in acts] == ["create", "edit", "verify"]
    assert acts[1].changes == {"address": ["石桥镇人民路", "石桥镇新区路"]}
    public = client.get(url_for("plugin_service_map.index"))
    assert "石桥镇新区路" in public.text
    assert public.select("//a[@href='tel:09995557726']")


@pytest.mark.parametrize(
    ("field", "wrong"), [("name", " "), ("phones", "村部"), ("position", "106.7"), ("type", "x")]
)
def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(
    client, county, sign_in_as, field, wrong
):
    sign_in_as("officer", county)
    page = client.post(
        url_for("plugin_service_map_points.create"), NEW | {field: wrong}, status=422
    )
    assert page.select(f"//*[@id='{field}-error']")
    assert page.select("//input[@name='address']/@value") == ["石桥镇人民路"]
    assert page.select("//input[@name='name-0']/@value") == ["社保卡申领"]
