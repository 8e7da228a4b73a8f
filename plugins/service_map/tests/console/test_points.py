"""Staff enter, find, change and verify points of their place and of those below."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.sdk import Scope, open_session
from core.testing.factories.catalog import define_items
from core.testing.pages import url_for
from plugins.service_map.models.point import PointHistory, ServicePoint
from plugins.service_map.tests.factories import make_point

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


def test_new_hours_are_shown_back_before_they_are_stored(client, county, sign_in_as):
    sign_in_as("officer", county)
    said = "周一至周五8:30-18:00，午休12:00-14:30"
    page = client.post(
        url_for("plugin_service_map_points.create"), NEW | {"hours": said}, status=200
    )
    assert "08:30-12:00、14:30-18:00" in page.text
    with open_session(Scope.platform("test")) as session:
        assert session.scalars(select(ServicePoint)).all() == []
    number = enter_point(client, county, hours=said, seen=said)
    assert load(number).hours_text == said
    assert load(number).hours["rules"][0]["periods"] == [["08:30", "12:00"], ["14:30", "18:00"]]


def test_hours_that_nobody_can_read_stay_in_the_offices_words(client, county, sign_in_as):
    sign_in_as("officer", county)
    said = "村干部在村时开门"
    page = client.post(
        url_for("plugin_service_map_points.create"), NEW | {"hours": said}, status=200
    )
    assert "以电话为准" in page.text
    number = enter_point(client, county, hours=said, seen=said)
    assert (load(number).hours, load(number).hours_text) == (None, said)


def test_a_swapped_pair_is_noticed_and_mended(client, county, sign_in_as):
    sign_in_as("officer", county)
    swapped = NEW | {"position": "35.732742,106.767898"}
    page = client.post(url_for("plugin_service_map_points.create"), swapped, status=422)
    assert page.select("//input[@name='mend']/@value") == ["turn"]
    number = enter_point(client, county, position="35.732742,106.767898", mend="turn")
    assert (load(number).lng, load(number).lat) == (106.767898, 35.732742)


def test_a_point_far_from_all_others_is_doubted_and_may_stay(client, county, sign_in_as, own):
    sign_in_as("officer", county)
    for number in range(6):
        own.add(make_point(county, name=f"点{number}", lng=106.6 + number / 100, lat=35.9))
    own.commit()
    far = NEW | {"position": "116.397,39.909"}
    page = client.post(url_for("plugin_service_map_points.create"), far, status=422)
    assert page.select("//input[@name='mend']/@value") == ["keep"]
    number = enter_point(client, county, position="116.397,39.909", mend="keep")
    assert load(number).lng == 116.397


def test_a_service_called_like_an_item_is_linked_to_it(client, county, sign_in_as):
    define_items(county, "jiuzhu", "社会救助", {"CN-jiuzhu-001": ("社保卡申领", ["county"])})
    sign_in_as("officer", county)
    page = client.get(url_for("plugin_service_map_points.new"))
    title = str(page.select("//datalist[@id='items']/option/@value")[0])
    number = enter_point(client, county, **{"name-0": title})
    assert load(number).offers[0].item_id == "CN-jiuzhu-001"
    wrong = NEW | {"item-0": "没有这个事项"}
    page = client.post(url_for("plugin_service_map_points.create"), wrong, status=422)
    assert page.select("//*[@id='item-0-error']")


def test_the_fields_of_a_type_are_asked_and_kept(client, county, sign_in_as):
    sign_in_as("officer", county)
    number = enter_point(client, county, type="hall", detail_windows="12", detail_self_service="1")
    assert load(number).details == {"windows": 12, "self_service": True}


def test_each_place_edits_its_own_and_the_county_all(client, county, tree, sign_in_as):
    sign_in_as("clerk", tree.village)
    number = enter_point(client, tree.village)
    listed = client.get(url_for("plugin_service_map_points.index", place=tree.village))
    assert NEW["name"] in listed.text
    client.get(url_for("plugin_service_map_points.index", place=tree.far_village), status=403)
    client.sign_out()
    sign_in_as("officer", county)
    assert NEW["name"] in client.get(url_for("plugin_service_map_points.index")).text
    saved = NEW | {"address": "新村部", "version": "1"}
    client.post(url_for("plugin_service_map_points.save", number, place=tree.village), saved)
    assert load(number).address == "新村部"


def test_many_points_are_changed_at_once(client, county, tree, sign_in_as, own):
    sign_in_as("officer", county)
    points = [make_point(county, name="甲"), make_point(tree.village, name="乙")]
    own.add_all(points)
    own.commit()
    ids = [str(point.id) for point in points]
    bulk = url_for("plugin_service_map_bulk.change")
    back = {"back": "/\nevil.example"}  # no header can hold it
    client.post(bulk, {"chosen": ids, "act": "verify", **back}, status=302)
    hours = {"chosen": ids, "act": "hours", "new_hours": "每天 8:00-18:00"}
    client.post(bulk, hours, status=302)
    assert {load(point.id).hours_text for point in points} == {"每天 8:00-18:00"}
    assert all(load(point.id).verified_on for point in points)


def test_points_that_nobody_verified_stand_on_the_desk(client, county, sign_in_as, own):
    sign_in_as("officer", county)
    own.add(make_point(county, name="甲"))
    own.commit()
    desk = client.get(url_for("console.home"))
    assert "待核实的服务点" in desk.text
    listed = client.get(url_for("plugin_service_map_points.index", attention="stale"))
    assert "甲" in listed.text


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
