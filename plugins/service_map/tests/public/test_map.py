"""The map's page and data: what it names, in which datum, and what the browser may ask for."""

import json

import pytest

from core.testing.factories.plugins import choose_settings
from core.testing.pages import url_for
from plugins.service_map.tests.public.points import put_point

BEIJING = {"lng": 116.404, "lat": 39.915}
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[116, 39], [117, 39], [117, 40], [116, 40], [116, 39]]],
}
TILES = "https://tiles.example.cn/vec/{z}/{x}/{y}.png?tk={key}"


@pytest.fixture
def hall(own, county):
    made = put_point(own, county, "县政务大厅", type_key="hall", **BEIJING)
    put_point(own, county, "没有位置的点")
    own.commit()
    return made


def load(client, **asked):
    return json.loads(client.get(url_for("plugin_service_map_map.data", **asked)).data)


def test_the_data_has_every_point_that_has_a_position(client, hall):
    data = load(client)
    [[number, lng, lat, kind, name]] = data["points"]
    assert (number, lng, lat, name) == (hall.id, 116.404, 39.915, "县政务大厅")
    assert data["types"][kind]["label"] == "政务服务中心"
    assert data.keys() == {"points", "types"}
    assert load(client, type="clinic")["points"] == []


def test_the_page_asks_nobody_else_for_anything(client, hall):
    page = client.get(url_for("plugin_service_map_map.show"))
    assert "县政务大厅" in page.text  # the list stands below
    policy = page.headers["Content-Security-Policy"]
    assert "img-src 'self' data:;" in policy
    plain = client.get(url_for("plugin_service_map.index"))
    assert "map-" not in "".join(plain.select("//script/@src"))


def test_tiles_of_the_county_and_points_in_their_datum(client, hall, county):
    choose_settings("service_map", county, tiles_url=TILES, tiles_key="k1")
    data = load(client)
    assert data["tiles"] == "https://tiles.example.cn/vec/{z}/{x}/{y}.png?tk=k1"
    assert data["points"][0][1:3] == [116.397756, 39.913596]  # published for this very point
    for endpoint, widened in (
        ("plugin_service_map_map.show", True),
        ("plugin_service_map.index", False),
    ):
        policy = client.get(url_for(endpoint)).headers["Content-Security-Policy"]
        assert ("img-src 'self' data: https://tiles.example.cn;" in policy) is widened
        assert "default-src 'self';" in policy


def test_tiles_that_would_need_a_forbidden_conversion_are_left_out(client, hall, county):
    choose_settings("service_map", county, tiles_url=TILES, to_wgs84="0")
    data = load(client)
    assert "tiles" not in data
    assert data["points"][0][1:3] == [116.404, 39.915]


def test_a_boundary_is_drawn_only_with_its_approval_number(client, hall, county):
    choose_settings("service_map", county, boundary=json.dumps(SQUARE))
    assert "boundary" not in load(client)
    choose_settings("service_map", county, approval_number="审图号：宁S〔2026〕第012号")
    data = load(client)
    assert data["note"] == "审图号：宁S〔2026〕第012号"
    # From the datum of the approved map to the one in which the points are drawn.
    corner = data["boundary"]["coordinates"][0][0][0]
    assert corner == pytest.approx([116.0062, 39.0013], abs=0.0005)
