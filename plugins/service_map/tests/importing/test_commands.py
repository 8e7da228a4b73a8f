"""Points over the command line: imported, listed from a place at a moment, converted."""

import pytest

LIST = (
    "名称,类型,乡镇,电话,开放时间,lng_gcj02,lat_gcj02\n"
    "政务服务中心,政务服务中心,县城,0999-5551000,周一至周五 8:30-12:00；14:30-18:00,106.60,35.90\n"
    "柳湾村便民服务站,便民服务站,东镇,13900008111,每天 8:00-18:00,106.70,35.90\n"
    "崾岘村便民服务站,便民服务站,西镇,,村干部在时,106.61,35.90\n"
)
MONDAY, SUNDAY = "2026-09-07T09:30", "2026-09-06T09:30"


@pytest.fixture
def imported(gongkai, county, tmp_path):
    """The file of the list, once imported."""
    path = tmp_path / "points.csv"
    path.write_text(LIST, encoding="utf-8")
    ran = gongkai("points", "import", str(path), "--tenant", county.division_code, "--json")
    assert ran.json == {
        "created": 3, "updated": 0, "unchanged": 0, "rejected": [], "findings": [],
    }  # fmt: skip
    return path


def run_list(gongkai, county, *options):
    ran = gongkai("points", "list", "--tenant", county.division_code, "--json", *options)
    assert ran.status == 0, ran.out + ran.err
    return ran.json["points"]


def test_a_list_is_imported_and_its_faults_end_in_one(gongkai, county, imported):
    imported.write_text(LIST + "己站,便民服务站,东镇,,,,35.9\n", encoding="utf-8")
    ran = gongkai("points", "import", str(imported), "--tenant", county.division_code, "--json")
    assert ran.status == 1
    assert (ran.json["unchanged"], ran.json["rejected"][0]["line"]) == (3, 5)
    assert "缺少" in ran.json["rejected"][0]["reason"]


def test_points_are_listed_from_a_place_at_a_moment(gongkai, county, tree, imported):
    near = run_list(gongkai, county, "--near", tree.sister_village.division_code)
    assert [row["name"] for row in near] == [
        "柳湾村便民服务站", "崾岘村便民服务站", "政务服务中心",
    ]  # fmt: skip
    assert [row["distance_m"] for row in near] == pytest.approx([0, 8106, 9007], abs=5)
    monday = {row["name"]: row for row in run_list(gongkai, county, "--open-at", MONDAY)}
    sunday = {row["name"]: row for row in run_list(gongkai, county, "--open-at", SUNDAY)}
    hall, words = "政务服务中心", "崾岘村便民服务站"
    assert (monday[hall]["open"], sunday[hall]["open"], monday[words]["open"]) == (
        True, False, None,
    )  # fmt: skip
    assert monday[hall]["next_change"].startswith("2026-09-07T12:00")
    assert monday[hall]["phone"] == "0999-5551000"


def test_services_narrow_the_list(gongkai, county, imported):
    assert len(run_list(gongkai, county, "--service", "柳湾")) == 1


def test_coordinates_are_converted_there_and_back(gongkai):
    words = ("points", "convert")
    there = gongkai(*words, "39.9087", "116.3975", "--from", "wgs84", "--to", "gcj02", "--json")
    assert (there.json["lat"], there.json["lon"]) == pytest.approx((39.9101, 116.4037), abs=1e-4)
    pair = [str(there.json[name]) for name in ("lat", "lon")]
    back = gongkai(*words, *pair, "--from", "gcj02", "--to", "wgs84", "--json")
    assert (back.json["lat"], back.json["lon"]) == pytest.approx((39.9087, 116.3975), abs=1e-7)


def test_what_cannot_be_read_is_said(gongkai, county, imported):
    code = county.division_code
    for words in (("--near", "北,南"), ("--near", "外星"), ("--open-at", "明天")):
        ran = gongkai("points", "list", "--tenant", code, "--json", *words)
        assert ran.status == 1
        assert ran.json["error"]["message"]
    broken = imported.with_name("a.geojson")
    broken.write_text("{", encoding="utf-8")
    ran = gongkai("points", "import", str(broken), "--tenant", code, "--json")
    assert "GeoJSON" in ran.json["error"]["fields"]["file"]
