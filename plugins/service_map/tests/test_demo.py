"""The demonstration's points: as many as promised, each of a place of its county."""

import csv
import json
from pathlib import Path

from sqlalchemy import select

from core.sdk import Scope, distance_between, open_session
from plugins.service_map import demo
from plugins.service_map.models.point import ServicePoint

PLUGIN = Path(demo.__file__).parent
DIVISIONS = PLUGIN.parents[1] / "tenants/demo-county/divisions.csv"
POINTS = json.loads(PLUGIN.joinpath("demo.json").read_text("utf-8"))["points"]


def test_the_county_has_sixty_points_of_its_own_places():
    with DIVISIONS.open(encoding="utf-8-sig") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    assert len(POINTS) == 60
    assert {point["tenant"] for point in POINTS} <= codes
    hall = (POINTS[0]["lng"], POINTS[0]["lat"])
    placed = [(point["lng"], point["lat"]) for point in POINTS if point["lng"]]
    assert 25_000 < max(distance_between(hall, pair) for pair in placed) < 45_000


def test_the_points_of_a_place_are_put_in_once(county, monkeypatch):
    monkeypatch.setattr(county, "division_code", "990101")
    for _time in range(2):
        with open_session(Scope.own(county)) as session:
            demo.load(session, county)
    with open_session(Scope.own(county)) as session:
        points = session.scalars(select(ServicePoint).order_by(ServicePoint.id)).all()
        assert len(points) == 10
        assert [len(point.closures) for point in points].count(1) == 1
        assert points[0].hours
        assert points[0].offers[0].item_id
        assert all(point.gcj_lng for point in points)
