"""The fixed parts of 政府信息公开: always there, never empty, what is not known is left out."""

import pytest

from core.db.scope import open_session
from core.portal.guide import find_guide, list_rules
from core.portal.statutory_sections import SECTIONS
from core.tenancy.service import get_tenant
from core.testing.pages import url_for

GUIDE = {
    "office": "甲县政务公开办公室",
    "phone": "0100-5550102",
    "reading_places": ["甲县图书馆二楼"],
    "request_ways": ["当面提交"],
    "a_later_field": "ignored",
}


@pytest.fixture
def county_with_guide(tree):
    with open_session(None) as session:
        county = get_tenant(session, tree.county.division_code)
        county.profile = {
            "government_name": "甲县人民政府",
            "guide": GUIDE,
            "rules": [{"name": "甲县审查制度", "document_number": "甲政办发〔2023〕1号"}, {}],
        }
    return county


@pytest.mark.parametrize("part", [part.key for part in SECTIONS])
@pytest.mark.parametrize("place", ["county", "town", "village", "community"])
def test_every_part_says_something_on_every_level(client, tree, place, part):
    code = getattr(tree, place).division_code
    page = client.get(url_for("portal.disclosure_part", part, place=code))
    assert len(page.select("//main")[0].text_content().split()) > 10
    assert page.select("//main//p | //main//li")


def test_the_guide_shows_the_office_and_leaves_out_what_is_not_known(client, county_with_guide):
    page = client.get(url_for("portal.disclosure_part", "guide", place=county_with_guide))
    assert "甲县政务公开办公室" in page.text
    assert "甲县图书馆二楼" in page.text
    assert "传真" not in [term.text for term in page.select("//dt")]


def test_a_village_shows_its_countys_guide(client, tree, county_with_guide):
    page = client.get(url_for("portal.disclosure_part", "requests", place=tree.village))
    assert "0100-5550102" in page.text
    assert "当面提交" in page.text


def test_the_rules_of_the_place_come_first(client, county_with_guide):
    page = client.get(url_for("portal.disclosure_part", "system", place=county_with_guide))
    assert page.text.index("甲县审查制度") < page.text.index("国务院令第711号")


def test_an_unknown_part_is_an_unknown_address(client, tree):
    client.get(url_for("portal.disclosure_part", "nothing", place=tree.county), status=404)


def test_disclosure_begins_with_the_guide(client, tree):
    page = client.get(url_for("portal.disclosure", place=tree.county), status=302)
    assert page.location.endswith("/disclosure/guide/")


def test_the_lowest_guide_of_a_chain_counts(tree):
    tree.county.profile = {"guide": GUIDE}
    tree.town.profile = {"guide": {"office": "东镇党政办"}}
    assert find_guide([tree.county, tree.town]).office == "东镇党政办"
    assert find_guide([tree.county]).phone == "0100-5550102"
    assert find_guide([]).office == ""


def test_a_rule_without_a_name_is_none(tree):
    tree.county.profile = {"rules": [{"summary": "?"}, {"name": "制度", "date": "2023-06-19"}]}
    assert [rule.name for rule in list_rules([tree.county])] == ["制度"]
