"""Results on the staff pages: everything for those who run campaigns, one's own for the others."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from core.sdk import Publication
from core.testing.factories.people import create_person
from core.testing.pages import url_for
from plugins.supervisor_evaluation.tests.results.scored import FEW, LAST, make_scored, publish

STAFF = "plugin_supervisor_evaluation_staff_results"


@pytest.fixture
def campaign(own, county, tree):
    return publish(own, county, make_scored(own, county, tree))


def find_subject(campaign, name):
    return next(one for one in campaign.subjects if one.name == name)


def sign_in_for(client, county, subject):
    """Sign in as a clerk of the subject's organ alone."""
    create_person("of-organ", "clerk", county, organ_id=subject.organ_id)
    client.sign_in("of-organ")


def test_those_who_run_campaigns_see_all_but_what_is_below_the_minimum(
    client, sign_in_as, county, campaign
):
    sign_in_as("officer", county)
    page = client.get(url_for(f"{STAFF}.show", campaign.id))
    assert "60.00" in page.text
    assert "单独反馈" in page.text
    assert "份数不足" in page.text
    assert "已公布总分平均为 86.67 分" in page.text
    sent = client.post(url_for(f"{STAFF}.export", campaign.id), status=200)
    sheets = [list(sheet.values) for sheet in openpyxl.load_workbook(io.BytesIO(sent.data))]
    (few,) = [row for row in sheets[0] if row[1] == FEW]
    assert few[2:6] == (None, None, None, None)
    assert not any(FEW in map(str, row) for row in sheets[1])
    assert any(LAST in map(str, row) for row in sheets[1])


def test_the_text_for_the_annual_report_becomes_a_draft_by_one_press(
    client, sign_in_as, own, county, campaign
):
    sign_in_as("officer", county)
    draft = client.post(url_for(f"{STAFF}.draft", campaign.id)).location
    assert "已公布总分平均为 86.67 分" in client.get(draft).text
    (made,) = own.scalars(select(Publication)).all()
    assert (made.state, "2026" in made.title) == ("draft", True)


def test_before_publication_there_is_no_text_for_the_report(client, sign_in_as, own, county, tree):
    waiting = make_scored(own, county, tree)
    own.commit()
    sign_in_as("officer", county)
    client.post(url_for(f"{STAFF}.draft", waiting.id), status=404)


def test_before_scoring_has_ended_the_page_says_so(client, sign_in_as, own, county, tree):
    running = make_scored(own, county, tree)
    running.state = "scoring"
    own.commit()
    sign_in_as("officer", county)
    client.get(url_for(f"{STAFF}.show", running.id), status=409)


def test_an_organ_sees_its_own_result_and_no_others(client, county, campaign):
    last = find_subject(campaign, LAST)
    sign_in_for(client, county, last)
    answers = client.get(url_for("plugin_supervisor_evaluation_answers.show", last.id))
    assert answers.select(f"//a[@href='{url_for(f'{STAFF}.own', last.id)}']")
    page = client.get(url_for(f"{STAFF}.own", last.id)).text
    assert "60.00" in page
    assert "不公布" in page
    other = find_subject(campaign, "县民政局")
    client.get(url_for(f"{STAFF}.own", other.id), status=403)
    client.get(url_for(f"{STAFF}.show", campaign.id), status=403)


def test_a_township_sees_its_own_result_at_home(client, sign_in_as, tree, campaign):
    west = find_subject(campaign, "西镇")
    sign_in_as("officer", tree.sister_town)
    there = url_for(f"{STAFF}.own", west.id, place=tree.sister_town)
    assert "70.00" in client.get(there).text
    east = find_subject(campaign, "东镇")
    client.get(url_for(f"{STAFF}.own", east.id, place=tree.sister_town), status=404)
    organ = find_subject(campaign, "县民政局")
    client.get(url_for(f"{STAFF}.own", organ.id, place=tree.sister_town), status=404)


def test_with_too_few_answers_not_even_the_office_is_told(client, county, campaign):
    few = find_subject(campaign, FEW)
    sign_in_for(client, county, few)
    page = client.get(url_for(f"{STAFF}.own", few.id)).text
    assert "份数不足" in page
    assert "70.00" not in page
