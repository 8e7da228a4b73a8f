"""GeoJSON, feed, frame, screen and poster: what they say, and in which datum."""

import json
from datetime import timedelta

import pypdfium2
import pytest

from core.sdk import file_store
from core.testing.factories.plugins import choose_settings
from core.testing.pages import url_for
from plugins.service_map.models.point import PointPhoto
from plugins.service_map.tests.public.points import put_point

PHONE = {"number": "0999-5557726", "dial": "09995557726", "note": ""}


@pytest.fixture
def hall(own, county):
    at = {"lng": 116.404, "lat": 39.915, "type_key": "hall", "phones": [PHONE]}
    offers = [{"name": "社保卡申领", "item_id": "SB-1"}]
    made = put_point(own, county, "县政务大厅", offers=offers, **at)
    put_point(own, county, "查阅点", type_key="reading", hours_text="以电话为准")
    own.commit()
    return made


def load(client, **asked):
    answer = client.get(url_for("plugin_service_map_open.geojson", **asked))
    assert answer.headers["Content-Type"] == "application/geo+json"
    return json.loads(answer.data)["features"]


def test_geojson_is_in_wgs_84_and_says_what_the_page_says(client, hall):
    placed, unplaced = load(client)
    assert placed["geometry"] == {"type": "Point", "coordinates": [116.397756, 39.913596]}
    said = placed["properties"]
    assert (said["name"], said["datum"], said["phones"]) == (
        "县政务大厅",
        "wgs84",
        ["0999-5557726"],
    )
    assert said["services"] == [{"name": "社保卡申领", "item": "SB-1"}]
    assert said["structured_hours"]["rules"][0]["weekdays"] == [0, 1, 2, 3, 4]
    assert said["url"].startswith("http")
    assert unplaced["geometry"] is None
    assert unplaced["properties"]["structured_hours"] is None
    assert [one["properties"]["name"] for one in load(client, type="reading")] == ["查阅点"]


def test_geojson_keeps_the_datum_where_the_county_forbids_to_convert_back(client, hall, county):
    choose_settings("service_map", county, to_wgs84="0")
    placed, _unplaced = load(client)
    assert placed["geometry"]["coordinates"] == [116.404, 39.915]
    assert placed["properties"]["datum"] == "gcj02"


def test_the_feed_begins_with_what_changed_last(client, hall, own):
    hall.updated_at += timedelta(hours=1)
    own.commit()
    feed = client.get(url_for("plugin_service_map_open.feed")).data.decode()
    assert feed.index("县政务大厅") < feed.index("查阅点")


@pytest.mark.parametrize("endpoint", ["embed", "screen"])
def test_simple_pages_list_the_points(client, hall, endpoint):
    page = client.get(url_for(f"plugin_service_map_open.{endpoint}"))
    assert "县政务大厅" in page.text
    assert not page.select("//form")


def test_only_the_page_to_embed_may_be_framed(client, hall):
    for endpoint, words in (
        ("plugin_service_map_open.embed", "frame-ancestors *;"),
        ("plugin_service_map_open.screen", "frame-ancestors 'none';"),
    ):
        policy = client.get(url_for(endpoint)).headers["Content-Security-Policy"]
        assert words in policy


@pytest.mark.parametrize(("size", "width"), [("a4", 595), ("a3", 842), ("wall", 595)])
def test_the_poster_names_every_point(client, hall, size, width):
    answer = client.get(url_for("plugin_service_map_poster.poster", size=size))
    document = pypdfium2.PdfDocument(answer.data)
    page = document[0]
    assert round(page.get_width()) == width
    text = page.get_textpage().get_text_range()
    for said in ("县政务大厅", "查阅点", "0999-5557726", "以电话为准", "政务服务中心", "2. "):
        assert said in text, said


def test_a_long_poster_goes_on_overleaf(client, county, own):
    for number in range(110):
        put_point(
            own,
            county,
            f"便民服务站{number:03}",
            lng=106 + number / 99,
            lat=35.5,
            address="村部" * 20,
        )
    own.commit()
    answer = client.get(url_for("plugin_service_map_poster.poster"))
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) > 1
    texts = "".join(page.get_textpage().get_text_range() for page in document)
    assert all(f"便民服务站{number:03}" in texts for number in range(110))
    assert answer.data == client.get(url_for("plugin_service_map_poster.poster")).data


def test_a_photograph_is_shown_at_its_point_only(client, hall, own, county):
    kept = {"tenant_id": county.id, "media_type": "image/png", "width": 2, "height": 1}
    shown = PointPhoto(point_id=hall.id, digest=file_store().put(b"picture"), alt="正门", **kept)
    own.add(shown)
    own.commit()
    page = client.get(url_for("plugin_service_map_point.show", hall.id))
    [address] = page.select("//img[@alt='正门']/@src")
    picture = client.get(address)
    assert (picture.data, picture.headers["Content-Type"]) == (b"picture", "image/png")
    client.get(url_for("plugin_service_map_open.photo", hall.id + 1, shown.id), status=404)
