"""Answers, panels and blocks: where to go, the nearest first, with what one can do at once."""

from datetime import date

import pytest

from core.sdk import Scope, open_session, touch
from core.testing.factories.catalog import define_items
from core.testing.kit import index_changes, open_search_index
from core.testing.pages import url_for
from core.testing.queries import counted
from plugins.service_map.models.point import PointClosure, ServiceOffer, ServicePoint

HOURS = {"rules": [{"weekdays": [0, 1, 2, 3, 4], "periods": [["08:30", "12:00"]]}]}
NAME = "service_map"
ITEM = "CN-shehuibaozhang-001"


def add_point(place, name, lng=None, lat=35.73, **fields):
    """Store a public point of a place; return its id."""
    offers = [ServiceOffer(tenant_id=place.id, **offer) for offer in fields.pop("offers", ())]
    placed = {"lng": lng, "lat": lat, "gcj_lng": lng, "gcj_lat": lat} if lng else {}
    with open_session(Scope.platform("test")) as session:
        point = ServicePoint(tenant_id=place.id, name=name, **{"type_key": "station"} | fields)
        for field, value in placed.items():
            setattr(point, field, value)
        point.offers = offers
        session.add(point)
        session.flush()
        touch(session, NAME, point.id, place.id)
        return point.id


@pytest.fixture
def points(county, tree):
    """Points of two villages, a township, the county, and a nearer one of another county."""
    open_search_index()
    social = {"name": "社保卡申领", "item_id": ITEM}
    found = {
        "own": add_point(tree.village, "崾岘村便民服务站", 106.70),
        "next": add_point(
            tree.sister_village,
            "柳湾村社保代办点",
            106.71,
            offers=[social],
            hours=HOURS,
            phones=[{"number": "0999-5551234", "note": ""}],
        ),
        "hall": add_point(county, "甲县政务服务中心", 106.9, type_key="hall", offers=[social]),
        "other": add_point(tree.other_village, "乙县社保代办点", 106.701, offers=[social]),
        "draft": add_point(tree.village, "社保筹备点", 106.70, offers=[social], state="draft"),
    }
    index_changes()
    return found


def ask(client, place, typed):
    """Ask the search box; return the page."""
    return client.get(url_for("search.page", place=place, q=typed))


CARDS = "//section[contains(@class,'answer-card')]"


@pytest.mark.parametrize("typed", ["哪里能办社保卡", "附近办社保卡的地方", "社保卡在哪儿办"])
def test_a_village_is_led_to_the_nearest_point_of_its_county(client, tree, points, typed):
    page = ask(client, tree.village, typed)
    titles = page.select(f"{CARDS}/h2/a/text()")
    assert titles[:2] == ["柳湾村社保代办点", "甲县政务服务中心"]
    assert not {"乙县社保代办点", "社保筹备点"} & set(titles)
    lines = page.select(f"({CARDS})[1]//li/text()")
    assert any("900" in line for line in lines)
    links = page.select(f"({CARDS})[1]//p/a/@href")
    assert links[0] == "tel:0999-5551234"
    assert links[1].endswith(f"/service-points/{points['next']}/#way")


def test_the_kind_of_point_itself_can_be_asked_for(client, tree, points):
    del points
    page = ask(client, tree.village, "最近的便民服务点")
    assert page.select(f"({CARDS})[1]/h2/a/text()") == ["崾岘村便民服务站"]


def test_a_place_that_is_named_is_where_one_looks_from(client, county, tree, points):
    del points
    page = ask(client, county, "柳湾村附近哪里能办社保卡")
    assert page.select(f"({CARDS})[1]/h2/a/text()") == ["柳湾村社保代办点"]


def test_a_village_that_is_nowhere_looks_from_its_township_and_tells_no_distance(
    client, tree, points
):
    with open_session(Scope.platform("test")) as session:
        session.delete(session.get_one(ServicePoint, points["own"]))
    add_point(tree.town, "东镇便民服务中心", 106.88, type_key="center")
    page = ask(client, tree.village, "哪里能办社保卡")
    assert page.select(f"({CARDS})[1]/h2/a/text()") == ["甲县政务服务中心"]
    assert "公里" not in "".join(page.select(f"({CARDS})[1]//li/text()"))


def test_other_questions_get_no_card_of_a_point(client, tree, points):
    del points
    assert not ask(client, tree.village, "社保卡申领条件").select(
        f"{CARDS}//a[starts-with(@href,'tel:')]"
    )


def test_the_card_says_the_hours_of_today_and_ends_with_them(client, tree, points, set_clock):
    set_clock(date(2026, 11, 30))  # a Monday, at midnight
    page = ask(client, tree.village, "哪里能办社保卡")
    assert "08:30-12:00" in "".join(page.select(f"({CARDS})[1]//li/text()"))
    set_clock(date(2026, 11, 29))
    with open_session(Scope.platform("test")) as session:
        session.add(
            PointClosure(
                tenant_id=tree.sister_village.id, point_id=points["next"],
                starts_on=date(2026, 11, 28), reason="搬迁中",
            )
        )  # fmt: skip
    page = ask(client, tree.village, "哪里能办社保卡")
    assert "搬迁中" in "".join(page.select(f"({CARDS})[1]//li/text()"))


def test_a_point_that_is_closed_for_good_is_led_to_no_more(client, tree, points):
    with open_session(Scope.platform("test")) as session:
        session.get_one(ServicePoint, points["next"]).state = "closed"
    page = ask(client, tree.village, "哪里能办社保卡")
    assert page.select(f"({CARDS})[1]/h2/a/text()") == ["甲县政务服务中心"]


def test_home_pages_say_where_to_go(client, tree, points):
    page = client.get(url_for("portal.home", place=tree.village))
    rows = page.select("//section[@aria-labelledby='service_map-service-points']//li//a/@href")
    assert any(f"/service-points/{points['own']}/" in row for row in rows)
    assert any(f"/service-points/{points['hall']}/" in row for row in rows)


def test_a_point_is_found_by_name_service_type_and_place(client, tree, points):
    for typed in ("社保代办点", "社保卡申领", "便民服务站", "柳湾村"):
        page = client.get(url_for("search.page", place=tree.county, q=typed, kind=NAME))
        links = page.select("//main//ol//a/@href")
        assert any(f"/service-points/{points['next']}/" in link for link in links), typed


def test_pages_of_catalog_items_show_the_nearest_that_offer_it(client, tree, points):
    define_items(tree.nation, "shebao", "社会保险", {ITEM: ("社保卡申领", ("county", "village"))})
    page = client.get(url_for("catalog.item", ITEM, place=tree.village))
    rows = page.select("//section[@aria-labelledby='service_map-service-points']//li")
    titles = [row.xpath(".//a/text()")[0] for row in rows]
    assert titles == ["柳湾村社保代办点", "甲县政务服务中心"]
    assert rows[0].xpath(".//a/@href")[1] == "tel:0999-5551234"
    assert "900" in rows[0].text_content()
    with open_session(Scope.platform("test")) as session:
        session.get_one(ServicePoint, points["next"]).state = "closed"
    page = client.get(url_for("catalog.item", ITEM, place=tree.village))
    assert "柳湾村社保代办点" not in page.text


def test_what_is_asked_of_the_database_does_not_grow_with_the_points(client, tree, points):
    del points

    def count_asked():
        ask(client, tree.village, "哪里能办社保卡 1")  # what is held of templates and words
        with counted() as sent:
            ask(client, tree.village, "哪里能办社保卡")
        return len(sent)

    add_point(tree.county, "城东社保代办点", 106.8)
    index_changes()
    few = count_asked()
    for number in range(12):
        add_point(tree.county, f"城西社保代办点{number}", 106.75 + number / 1000)
    index_changes()
    assert count_asked() <= few <= 45
