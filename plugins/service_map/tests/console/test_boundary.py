"""The boundary of the county: a file or pasted, checked, kept where nobody touches it."""

import io
import json

import pytest

from core.sdk import get_plugin_settings
from core.testing.pages import url_for

RING = [[106.0, 35.0], [107.0, 35.0], [107.0, 36.0], [106.0, 36.0], [106.0, 35.0]]
OUTLINE = json.dumps({"type": "Polygon", "coordinates": [RING]}, indent=1)


@pytest.fixture
def page(client, county, sign_in_as):
    """The settings of the map, and what their form sends as it stands."""
    sign_in_as("officer", county)
    return client.get(url_for("plugins_settings.edit", "service_map"))


def filled(page):
    boxes = page.select("//main//input[@name and not(@type='file')]")
    ticked = [box for box in boxes if box.get("type") != "checkbox" or box.get("checked")]
    data = {box.get("name"): box.get("value") or "" for box in ticked}
    for box in page.select("//main//textarea"):
        data[box.get("name")] = (box.text or "").lstrip("\n").replace("\n", "\r\n")
    return data


def stored(county):
    return get_plugin_settings("service_map", county)["boundary"]


def test_it_is_uploaded_as_a_file_and_stays_until_somebody_changes_it(client, page, county):
    address = url_for("plugins_settings.edit", "service_map")
    assert page.select("//textarea[@name='boundary']")
    (chooser,) = page.select("//input[@type='file']")
    assert chooser.get("accept") == ".geojson,.json"
    outline = (io.BytesIO(OUTLINE.encode()), "county.geojson")
    client.post(address, data=filled(page) | {"file-boundary": outline}, status=302)
    assert json.loads(stored(county)) == json.loads(OUTLINE)
    again = client.get(address)
    assert len(again.select("//input[@name='seen-boundary']/@value")[0]) == 64
    changed = filled(again) | {"review_days": "90"}
    client.post(address, data=changed, status=302)
    assert get_plugin_settings("service_map", county)["review_days"] == 90
    assert json.loads(stored(county)) == json.loads(OUTLINE)


def test_it_is_pasted_in_a_large_field(client, page, county):
    ring = [[106 + step / 10_000, 35.0] for step in range(9_000)]
    large = json.dumps({"type": "Polygon", "coordinates": [[*ring, [106.5, 36.0], ring[0]]]})
    assert len(large) > 100_000
    client.post(
        url_for("plugins_settings.edit", "service_map"),
        data=filled(page) | {"boundary": large}, status=302,
    )  # fmt: skip
    assert stored(county) == large


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ((b"\x89PNG\r\n\x1a\n\x00\x01\xff\xfe", "a.png"), "不是"),
        ((b'{"type": "Point", "coordinates": [1, 2]}', "a.json"), "不是含有 Polygon"),
        ((b"x" * 500_001, "a.json"), "500000"),
    ],
)
def test_what_is_no_outline_is_said_at_the_field(client, page, county, sent, words):
    data = filled(page) | {"file-boundary": (io.BytesIO(sent[0]), sent[1])}
    answer = client.post(url_for("plugins_settings.edit", "service_map"), data=data, status=422)
    assert words in answer.text
    assert stored(county) == ""
