"""Village items and government items on the same thing, side by side on both sides' pages."""

import pytest
from sqlalchemy import select

from core.catalog.domain.changes import Define, DefineDomain
from core.catalog.editing.review import approve_revision, submit_revision
from core.db.scope import Scope, open_session
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import OPERATOR
from core.publishing.item_links import (
    decide_link,
    link_items,
    list_counterparts,
    list_linked_items,
    list_links,
    propose_links,
)
from core.publishing.models import ItemLink
from core.testing.factories.trees import TOWN, VILLAGE
from core.testing.pages import url_for

pytestmark = pytest.mark.both_databases

VILLAGE_ITEM, GOVERNMENT_ITEM, OTHER = "CN-cunwu-001", "CN-jiuzhu-001", "CN-xiangmu-001"


def item(item_id: str, name: str, elements: list[str], levels: list[str]) -> Define:
    domain = item_id.split("-")[1]
    fields = {"domain": domain, "level1": name, "content_elements": elements, "levels": levels}
    return Define(item_id, fields)


@pytest.fixture
def catalog(app, tree):
    """Three items of the nation: a village's, the government's on the same, and another."""
    changes = [
        *(DefineDomain(key, name) for key, name in (
            ("cunwu", "村务"), ("jiuzhu", "社会救助"), ("xiangmu", "重大建设项目"),
        )),
        item(VILLAGE_ITEM, "农村最低生活保障对象名单", ["户主", "保障人口", "金额"], ["village"]),
        item(GOVERNMENT_ITEM, "最低生活保障对象名单", ["户主", "保障人口", "金额"], ["county"]),
        item(OTHER, "批准结果信息", ["项目建议书审批结果"], ["county"]),
    ]  # fmt: skip
    with open_session(Scope.platform("test")) as session:
        nation = session.get_one(type(tree.nation), tree.nation.id)
        revision = submit_revision(session, OPERATOR, nation, changes)
        approve_revision(session, OPERATOR, revision.id)


@pytest.fixture
def county(catalog, tree):
    with open_session(Scope.own(tree.county)) as session:
        yield session


def test_the_machine_proposes_and_a_person_confirms(county, tree, people):
    assert propose_links(county, people.officer, tree.county) == 1
    link = county.scalars(select(ItemLink)).one()
    assert (link.village_item, link.government_item) == (VILLAGE_ITEM, GOVERNMENT_ITEM)
    assert (link.state, link.proposed_by) == ("proposed", "machine")
    assert list_linked_items(county, tree.county, VILLAGE_ITEM) == []
    decide_link(county, people.officer, tree.county, link, state="confirmed")
    assert list_linked_items(county, tree.county, VILLAGE_ITEM) == [GOVERNMENT_ITEM]
    assert list_linked_items(county, tree.county, GOVERNMENT_ITEM) == [VILLAGE_ITEM]
    with pytest.raises(Conflict):
        decide_link(county, people.officer, tree.county, link, state="confirmed")


def test_what_was_rejected_is_not_proposed_again(county, tree, people):
    propose_links(county, people.officer, tree.county)
    link = list_links(county, tree.county)[0]
    decide_link(county, people.officer, tree.county, link, state="rejected")
    assert propose_links(county, people.officer, tree.county) == 0


def test_a_person_links_by_hand_once(county, tree, people):
    for _ in range(2):
        link_items(county, people.liaison, tree.county, VILLAGE_ITEM, OTHER, reason="同一件事")
    link = list_links(county, tree.county)[0]
    assert (link.state, link.proposed_by, link.reason) == ("confirmed", "person", "同一件事")
    for wrong in ((VILLAGE_ITEM, VILLAGE_ITEM), ("nothing", OTHER)):
        with pytest.raises(Invalid):
            link_items(county, people.liaison, tree.county, *wrong)


def test_a_confirmed_link_is_not_removed_without_a_reason(county, tree, people):
    link = link_items(county, people.officer, tree.county, VILLAGE_ITEM, OTHER)
    with pytest.raises(Invalid):
        decide_link(county, people.officer, tree.county, link, state="rejected")
    decide_link(county, people.officer, tree.county, link, state="rejected", reason="有误")
    decide_link(county, people.officer, tree.county, link, state="confirmed")
    assert list_linked_items(county, tree.county, VILLAGE_ITEM) == [OTHER]


@pytest.mark.parametrize("name", ["clerk", "reviewer", "stranger"])
def test_others_do_not_link(county, tree, people, name):
    with pytest.raises(Forbidden):
        link_items(county, getattr(people, name), tree.county, VILLAGE_ITEM, OTHER)


@pytest.fixture
def linked(county, tree, people, platform, make_public):
    link_items(county, people.officer, tree.county, VILLAGE_ITEM, GOVERNMENT_ITEM)
    county.commit()
    given = {"no_item_reason": None}
    here = make_public(platform, title="本村名单", item_id=VILLAGE_ITEM, **given)
    there = make_public(
        platform, tree.county, people.liaison, title="全县名单", item_id=GOVERNMENT_ITEM, **given
    )
    platform.commit()
    return here, there


def test_both_sides_show_each_other(client, linked, tree):
    here, there = linked
    page = client.get(url_for("publishing.show", here.id, place=VILLAGE))
    assert "全县名单" in page.select("//section[@aria-labelledby='side-by-side']")[0].text_content()
    page = client.get(url_for("publishing.show", there.id))
    assert "本村名单" in page.select("//section[@aria-labelledby='side-by-side']")[0].text_content()
    page = client.get(url_for("catalog.item", GOVERNMENT_ITEM))
    assert "本村名单" in page.text
    assert "全县名单" in page.text


def test_a_text_that_two_links_lead_to_stands_once(linked, tree, platform):
    back = ItemLink(
        tenant_id=tree.county.id,
        village_item=GOVERNMENT_ITEM,
        government_item=VILLAGE_ITEM,
        state="confirmed",
        proposed_by="person",
    )
    platform.add(back)
    platform.commit()
    with open_session(Scope.public(tree.village)) as session:
        found = list_counterparts(session, tree.village, VILLAGE_ITEM)
    assert [entry.title for entry in found] == ["全县名单"]


def test_a_sister_county_shows_nothing(linked, tree):
    with open_session(Scope.public(tree.other_village)) as session:
        assert list_counterparts(session, tree.other_village, VILLAGE_ITEM) == []


def test_the_countys_page_of_links(sign_in, linked, platform):
    client = sign_in("officer")
    address = url_for("item_links.index")
    page = client.get(address)
    assert "最低生活保障对象名单" in page.text
    client.post(url_for("item_links.propose"))
    data = {"village_item": VILLAGE_ITEM, "government_item": ""}
    client.post(address, data, status=422)
    client.post(address, data | {"government_item": OTHER})
    link = platform.scalars(select(ItemLink).where(ItemLink.government_item == OTHER)).one()
    address = url_for("item_links.remove", link.id)
    # One click on an old page leads to the question.
    assert client.post(url_for("item_links.decide", link.id, "rejected")).location == address
    assert "并排" in client.get(address).text
    client.post(address, {"reason": "不是一回事"}, status=422)
    client.post(address, {"reason": " ", "confirm": "yes"}, status=422)
    client.post(address, {"reason": "不是一回事", "confirm": "yes"})
    platform.expire_all()
    assert (link.state, link.decision_reason) == ("rejected", "不是一回事")
    client.post(url_for("item_links.decide", link.id, "confirmed"))
    platform.expire_all()
    assert link.state == "confirmed"
    client.post(f"/990111/console/item-links/{link.id}/whatever/", status=404)
    client.post(url_for("item_links.propose", place=TOWN), status=404)
    client.get(url_for("item_links.index", place=TOWN), status=404)
