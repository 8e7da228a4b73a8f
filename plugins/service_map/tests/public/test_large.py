"""Two thousand points: how many statements list and map data ask.

How long they take with 20,000 is measured by `python -m tests.bench nearby`.
"""

import random

import pytest
from sqlalchemy import insert

from core.sdk import Scope, open_session, to_stored_hours
from core.testing.pages import url_for
from core.testing.queries import counted
from plugins.service_map.models.point import ServicePoint

POINTS, MOST_STATEMENTS = 2_000, 20
HOURS = [
    f"周一至周五 {begin}:{minute:02}-12:00,14:{minute:02}-{end}:30"
    for begin in (8, 9) for minute in (0, 15, 30, 45) for end in (17, 18)
] + ["以电话为准", "每天24小时", "周二至周日 9:00-17:30", ""]  # fmt: skip
PAGES = {
    "list": ("plugin_service_map.index", {}),
    "nearest": ("plugin_service_map.index", {"near": "106.6,35.9"}),
    "open, nearest": ("plugin_service_map.index", {"near": "106.6,35.9", "open": "1"}),
    "filtered": (
        "plugin_service_map.index",
        {"service": "站", "facility": "lift", "type": "station"},
    ),
    "map data": ("plugin_service_map_map.data", {}),
}


@pytest.fixture
def many(app, county, tree):
    """Points over a county of 120 by 110 km."""
    chance = random.Random(13)
    rows = []
    for number in range(POINTS):
        lng, lat, hours = 106 + chance.random() * 1.3, 35.4 + chance.random(), chance.choice(HOURS)
        rows.append(
            {
                "tenant_id": (county.id, tree.town.id, tree.village.id)[number % 3],
                "name": f"便民服务站{number}", "type_key": chance.choice(("station", "hall")),
                "details": {}, "address": f"第{number % 700}村村部", "way": "",
                "lng": lng, "lat": lat, "gcj_lng": lng, "gcj_lat": lat, "datum": "gcj02",
                "phones": [{"number": "0999-5551000", "dial": "09995551000", "note": ""}],
                "facilities": ["lift"] if number % 5 == 0 else [],
                "hours": to_stored_hours(hours) if hours else None, "hours_text": hours,
                "state": "public",
            }
        )  # fmt: skip
    with open_session(Scope.platform("test")) as session:
        session.execute(insert(ServicePoint), rows)


@pytest.mark.both_databases
def test_pages_ask_little(client, many):
    for name, (endpoint, asked) in PAGES.items():
        client.get(url_for(endpoint, **asked, lang="zh"))  # what is read once
        with counted() as sent:
            # An address of its own: no kept page answers.
            client.get(url_for(endpoint, **asked, page=2, lang="zh"))
        assert len(sent) <= MOST_STATEMENTS, name
