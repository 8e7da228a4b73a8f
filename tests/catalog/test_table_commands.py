"""`gongkai catalog read|import` on the shared tables, as an operator would."""

import csv
import json

import pytest
from click.testing import CliRunner

from core.catalog.cli.commands import catalog
from core.catalog.domain.changes import Lock
from core.testing.factories.catalog import approve_changes, load_catalog

COUNTY, TOWN, VILLAGE = "990111", "990111100", "990111100201"


@pytest.fixture
def run(app):
    def invoke(*arguments, status=0):
        result = CliRunner().invoke(catalog, [*map(str, arguments), "--json"])
        assert result.exit_code == status, result.output + str(result.exception)
        return json.loads(result.stdout) if result.stdout.startswith("{") else None

    return invoke


@pytest.fixture
def relief(shared_data):
    return shared_data / "catalogs" / "shehui_jiuzhu.csv"


@pytest.fixture
def stored(tree, run, relief):
    """The nation has the table of social relief."""
    return run("import", relief, "--tenant", "CN", "--domain", "社会救助", "--approve")


def edited(source, target, **changes):
    """A copy of a table; `changes` are new texts by column, for its first row."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= changes
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return target


def test_read_shows_what_was_understood_and_stores_nothing(tree, run, shared_data):
    read = run("read", shared_data / "messy" / "A_shehui_jiuzhu.html")

    [found] = read["catalogs"]
    assert (found["domain"], len(found["rows"])) == ("社会救助", 13)
    assert found["rows"][0]["time_limit"] == {
        "raw": "制定或获取信息之日起10个工作日内",
        "rule": None,
    }
    assert set(read) == {"catalogs", "not_applicable", "findings"}
    assert run("show", "--tenant", "CN")["items"] == []


def test_a_table_becomes_a_layer_that_flows_down(stored, run):
    assert (stored["defined"], stored["refined"], stored["unchanged"]) == (13, 0, 0)
    assert stored["state"] == "approved"

    items = run("show", "--tenant", COUNTY, "--all-levels")["items"]

    assert len(items) == 13
    assert len(run("show", "--tenant", COUNTY)["items"]) == 11
    assert items[0]["item_id"] == "CN-she-hui-jiu-zhu-001"
    assert items[0]["domain_name"] == "社会救助"
    assert items[0]["extra"] == {}


def test_the_same_facts_in_another_layout_change_nothing(stored, run, shared_data):
    for name in ("A_shehui_jiuzhu.html", "X_shehui_jiuzhu.xlsx"):
        again = run("import", shared_data / "messy" / name, "--tenant", COUNTY, "--reason", "x")
        assert again["defined"] == again["proposed"] == 0
        assert again["refined"] + again["unchanged"] == 13


def test_importing_again_is_unchanged_and_makes_no_revision(stored, run, relief):
    again = run("import", relief, "--tenant", COUNTY, "--domain", "社会救助")

    assert again["unchanged"] == 13
    assert (again["state"], again["change"]) == ("unchanged", None)


def test_what_differs_is_refined_for_a_reason_and_after_review(stored, run, relief, tmp_path):
    changed = edited(relief, tmp_path / "t.csv", time_limit="及时公开", subject="")
    command = ("import", changed, "--tenant", COUNTY, "--domain", "社会救助")
    run(*command, status=2)

    waiting = run(*command, "--reason", "县局要求")

    assert (waiting["state"], waiting["refined"], waiting["unchanged"]) == ("in_review", 1, 12)
    first = run("show", "--tenant", COUNTY)["items"][0]
    assert first["time_limit"]["raw"] != "及时公开"
    run("approve", waiting["change"])
    first = run("show", "--tenant", VILLAGE, "--all-levels")["items"][0]
    assert first["time_limit"]["raw"] == "及时公开"
    assert first["origin"]["time_limit"]["reason"] == "县局要求"
    assert first["responsible_organ"] == ["县级政府民政部门", "乡镇政府(街道办事处)"]
    assert first["origin"]["responsible_organ"]["tenant"] == "CN"


def test_a_near_match_is_a_finding_until_it_is_answered(stored, run, relief, tmp_path):
    renamed = edited(relief, tmp_path / "t.csv", level2="政策法规文件汇编")
    command = ("import", renamed, "--tenant", COUNTY, "--domain", "社会救助", "--approve")

    preview = run(*command, "--preview")
    assert (preview["state"], preview["proposed"]) == ("preview", 1)
    assert preview["rows"][0]["outcome"] == "proposed"
    first = preview["rows"][0]["candidates"][0]
    assert any(first in finding["message"] for finding in preview["findings"])

    run(*command, "--match", "first", status=2)
    run(*command, "--match", "0.0=nothing", status=1)
    assert run(*command)["state"] == "unchanged"
    assert run(*command, "--match", f"0.0={first}")["unchanged"] == 13
    assert run(*command, "--match", "0.0=new")["defined"] == 1


def test_a_locked_field_is_not_refined_by_an_import(tree, stored, run, relief, tmp_path):
    approve_changes(tree.nation, Lock("CN-she-hui-jiu-zhu-001", "time_limit"))
    changed = edited(relief, tmp_path / "t.csv", time_limit="及时公开")

    answer = run("import", changed, "--tenant", COUNTY, "--domain", "社会救助", "--reason", "x")

    assert (answer["refined"], answer["state"]) == (0, "unchanged")
    assert [f["field"] for f in answer["findings"] if f["severity"] == "warning"] == ["time_limit"]


def test_a_compilation_defines_several_domains_and_says_what_does_not_apply(tree, run, shared_data):
    answer = run(
        "import", shared_data / "messy" / "E_huibian_zhen.txt", "--tenant", TOWN, "--approve"
    )

    assert answer["defined"] == 33
    shown = load_catalog(tree.village)
    assert len(shown.domains) == 7
    assert len(shown.not_applicable) == 3
    assert all(source.reason for source in shown.not_applicable.values())


@pytest.mark.parametrize("kind", ["xlsx", "docx", "html", "csv", "json"])
def test_what_is_exported_says_the_same_again(stored, run, tmp_path, kind):
    run("refine", "--tenant", COUNTY, "CN-she-hui-jiu-zhu-001", "--set", "mode=on_request",
        "--reason", "x", "--approve")  # fmt: skip
    file = tmp_path / f"table.{kind}"
    export = ("export", "--tenant", COUNTY, "--format", kind, "-o", file)

    written = run(*export, "--all-levels")

    assert (written["format"], written["items"]) == (kind, 13)
    if kind == "json":
        assert len(json.loads(file.read_text())["catalogs"][0]["rows"]) == 13
        return
    again = run("import", file, "--tenant", COUNTY, "--domain", "社会救助")
    assert (again["state"], again["unchanged"]) == ("unchanged", 13)
    assert run(*export)["items"] == 11
    above = run("import", file, "--tenant", "CN", "--domain", "社会救助", "--preview")
    assert above["refined"] == 1


def test_export_refuses_what_cannot_be(stored, run, tmp_path):
    file = tmp_path / "t.csv"
    export = ("export", "--tenant", COUNTY, "-o")
    run(*export, file, "--format", "pdf", status=2)
    run(*export, tmp_path / "no" / "t.csv", "--format", "csv", status=1)
    run(*export, file, "--format", "csv", "--domain", "无此领域", status=1)
    run(*export, file, "--format", "csv", "--at", "1999-01-01", status=1)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.csv"), (b"no table here", "t.txt"), (b"\x00\x01\x02", "t.xlsx")],
)
def test_files_without_a_catalog_end_in_one(tree, run, tmp_path, content, name):
    file = tmp_path / name
    file.write_bytes(content)

    for command in (("read", file), ("import", file, "--tenant", COUNTY)):
        error = run(*command, status=1)["error"]
        assert name in error["message"]


def test_refusals(tree, run, relief):
    run("read", "/no/such/file.csv", status=1)
    run("import", relief, "--tenant", COUNTY, status=1)
    run("import", relief, "--tenant", "404404", "--domain", "社会救助", status=1)
    run("import", relief, "--domain", "社会救助", status=2)
    run("import", relief, "--tenant", COUNTY, "--domain", "social-relief", status=1)
