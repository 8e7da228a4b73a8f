"""One county's catalog, changed from the command line at every level."""

import pytest

COUNTY, TOWN, SISTER = "999901", "999901100", "999901101"
VILLAGE = "999901100001"
ITEM = "999901-she-hui-jiu-zhu-003"


def shown(county, tenant, *words):
    return county.answer("catalog", "show", "--tenant", tenant, *words)["items"]


def test_an_item_is_a_row_with_origins(county, shared_data):
    table = shared_data / "messy" / "X_shehui_jiuzhu.xlsx"
    [read] = county.answer("catalog", "read", table)["catalogs"]
    row, item = read["rows"][2], shown(county, COUNTY, "--item", ITEM)[0]
    assert {name: item[name] for name in row} == row
    assert item["origin"]["channels"] == {"tenant": COUNTY, "revision": 1, "reason": None}


def test_a_township_refines_for_its_villages_and_not_for_its_sister(county):
    words = ("refine", "--tenant", TOWN, ITEM, "--set", "channels=政府网站;精准推送")
    assert county.run("catalog", *words).status == 2  # no reason
    waiting = county.answer("catalog", *words, "--reason", "本镇推送")
    assert set(waiting) == {"state", "change"}
    assert shown(county, TOWN, "--item", ITEM)[0]["defined_by"] == COUNTY
    county.answer("catalog", "approve", waiting["change"])
    seen = {code: shown(county, code, "--item", ITEM)[0] for code in (VILLAGE, SISTER)}
    assert seen[VILLAGE]["channels"] == ["政府网站", "精准推送"]
    assert seen[VILLAGE]["origin"]["channels"]["reason"] == "本镇推送"
    assert seen[SISTER]["channels"] != seen[VILLAGE]["channels"]
    [drift] = county.answer("catalog", "drift", "--under", COUNTY)["items"]
    values = drift["differences"][0]["values"]
    assert VILLAGE in values[1]["tenants"]
    assert SISTER in values[0]["tenants"]
    again = county.answer("catalog", "approve", waiting["change"], status=1)["error"]
    assert again["code"] == "conflict"
    assert again["where"] == str(waiting["change"])


def test_a_person_without_the_right_is_told_where(county):
    county.answer("user", "add", "zhao", "--name", "赵", "--password", "long enough")
    county.answer("user", "role", "zhao", "officer", "--tenant", TOWN)
    words = ("refine", "--tenant", COUNTY, ITEM, "--set", "seq=9", "--reason", "r", "--as", "zhao")
    error = county.answer("catalog", *words, status=1)["error"]
    assert (error["code"], error["where"]) == ("forbidden", COUNTY)
    assert "edit_catalog" not in error["message"]


def test_an_item_is_defined_as_it_is_shown_or_typed(county):
    item = shown(county, TOWN, "--item", ITEM)[0] | {"item_id": "999901101-own", "level2": "另一项"}
    typed = {
        "domain": "社会救助",
        "level1": "自选",
        "channels": "政府网站;精准推送",
        "mode": "主动",
        "time_limit": "及时公开",
        "levels": "乡级;村级",
        "audience": "低保户",
    }
    path = county.write("items.json", [item, typed])
    words = ("define", "--tenant", SISTER, "--from", path, "--approve")
    made = county.answer("catalog", *words)
    assert made["summary"] == {"define": 2}
    values = [change["value"] for change in made["changes"]]
    assert values[0]["time_limit"] == item["time_limit"]
    assert values[1]["channels"] == ["政府网站", "精准推送"]
    assert values[1]["levels"] == ["township", "village"]
    assert values[1]["time_limit"] == {"raw": "及时公开", "rule": None}
    assert county.answer("catalog", *words, status=1)["error"]["code"] == "conflict"


@pytest.mark.parametrize("content", ["[" * 100_000, '{"items": 5}', '"text"', "{"])
def test_a_definition_that_is_none_names_its_file(county, content):
    path = county.write("none.json", content)
    words = ("define", "--tenant", TOWN, "--from", path)
    assert county.answer("catalog", *words, status=1)["error"]["where"] == str(path)


@pytest.mark.parametrize(
    "content",
    [
        '{"domains": [{"name": "新", "order": "x"}]}',
        '{"domains": [{"name": "新", "aliases": 5}]}',
        '{"domain": "社会救助", "level1": "\\ud800"}',
    ],
)
def test_values_that_are_none_are_refused(county, content):
    path = county.write("wrong.json", content)
    words = ("define", "--tenant", TOWN, "--from", path)
    assert county.answer("catalog", *words, status=1)["error"]["code"] == "invalid"


def test_a_set_of_changes_is_checked_before_its_impact_is_shown(county):
    for change in ({"field": "colour"}, {"field": "seq", "kinds": 5}):
        wanted = {"changes": [{"op": "lock", "item_id": ITEM} | change]}
        path = county.write("changes.json", wanted)
        answer = county.answer("catalog", "impact", "--tenant", COUNTY, path, status=1)
        assert answer["error"]["code"] == "invalid"


def test_a_change_can_be_limited_to_a_kind_of_tenants(county):
    item = "999901-she-hui-jiu-zhu-004"
    words = ("--set", "seq=镇1", "--kind", "town", "--reason", "只对镇", "--approve")
    county.answer("catalog", "refine", "--tenant", COUNTY, item, *words)
    assert shown(county, TOWN, "--item", item)[0]["seq"] == "镇1"
    assert shown(county, COUNTY, "--item", item)[0]["seq"] != "镇1"


def test_what_has_no_levels_is_shown_everywhere_with_a_finding(county, shared_data):
    table = shared_data / "messy" / "B_shenong_butie.txt"
    words = ("import", table, "--tenant", COUNTY, "--approve")
    defined = county.answer("catalog", *words)["defined"]
    document = county.answer("catalog", "show", "--tenant", VILLAGE, "--domain", "涉农补贴")
    assert len(document["items"]) == len(document["findings"]) == defined
    assert {item["levels"] for item in document["items"]} == {None}
    path = county.folder / "table.docx"
    export = ("export", "--tenant", VILLAGE, "--domain", "涉农补贴", "--format", "docx", "-o", path)
    county.answer("catalog", *export)
    [read] = county.answer("catalog", "read", path)["catalogs"]
    for row, item in zip(read["rows"], document["items"], strict=True):
        assert {name: item[name] for name in row} == row
