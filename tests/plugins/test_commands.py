"""`gongkai plugin …` as scripts use it."""

import json

import pytest
from click.testing import CliRunner

from core.operations.checks import run_checks
from core.plugins.activation.enabled import is_on, report_fault
from core.plugins.admin.commands import plugin

pytestmark = pytest.mark.usefixtures("plugins")
COUNTY, TOWN, SISTER, VILLAGE = "990111", "990111100", "990111101", "990111100201"


@pytest.fixture
def run(app):
    def command(*words, status=0):
        ran = CliRunner().invoke(plugin, [*words, "--json"])
        assert ran.exit_code == status, ran.output
        return json.loads(ran.stdout) if status != 2 else None

    return command


def state(run, code, name="fair"):
    rows = run("list", "--tenant", code)["plugins"]
    return next(row for row in rows if row["name"] == name)


def test_listing_without_a_place_names_what_is_installed(run, tree):
    answer = run("list")
    rows = answer["plugins"]
    assert ([row["name"] for row in rows], answer["left_out"]) == (["fair", "stall", "well"], [])
    assert rows[0] == {
        "name": "fair", "version": "1.0", "state": None, "decision": None, "reason": None,
        "decided_at": None, "decided_on": None, "title": "插件fair", "on_at": 0,
    }  # fmt: skip


def test_on_holds_below_and_says_who_and_when(run, tree):
    answer = run("on", "fair", "--tenant", COUNTY, "--reason", "全县试行")
    assert answer["plugins"][0]["state"] == "on"
    assert len(answer["changes"]) == 7
    found = state(run, VILLAGE)
    assert (found["state"], found["decision"], found["decided_at"]) == ("on", None, COUNTY)
    assert found["reason"] == "甲县已开启。 全县试行"
    assert len(found["decided_on"]) == 10
    assert state(run, COUNTY)["decision"] == "on"


@pytest.mark.parametrize("word", ["on", "off", "pin", "forbid", "delegate"])
def test_every_word_is_this_nodes_decision(run, tree, word):
    run(word, "fair", "--tenant", TOWN)
    said = {"pin": "pinned", "forbid": "forbidden", "delegate": "delegated"}.get(word, word)
    assert state(run, TOWN)["decision"] == said
    assert state(run, TOWN)["state"] == ("on" if word in {"on", "pin"} else "off")
    run("inherit", "fair", "--tenant", TOWN)
    assert state(run, TOWN)["decision"] is None


def test_below_a_pin_another_word_ends_in_1(run, tree):
    run("pin", "fair", "--tenant", COUNTY)
    error = run("off", "fair", "--tenant", TOWN, status=1)["error"]
    assert (error["code"], error["where"]) == ("conflict", TOWN)
    assert state(run, TOWN)["state"] == "on"


def test_what_cannot_be_ends_in_1_and_wrong_usage_in_2(run, tree):
    assert run("on", "nothing", "--tenant", TOWN, status=1)["error"]["where"] == "nothing"
    assert run("on", "fair", "--tenant", "123456", status=1)["error"]["code"] == "not_found"
    run("on", "fair", status=2)
    run("on", "fair", "--tenant", TOWN, "--kind", "castle", status=2)


def test_a_person_acts_with_their_own_rights(run, tree, officers):
    run("on", "fair", "--tenant", COUNTY)
    run("off", "fair", "--tenant", TOWN, "--as", "town")
    denied = run("on", "fair", "--tenant", TOWN, "--as", "town", status=1)
    assert denied["error"]["code"] == "forbidden"
    run("on", "fair", "--tenant", TOWN, "--as", "county")
    assert run("on", "fair", "--tenant", TOWN, "--as", "none", status=1)


def test_many_at_once_with_a_dry_run_first(run, tree):
    words = ("on", "fair", "--tenant", COUNTY, "--level", "township")
    planned = run(*words, "--dry-run")
    assert planned["dry_run"]
    assert {row["tenant"] for row in planned["plugins"]} == {TOWN, SISTER}
    assert len(planned["changes"]) == 6
    assert not is_on("fair", tree.town)
    assert run(*words)["changes"] == planned["changes"]
    assert is_on("fair", tree.village)
    assert not is_on("fair", tree.county)
    run("off", "fair", "--tenant", COUNTY, "--kind", "village", "--kind", "community")
    assert not is_on("fair", tree.village)
    assert is_on("fair", tree.town)


def test_a_refused_place_is_named_in_the_dry_run(run, tree):
    run("forbid", "fair", "--tenant", TOWN)
    planned = run("on", "fair", "--tenant", SISTER, "--tenant", VILLAGE, "--dry-run")
    assert [row["tenant"] for row in planned["refused"]] == [VILLAGE]


def test_a_quarantine_shows_and_is_released(run, tree):
    run("on", "fair", "--tenant", COUNTY)
    for _ in range(5):
        report_fault("fair", tree.town, "home_blocks", "no")
    assert state(run, TOWN)["state"] == "quarantined"
    assert run("release", "fair", "--tenant", TOWN)["plugins"][0]["state"] == "on"
    assert run("release", "fair", "--tenant", TOWN, status=1)["error"]["code"] == "conflict"


def test_the_doctor_names_a_quarantine_with_place_and_remedy(run, app, tree):
    run("on", "fair", "--tenant", COUNTY)
    for _ in range(5):
        report_fault("fair", tree.town, "home_blocks", "no")
    [told] = [check for check in run_checks(app) if check.name.startswith("plugin ")]
    assert told.name == f"plugin fair at {TOWN}"
    assert tree.town.name in told.detail
    assert "home_blocks: no" in told.detail
    assert f"gongkai plugin release fair --tenant {TOWN}" in told.remedy
    run("release", "fair", "--tenant", TOWN)
    assert not [check for check in run_checks(app) if check.name.startswith("plugin ")]


def test_people_read_lines(app, tree):
    runner = CliRunner()
    assert "插件fair" in runner.invoke(plugin, ["list"]).stdout
    done = runner.invoke(plugin, ["on", "fair", "--tenant", TOWN, "--dry-run"])
    assert "off → on" in done.stdout
    assert "990111100" in runner.invoke(plugin, ["list", "--tenant", TOWN]).stdout
