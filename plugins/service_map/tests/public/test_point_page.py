"""The page of one point: calls, hours, what is offered, the way in every map's own datum."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.testing.factories.plugins import choose_settings
from core.testing.pages import url_for
from plugins.service_map.models.point import PointClosure, PointMove
from plugins.service_map.tests.public.points import put_point

PHONE = {"number": "0999-5557726", "dial": "09995557726", "note": "夜间值班"}


@pytest.fixture
def point(own, county):
    """A point with everything that it may say."""
    made = put_point(
        own,
        county,
        "县政务大厅",
        lng=116.404,
        lat=39.915,
        address="新区路1号",
        phones=[PHONE],
        materials="身份证\n户口本",
        facilities=["lift"],
        access_note="按铃有人接",
        in_charge="大厅值班长",
        way="三路车到新区站",
        offers=[{"name": "社保卡申领", "materials": "照片"}],
    )
    kept = {"tenant_id": county.id, "point_id": made.id}
    own.add(PointClosure(starts_on=date(2026, 1, 1), reason="装修", instead="旧大厅", **kept))
    own.add(PointMove(moves_on=date(2099, 1, 1), address="新大楼", **kept))
    own.commit()
    return made


def links(client, point):
    page = client.get(url_for("plugin_service_map_point.show", point.id))
    return page, [link.get("href") for link in page.select("//ul[@class='points__ways']//a")]


def test_it_says_everything(client, point):
    page, _ways = links(client, point)
    for said in (
        "新区路1号", "夜间值班", "户口本", "社保卡申领", "照片", "大厅值班长", "三路车到新区站",
        "按铃有人接", "装修", "旧大厅", "新大楼", "2099-01-01",
        "周一至周五 08:30-12:00、14:30-18:00",
    ):  # fmt: skip
        assert said in page.text, said
    assert page.select("//a[@href='tel:09995557726']")


def test_every_map_gets_its_own_datum(client, point):
    # GCJ-02 as entered; BD-09 and WGS-84 as published for this very point.
    _page, ways = links(client, point)
    amap, baidu, tencent, tianditu, geo = ways
    assert "position=116.404000%2C39.915000" in amap
    assert "location=39.921337%2C116.410369" in baidu
    assert "coord%3A39.915000%2C116.404000" in tencent
    assert tianditu == "https://map.tianditu.gov.cn/?center=116.397756%2C39.913596&zoom=17"
    assert geo == "geo:39.913596,116.397756"


def test_where_the_county_forbids_it_nothing_is_converted_back(client, point, county):
    choose_settings("service_map", county, to_wgs84="0")
    _page, ways = links(client, point)
    assert len(ways) == 3
    assert not [way for way in ways if "39.9135" in way or "tianditu" in way]


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000"])
def test_what_was_entered_as_true_position_goes_to_every_map(client, own, county, datum):
    choose_settings("service_map", county, to_wgs84="0")
    at = {"lng": 116.397756, "lat": 39.913596, "datum": datum}
    entered = put_point(own, county, "县政务大厅", **at)
    own.commit()
    _page, ways = links(client, entered)
    amap, _baidu, _tencent, tianditu, geo = ways
    assert "position=116.404" in amap
    assert "center=116.397756%2C39.913596" in tianditu
    assert geo == "geo:39.913596,116.397756"


@pytest.fixture
def guarded(own, county):
    """A point with a telephone that is answered at night."""
    hours = "周一至周五 8:30-18:00;夜间值班电话 0999-5551234(18:00-次日8:00)"
    made = put_point(own, county, "派出所", hours_text=hours)
    own.commit()
    return made


@pytest.mark.parametrize(("hour", "calls"), [(3, ["tel:0999-5551234"]), (10, [])])
def test_at_night_the_duty_telephone_can_be_called(client, guarded, set_clock, hour, calls):
    set_clock(datetime(2026, 12, 1, hour, tzinfo=ZoneInfo("Asia/Shanghai")))
    page = client.get(url_for("plugin_service_map_point.show", guarded.id))
    assert page.select("//div[@class='page-head']//a/@href") == calls
