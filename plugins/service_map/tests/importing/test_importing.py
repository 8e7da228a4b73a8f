"""Lists of points: read, merged with what was edited here, undone as a whole."""

import io
import json
import re

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.sdk import (
    OPERATOR,
    Context,
    Datum,
    GeoPosition,
    Scope,
    convert_position,
    open_session,
    read_sent_list,
)
from core.testing.factories.plugins import choose_settings
from core.testing.pages import url_for
from plugins.service_map.importing.reading import prepare_import
from plugins.service_map.importing.rows import ImportOptions
from plugins.service_map.importing.service import apply_import, undo_import
from plugins.service_map.models.point import ServicePoint
from plugins.service_map.points.service import edit_point

HEAD = "名称,类型,乡镇,地址,电话,开放时间,经度,纬度\n"
GOOD = (
    HEAD + "东镇便民服务中心,便民服务中心,东镇,人民路1号,0999-5550001,每天,106.60,35.90\n"
    "柳湾村便民服务站,便民服务站,东镇,村部,13900008111,周一至周五,106.61,35.91\n"
    "崾岘村便民服务站,便民服务站,西镇,村部,,农历逢二五八赶集,106.62,35.92\n"
)
# Twelve kinds of faulty rows, each with the word that says what is wrong.
FAULTY = {
    ",便民服务站,东镇,村部,,,106.6,35.9": "单元格为空",
    f"{'长' * 121},便民服务站,东镇,村部,,,106.6,35.9": "120",
    "甲站,宇航站,东镇,村部,,,106.6,35.9": "宇航站",
    "乙站,便民服务站,北镇,村部,,,106.6,35.9": "北镇",
    "丙站,便民服务站,东镇,村部,打电话,,106.6,35.9": "打电话",
    "丁站,便民服务站,东镇,村部,,,,35.9": "缺少经度或纬度",
    "戊站,便民服务站,东镇,村部,,,106.6,": "缺少经度或纬度",
    "己站,便民服务站,东镇,村部,,,35.9,106.6": "写反",
    "庚站,便民服务站,东镇,村部,,,16.6,35.9": "不在中国",
    "辛站,便民服务站,东镇,村部,,,东经一百度,35.9": "东经一百度",
    "柳湾村便民服务站,便民服务站,东镇,别处,,,106.6,35.9": "第3行",
    f"壬站,便民服务站,东镇,{'远' * 201},,,106.6,35.9": "200",
}


def prepare(ctx, text, name="points.csv", **options):
    data = text if isinstance(text, bytes) else text.encode()
    return prepare_import(ctx, read_sent_list(data, name), ImportOptions(**options))


def load(session, name):
    query = select(ServicePoint).where(ServicePoint.name == name)
    return session.scalar(query.options(selectinload(ServicePoint.offers)))


@pytest.fixture
def ctx(own, county):
    """The operator at the county, who reaches all of it."""
    return Context(own, county, OPERATOR)


@pytest.mark.both_databases
def test_the_shared_list_comes_twice_and_is_undone(ctx, own, shared_data):
    data = (shared_data / "docs/service_points.csv").read_bytes()
    first = prepare(ctx, data)
    assert first.plan.counts == {"created": 28, "updated": 0, "unchanged": 0}
    assert [fault.place for fault in first.found.read.faults] == ["第10行", "第25行"]
    made = apply_import(ctx, "service_points.csv", first.plan)
    assert prepare(ctx, data).plan.counts == {"created": 0, "updated": 0, "unchanged": 28}
    assert apply_import(ctx, "service_points.csv", prepare(ctx, data).plan) is None
    assert load(own, "望川县政务服务中心").hours["rules"]
    assert undo_import(ctx, made).deleted == 28
    assert own.scalars(select(ServicePoint)).all() == []


def test_faulty_rows_are_left_out_and_each_says_why(ctx):
    prepared = prepare(ctx, GOOD + "\n".join(FAULTY) + "\n")
    assert len(prepared.found.rows) == 3
    said = {
        int(re.search(r"\d+", found["where"])[0]): found["message"]
        for found in prepared.to_findings()
        if found["severity"] == "error"
    }
    wrong = {line: said.get(line, "") for line in range(5, 17)}
    for (line, message), word in zip(wrong.items(), FAULTY.values(), strict=True):
        assert word in message, (line, message)


@pytest.mark.both_databases
def test_a_changed_list_brings_what_differs_and_keeps_what_was_edited(ctx, own):
    apply_import(ctx, "a.csv", prepare(ctx, GOOD).plan)
    center = load(own, "东镇便民服务中心")
    edit_point(ctx, center, {"address": "人民路2号（新大厅）", "way": "一路车"})
    changed = GOOD.replace("人民路1号", "人民路9号").replace("0999-5550001", "0999-5550009")
    changed = changed.replace("13900008111", "13900008222")
    prepared = prepare(ctx, changed)
    assert prepared.plan.counts == {"created": 0, "updated": 2, "unchanged": 1}
    assert [change.merged.kept for change in prepared.plan.kept] == [("address",)]
    made = apply_import(ctx, "b.csv", prepared.plan)
    assert center.address == "人民路2号（新大厅）"
    assert center.way == "一路车"
    assert center.phones[0]["dial"] == "09995550009"
    again = prepare(ctx, changed)
    assert again.plan.counts == {"created": 0, "updated": 0, "unchanged": 3}
    undo_import(ctx, made)
    assert center.phones[0]["dial"] == "09995550001"
    assert center.address == "人民路2号（新大厅）"
    assert load(own, "柳湾村便民服务站").phones[0]["dial"] == "13900008111"
    assert prepare(ctx, changed).plan.counts == {"created": 0, "updated": 2, "unchanged": 1}


def test_rows_belong_to_the_place_that_they_name(ctx, own, tree):
    apply_import(ctx, "a.csv", prepare(ctx, GOOD).plan)
    assert load(own, "东镇便民服务中心").tenant_id == tree.town.id
    assert load(own, "柳湾村便民服务站").tenant_id == tree.sister_village.id
    assert load(own, "崾岘村便民服务站").tenant_id == tree.far_village.id


def to_xlsx():
    book = Workbook()
    book.active.append(["2026年便民服务点一览表"])
    for line in GOOD.splitlines():
        cells = line.split(",")
        book.active.append([float(c) if re.fullmatch(r"[0-9]+\.[0-9]+", c) else c for c in cells])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def to_geojson():
    names = HEAD.strip().split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in GOOD.splitlines()[1:]]
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [float(row.pop("经度")), float(row.pop("纬度"))],
            },
            "properties": row,
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.parametrize(
    ("data", "name", "datum"),
    [(to_xlsx(), "a.xlsx", "gcj02"), (to_geojson(), "a.geojson", "wgs84")],
)
def test_workbooks_and_geojson_are_lists_too(ctx, own, data, name, datum):
    apply_import(ctx, name, prepare(ctx, data, name).plan)
    point = load(own, "东镇便民服务中心")
    assert (round(point.lng, 6), round(point.lat, 6), point.datum) == (106.6, 35.9, datum)
    assert (point.gcj_lng != point.lng) is (datum == "wgs84")


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("139 0000 8111/139 0000 8112", ["139 0000 8111", "139 0000 8112"]),
        ("(0954)7012345", ["(0954)7012345"]),
        ("0954-7012345转8001", ["0954-7012345"]),
        ("0954-7012345、13900008111", ["0954-7012345", "13900008111"]),
        ("12345 政务服务热线；110", ["12345", "110"]),
    ],
)
def test_telephone_numbers_are_read_as_lists_write_them(ctx, cell, numbers):
    read = prepare(ctx, f"名称,电话\n甲站,{cell}\n").found.rows[0].values["phones"]
    assert [phone["number"] for phone in read] == numbers


@pytest.mark.parametrize(
    ("lng", "lat"), [("106.6°", "35.9度"), ("东经106.6", "北纬35.9"), ("E106.6", "N35.9")]
)
def test_degrees_are_read_as_lists_write_them(ctx, lng, lat):
    row = prepare(ctx, f"名称,经度,纬度\n甲站,{lng},{lat}\n").found.rows[0]
    assert row.values["position"] == [106.6, 35.9, "gcj02"]


def test_places_are_named_by_code_too(ctx, tree):
    codes = (tree.town.division_code, f"{tree.town.division_code}000", tree.village.division_code)
    rows = "".join(f"{number}站,{code}\n" for number, code in enumerate((*codes, "123")))
    prepared = prepare(ctx, f"名称,区划代码\n{rows}")
    assert [row.tenant.id for row in prepared.found.rows] == [
        tree.town.id, tree.town.id, tree.village.id,
    ]  # fmt: skip
    assert prepared.to_findings()[0]["where"] == "第5行"


def test_swapped_pairs_are_turned_where_that_is_asked_for(ctx):
    row = "己站,便民服务站,东镇,村部,,,35.9,106.6\n"
    assert prepare(ctx, GOOD + row).plan.counts["created"] == 3
    turned = prepare(ctx, GOOD + row, turn_swapped=True)
    assert turned.found.rows[-1].values["position"] == [106.6, 35.9, "gcj02"]


def test_a_point_far_from_all_others_of_a_first_list_is_refused(ctx):
    rows = "".join(f"{n}站,便民服务站,东镇,,,,106.6{n},35.9\n" for n in range(5))
    prepared = prepare(ctx, HEAD + rows + "远站,便民服务站,东镇,,,,116.40,39.90\n")
    assert [row.values["name"] for row in prepared.found.rows] == [f"{n}站" for n in range(5)]
    assert "不在本县" in prepared.to_findings()[0]["message"]


def test_an_outline_tells_a_wrong_datum_from_a_wrong_place(ctx, county):
    east, north = convert_position(GeoPosition(106.6, 35.9, Datum.WGS84), Datum.GCJ02).pair
    ring = [[106.599, 35.899], [106.601, 35.899], [106.601, 35.901], [106.599, 35.901]]
    outline = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    choose_settings("service_map", county, boundary=json.dumps(outline), tiles_datum="wgs84")
    row = "甲站,便民服务站,东镇,,,,{lng},{lat}\n"
    good = prepare(ctx, HEAD + row.format(lng=east, lat=north), datum=Datum.GCJ02)
    assert len(good.found.rows) == 1
    wrong = prepare(ctx, HEAD + row.format(lng=106.6, lat=35.9), datum=Datum.GCJ02)
    assert "另一种坐标系" in wrong.to_findings()[0]["message"]


def test_a_point_edited_since_stays_when_its_import_is_undone(ctx, own):
    made = apply_import(ctx, "a.csv", prepare(ctx, GOOD).plan)
    edit_point(ctx, load(own, "柳湾村便民服务站"), {"address": "新村部"})
    undone = undo_import(ctx, made)
    assert (undone.deleted, undone.kept) == (2, ("柳湾村便民服务站",))
    assert load(own, "柳湾村便民服务站").address == "新村部"


def test_the_clerk_sees_the_list_before_it_is_stored_and_undoes_it(client, county, sign_in_as):
    sign_in_as("officer", county)
    upload = {"file": (io.BytesIO(GOOD.encode()), "站点.csv"), "act": "preview"}
    page = client.post(url_for("plugin_service_map_imports.take"), upload, status=200)
    assert "柳湾村便民服务站" in page.text
    with open_session(Scope.platform("test")) as session:
        assert session.scalars(select(ServicePoint)).all() == []
    form = {name: page.select(f"//input[@name='{name}']/@value")[0]
            for name in ("act", "rows", "datum", "filename")}  # fmt: skip
    client.post(url_for("plugin_service_map_imports.take"), form, status=302)
    page = client.get(url_for("plugin_service_map_imports.index"))
    assert "站点.csv" in page.text
    undo = page.select("//form[contains(@action, '/undo/')]/@action")[0]
    client.post(undo, {}, status=302)
    with open_session(Scope.platform("test")) as session:
        assert session.scalars(select(ServicePoint)).all() == []


def test_a_list_in_another_datum_than_it_says_is_noticed(ctx):
    apply_import(ctx, "points.csv", prepare(ctx, GOOD).plan)
    text = HEAD
    for number, line in enumerate(GOOD.splitlines()[1:]):
        ours = GeoPosition(106.60 + number / 100, 35.90 + number / 100, Datum.GCJ02)
        lng, lat = convert_position(ours, Datum.BD09).pair
        text += f"{line.rsplit(',', 2)[0]},{lng:.6f},{lat:.6f}\n"
    said = [finding["message"] for finding in prepare(ctx, text).to_findings()]
    assert "BD-09" in said[0]
    right = prepare(ctx, text, datum=Datum.BD09).to_findings()
    assert not any("BD-09" in finding["message"] for finding in right)
