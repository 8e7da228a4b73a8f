"""The public list: what fits, the nearest first, open now; without a script."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.sdk import hours_to_json, parse_hours
from core.testing.pages import COUNTY, url_for
from plugins.service_map.models.point import PointClosure
from plugins.service_map.tests.public.points import put_point

MONDAY_MORNING = datetime(2026, 11, 30, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


DUTY = {"number": "0999-5557726", "dial": "09995557726", "note": "值班"}


@pytest.fixture
def points(own, county, tree, set_clock):
    """Three points at growing distances from the village, and one without a position."""
    set_clock(MONDAY_MORNING)
    lift, card = {"facilities": ["lift"]}, {"offers": [{"name": "社保卡申领"}]}
    at = {"lat": 35.90, "hours_text": "以电话为准", "phones": [DUTY]}
    put_point(own, tree.village, "村服务站", lng=106.60, **at)
    at = {"lng": 106.65, "lat": 35.90, "type_key": "center", "facilities": ["lift", "toilet"]}
    near = put_point(own, tree.town, "镇服务中心", **at, **card)
    at = {"lng": 106.80, "lat": 35.90, "type_key": "hall", "address": "新区路1号"}
    put_point(own, county, "县政务大厅", hours_text="周二至周日 9:00-17:30", **at, **lift)
    put_point(own, county, "安全馆", hours_text="每天24小时")
    own.commit()
    return near


def names(page):
    """The points of the list, in their order."""
    return [link.text for link in page.select("//ol//*[@class='row__title']/a")]


def ask(client, place=COUNTY, **asked):
    return client.get(url_for("plugin_service_map.index", place=place, **asked))


def test_everything_is_listed_by_name_with_what_is_open(client, points):
    page = ask(client)
    assert names(page) == ["县政务大厅", "安全馆", "村服务站", "镇服务中心"]
    assert page.select("//a[@href='tel:09995557726']")


def test_the_nearest_come_first_from_a_village_and_unplaced_ones_last(client, points, tree):
    page = ask(client, near=tree.village.name)
    assert names(page) == ["村服务站", "镇服务中心", "县政务大厅", "安全馆"]
    assert "4.5" in page.text  # kilometres to the township, worked out by hand: 0.05 * 90.1 km


@pytest.mark.parametrize("near", ["106.80, 35.90", "35.90,106.80", "新区路1号", "县政务大厅"])
def test_places_may_be_typed_in_many_ways(client, points, near):
    assert names(ask(client, near=near))[0] == "县政务大厅"


def test_a_village_begins_at_itself(client, points, tree):
    assert names(ask(client, tree.village))[0] == "村服务站"


def test_a_place_that_nobody_knows_is_said_to_be_unknown(client, points):
    page = ask(client, near="不存在的地方")
    assert names(page)[0] == "县政务大厅"
    assert page.select("//div[contains(@class,'notice')]")


def test_several_places_of_a_name_are_offered(client, points, own, county):
    put_point(own, county, "县政务大厅分部", lng=106.7, lat=35.8)
    own.commit()
    page = ask(client, near="县政务大厅")
    assert len(page.select("//div[contains(@class,'notice')]//a[contains(@href,'near=')]")) == 2


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"open": "1"}, ["安全馆", "镇服务中心"]),
        ({"type": "hall"}, ["县政务大厅"]),
        ({"facility": "lift"}, ["县政务大厅", "镇服务中心"]),
        ({"facility": ["lift", "toilet"]}, ["镇服务中心"]),
        ({"service": "社保卡"}, ["镇服务中心"]),
        ({"service": "新区路"}, ["县政务大厅"]),
        ({"service": "100%"}, []),
        ({"type": "hall", "open": "1"}, []),
    ],
)
def test_filters(client, points, asked, expected):
    assert names(ask(client, **asked)) == expected


def test_what_is_closed_for_now_is_not_open(client, points, own):
    own.add(PointClosure(tenant_id=points.tenant_id, point_id=points.id, reason="装修",
                         starts_on=MONDAY_MORNING.date()))  # fmt: skip
    own.commit()
    assert names(ask(client, open="1")) == ["安全馆"]
    assert "装修" in ask(client).text


def test_the_answer_ends_when_the_first_point_closes(client, points, set_clock):
    assert "镇服务中心" in names(ask(client, open="1"))
    set_clock(MONDAY_MORNING.replace(hour=12))
    assert names(ask(client, open="1")) == ["安全馆"]
    set_clock(MONDAY_MORNING.replace(hour=14, minute=30))
    assert "镇服务中心" in names(ask(client, open="1"))


@pytest.mark.parametrize(("lang", "day"), [("zh", "12月1日周二 08:30"), ("en", "Tue, Dec 1 08:30")])
def test_when_it_opens_again_is_said_as_the_reader_writes_days(
    client, points, set_clock, lang, day
):
    set_clock(MONDAY_MORNING.replace(hour=20))
    client.cookie("gk_lang", lang)
    assert day in ask(client).text


def test_drafts_and_closed_points_are_not_listed(client, own, county):
    put_point(own, county, "草稿", state="draft")
    gone = put_point(own, county, "撤销", state="closed")
    own.commit()
    assert names(ask(client)) == []
    page = client.get(url_for("plugin_service_map_point.show", gone.id))
    assert "撤销" in page.text
    client.get(url_for("plugin_service_map_point.show", gone.id - 1), status=404)


def test_a_village_of_which_nobody_knows_where_it_is_looks_from_its_township(client, own, tree):
    put_point(own, tree.county, "县政务大厅", lng=106.60, lat=35.90)
    put_point(own, tree.town, "镇服务中心", lng=106.90, lat=35.90)
    own.commit()
    page = ask(client, tree.village)
    assert names(page) == ["镇服务中心", "县政务大厅"]


def test_what_is_open_is_what_the_clerk_has_confirmed(client, own, county, set_clock):
    set_clock(MONDAY_MORNING)
    stored = hours_to_json(parse_hours("每天24小时"))
    put_point(own, county, "自助服务区", hours_text="全年不打烊", hours=stored)
    own.commit()
    assert names(ask(client, open="1")) == ["自助服务区"]
    assert "每天 全天" in ask(client).text
