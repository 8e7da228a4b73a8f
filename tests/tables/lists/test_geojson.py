"""GeoJSON as a list: features are rows, properties are columns."""

import pytest

from core.tables.limits import UnreadableFile
from core.tables.lists.columns import ListColumn
from core.tables.lists.reading import read_list
from core.tables.lists.source import read_list_file

COLUMNS = (
    ListColumn("name", "名称", required=True), ListColumn("phone", "电话"),
    ListColumn("unit", "单位"), ListColumn("lng", "经度"), ListColumn("key", "编号"),
)  # fmt: skip
PLACED = """{"type": "FeatureCollection", "features": [
  {"type": "Feature", "id": 7, "geometry": {"type": "Point", "coordinates": [106.6, 35.9]},
   "properties": {"名称": "东站", "单位": ["甲村", "乙村"], "extra": {"x": 1}}},
  {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": []},
   "properties": {"名称": "西站", "电话": 13900001111}}]}"""


@pytest.mark.parametrize("name", ["points.geojson", "points.txt"])
def test_features_are_rows(name):
    source = read_list_file(PLACED.encode(), name)
    assert source.is_geojson
    read = read_list(source, COLUMNS)
    assert [row.place for row in read.rows] == ["第1行", "第2行"]
    first, second = (row.texts for row in read.rows)
    assert (first["name"], first["unit"], first["lng"], first["key"]) == (
        "东站", "甲村、乙村", "106.6", "7",
    )  # fmt: skip
    assert (second["phone"], second.get("lng", "")) == ("13900001111", "")


@pytest.mark.parametrize(("text", "code"), [
    ('{"features": ', "not-json"), ('{"features": 1}', "not-features"), ("[1]", "not-features"),
])  # fmt: skip
def test_json_that_is_no_geojson_says_so(text, code):
    with pytest.raises(UnreadableFile) as caught:
        read_list_file(text.encode(), "a.geojson")
    assert caught.value.code == code
    assert caught.value.message("en").startswith("a.geojson: ")


def test_other_texts_that_begin_with_a_brace_are_what_they_were():
    assert not read_list_file("{名称},电话\n甲,1\n".encode(), "a.csv").is_geojson
