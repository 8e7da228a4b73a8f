"""What everybody sees: agreeing sides, nothing within the term, 核实中 after it."""

from datetime import timedelta

import pytest

from core.testing.factories.plugins import choose_settings, set_policy
from core.testing.pages import url_for
from plugins.village_sync.tests.factories import (
    FARMLAND,
    ROWS,
    SUBSIDIES,
    compare,
    link_pair,
    publish_town,
    publish_village,
)

SHOW = "plugin_village_sync_compared.show"
HEADING = "村务与政务数据核对"


@pytest.fixture
def both(county, tree):
    """Publish both sides as they say the same."""
    link_pair(county)
    return publish_village(tree), publish_town(tree)


def test_each_side_shows_the_other_and_that_they_agree(client, tree, both):
    (row,) = compare()
    ours, theirs = both
    pages = (
        url_for("publishing.show", ours, place=tree.village),
        url_for("publishing.show", theirs, place=tree.town),
        url_for("catalog.item", SUBSIDIES, place=tree.village),
        url_for("catalog.item", FARMLAND, place=tree.town),
    )
    for address in pages:
        page = client.get(address)
        assert HEADING in page.text
        assert page.select(f"//a[@href='{url_for(SHOW, row.id, place=tree.village)}']")
    page = client.get(url_for(SHOW, row.id, place=tree.village))
    assert page.select(f"//a[contains(@href, '/publications/{ours}/')]")
    assert page.select(f"//a[contains(@href, '/publications/{theirs}/')]")
    assert "一致" in page.text


def test_a_difference_is_internal_until_its_term_and_then_being_verified(
    client, tree, county, set_clock
):
    link_pair(county)
    ours = publish_village(tree)
    publish_town(tree, ROWS[:2])
    choose_settings("village_sync", county, phone="0100-5550107")
    (row,) = compare()
    article = url_for("publishing.show", ours, place=tree.village)
    shown = url_for(SHOW, row.id, place=tree.village)
    assert HEADING not in client.get(article).text
    client.get(shown, status=404)
    set_clock(row.due_on)
    client.get(shown, status=404)
    set_clock(row.due_on + timedelta(days=1))
    assert "核实中" in client.get(article).text
    page = client.get(shown)
    assert page.select("//a[@href='tel:0100-5550107']")
    assert "735.35" not in page.text


def test_a_comparison_has_no_address_at_another_place(client, tree, both):
    (row,) = compare()
    for place in (tree.town, tree.sister_village, tree.other_county):
        client.get(url_for(SHOW, row.id, place=place), status=404)


def test_where_the_plugin_is_off_nothing_is_compared_or_shown(client, tree, county, both):
    set_policy("village_sync", tree.village, "off")
    assert compare() == []
    client.get(url_for("plugin_village_sync_compared.index", place=tree.village), status=404)
