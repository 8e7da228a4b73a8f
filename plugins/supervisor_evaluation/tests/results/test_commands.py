"""Campaigns over the command line: listed, calculated from the scores and from a sheet alone."""

import pytest

from core import sdk
from core.sdk import file_store
from plugins.supervisor_evaluation.tests.results.scored import FEW, make_scored, publish


@pytest.fixture
def campaign(own, county, tree):
    return publish(own, county, make_scored(own, county, tree))


def run(gongkai, *arguments):
    ran = gongkai("evaluation", *arguments, "--json")
    assert ran.status == 0, ran.out + ran.err
    return ran.json


def test_campaigns_are_listed(gongkai, county, campaign):
    (listed,) = run(gongkai, "list", "--tenant", county.division_code)["campaigns"]
    assert (listed["id"], listed["state"], listed["subjects"]) == (campaign.id, "published", 7)
    assert listed["sheet_sha256"] == campaign.sheet_digest


def test_scores_and_sheet_give_the_same_results(gongkai, campaign, tmp_path):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(file_store().get(campaign.sheet_digest))
    stored = run(gongkai, "compute", str(campaign.id))
    alone = run(gongkai, "compute", str(campaign.id), "--sheet", str(path))
    assert stored["withheld"] == [FEW]
    assert len(stored["results"]) == 6
    assert all(one in stored["results"] for one in alone["results"])
    assert alone["results"][0] == {
        "subject": "县民政局", "group": "department", "score": 90.0, "rank": 1, "answers": 6,
    }  # fmt: skip


def test_a_sheet_is_calculated_without_the_database(gongkai, campaign, tmp_path, monkeypatch):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(file_store().get(campaign.sheet_digest))
    monkeypatch.setattr(sdk, "open_session", None)
    assert run(gongkai, "compute", "999", "--sheet", str(path))["results"]


def test_what_is_not_there_ends_in_one(gongkai, own, county, tree, tmp_path):
    assert gongkai("evaluation", "compute", "999", "--json").status == 1
    running = make_scored(own, county, tree)
    running.state = "scoring"
    own.commit()
    refused = gongkai("evaluation", "compute", str(running.id), "--json")
    assert refused.status == 1
    assert refused.json["error"]["code"] == "conflict"
    missing = gongkai("evaluation", "compute", "1", "--sheet", str(tmp_path / "no.xlsx"), "--json")
    assert missing.status == 1
    assert gongkai("evaluation", "list", "--json").status == 2
