"""The public page shows figures, and names only where the office publishes them."""

import pytest

from core.testing.pages import url_for
from plugins.supervisor_evaluation.tests.factories import make_conflict, make_supervisor
from plugins.supervisor_evaluation.tests.results.scored import make_scored, publish

PAGE = "plugin_supervisor_evaluation.index"


@pytest.fixture
def members(county, own):
    """Two appointed supervisors, and one whose application was not taken."""
    own.add_all(
        [
            make_supervisor(county),
            make_supervisor(county, name="马志强", unit="县融媒体中心", phone="13900000000"),
            make_supervisor(county, name="李未聘", state="declined"),
        ]
    )
    own.commit()


def test_names_and_units_are_listed_but_no_telephones(client, members):
    page = client.get(url_for(PAGE)).text
    assert "马志强" in page
    assert "县融媒体中心" in page
    assert "13900000000" not in page
    assert "李未聘" not in page


def test_a_conflict_names_what_it_is_about(county, own, tree):
    supervisor = make_supervisor(county)
    own.add(supervisor)
    own.flush()
    conflict = make_conflict(supervisor, township_id=tree.town.id)
    own.add(conflict)
    own.commit()
    assert conflict.subject_key == ("township", tree.town.id)


def test_results_stand_above_who_supervises(client, county, own, tree):
    campaign = publish(own, county, make_scored(own, county, tree))
    page = client.get(url_for(PAGE))
    assert page.select("//main//h2/@id") == ["results", "supervisors"]
    [address] = page.select("//main//section[h2/@id='results']//li//a/@href")
    assert campaign.title in client.get(address).text
