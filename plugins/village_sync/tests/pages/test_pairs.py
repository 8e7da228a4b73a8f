"""Pairs of items: suggested, confirmed in bulk, taken back, undone; what must agree."""

import pytest

from core.sdk import Scope, list_links, open_session
from core.testing.pages import url_for
from plugins.village_sync.tests.factories import (
    FARMLAND,
    GUIDE,
    OTHER_SUBSIDY,
    ROWS,
    SUBSIDIES,
    compare,
    link_pair,
    publish_town,
    publish_village,
)

PAIRS = "plugin_village_sync_pairs"


@pytest.fixture
def officer(county, sign_in_as):
    """The county's officer, signed in."""
    return sign_in_as("officer", county)


def list_states(county):
    with open_session(Scope.subtree(county, "test")) as session:
        return {link.government_item: link.state for link in list_links(session, county)}


def test_suggested_pairs_are_confirmed_in_bulk(client, county, tree, officer):
    publish_village(tree)
    index = url_for(f"{PAIRS}.index", place=county)
    page = client.get(index)
    assert "双方都关于：耕地地力保护补贴。" in page.text
    assert "各村在该事项下公开的内容与之相符。" in page.text
    assert f"{SUBSIDIES}|{GUIDE}" not in page.text  # a guide publishes no list
    client.post(index, data={}, status=422)
    chosen = [f"{SUBSIDIES}|{FARMLAND}", f"{SUBSIDIES}|{OTHER_SUBSIDY}", "no|such"]
    client.post(index, data={"chosen": chosen})
    assert list_states(county) == {FARMLAND: "confirmed", OTHER_SUBSIDY: "confirmed"}
    assert chosen[0] not in client.get(index).text


def test_a_pair_is_taken_back_with_a_reason_and_that_is_undone(client, county, tree, officer):
    link = link_pair(county)
    publish_village(tree)
    publish_town(tree)
    compare()
    remove = url_for(f"{PAIRS}.remove", link, place=county)
    client.post(remove, data={"reason": ""}, status=422)
    client.post(remove, data={"reason": "说的不是一件事"})
    assert [row.state for row in compare()] == ["gone"]
    client.post(url_for(f"{PAIRS}.restore", link, place=county))
    assert [row.state for row in compare()] == ["agrees"]
    page = client.get(url_for(f"{PAIRS}.show", link, place=county))
    assert [text for text in ("恢复", "已撤销", "说的不是一件事") if text not in page.text] == []


def test_what_must_agree_is_chosen_with_a_tolerance(client, county, tree, officer):
    link = link_pair(county)
    publish_village(tree)
    publish_town(tree, (*ROWS[:2], ("王有田", "1.5", "114.6")))
    assert [row.state for row in compare()] == ["open"]
    address = url_for(f"{PAIRS}.show", link, place=county)
    form = {"kind": "farmland", "facts": ["households", "area", "amount"]}
    stale = form | {"version": "0"}
    client.post(address, data=stale, status=409)
    form["version"] = read_version(client, address)
    client.post(address, data=form | {"tolerance-area": "-1"}, status=422)
    client.post(address, data=form | {"tolerance-area": "0.5"})
    assert [row.state for row in compare()] == ["agrees"]
    client.post(address, data=form | {"kind": "grain", "version": read_version(client, address)})
    assert "作物" in client.get(address).text
    assert {row.kind: row.state for row in compare()} == {"farmland": "gone", "grain": "open"}


def read_version(client, address):
    return client.get(address).select("//input[@name='version']/@value")[0]


def test_only_the_county_confirms_pairs(client, county, tree, sign_in_as):
    sign_in_as("reviewer", county)
    client.get(url_for(f"{PAIRS}.index", place=county), status=403)
    sign_in_as("officer", tree.town)
    client.get(url_for(f"{PAIRS}.index", place=tree.town), status=404)
