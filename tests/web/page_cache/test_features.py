"""Search pages, plugins' answers and switches: kept as long as they hold, counted each time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.plugins.api.manifest import Manifest
from core.publishing.content import Content
from core.publishing.vocabulary import NOTICE
from core.search.models import SearchCount
from core.testing.factories.plugins import set_policy
from core.testing.factories.publishing import publish_at
from core.testing.kit import index_changes, open_search_index
from core.testing.pages import url_for
from core.web.page_cache.verdict import page_cache
from plugins.service_map.tests.public.points import put_point
from tests.web.page_cache.test_truth import BY_TURNS, UNCACHED


def publish(tenant, title):
    with open_session(Scope.own(tenant)) as session:
        publish_at(session, tenant, Content(title=title, body_source="正文", genre=NOTICE))


def searches(tenant):
    with open_session(Scope.own(tenant)) as session:
        counted = select(func.sum(SearchCount.number)).where(SearchCount.measure == "asked")
        return session.scalar(counted) or 0


def test_results_are_kept_until_the_index_changes_and_each_search_counts(tree, client, is_kept):
    open_search_index()
    publish(tree.county, "低保标准")
    index_changes()
    address = url_for("search.page", q="低保标准")
    assert "低保标准" in client.get(address).text
    assert is_kept(address)
    assert searches(tree.county) == 3
    publish(tree.village, "低保标准公示")
    client.get(address)  # made before the index knows of it
    index_changes()
    assert "低保标准公示" in client.get(address).text


def test_a_degraded_search_is_asked_again(tree, is_kept):
    assert not is_kept(url_for("search.page", q="低保"))


@pytest.mark.both_databases
def test_a_switched_plugin_comes_and_goes_at_once(tree, client, is_kept):
    address = url_for("portal.home")
    assert is_kept(address)
    set_policy("feeds", tree.county)
    assert b"publications.atom" in client.get(address).data
    assert is_kept(address)
    set_policy("feeds", tree.county, "off")
    assert b"publications.atom" not in client.get(address).data


def test_feeds_are_kept_too(tree, client, plugin_on, is_kept):
    plugin_on("feeds", tree.county)
    address = url_for("plugin_feeds.atom")
    assert is_kept(address)
    publish(tree.county, "新通知")
    assert "新通知".encode() in client.get(address).data


PLUGIN = """
from core.sdk import Block, Manifest, hookimpl
MANIFEST = Manifest(name="weather", version="1.0", title="天气", depends_on="{depends_on}")

@hookimpl
def home_blocks():
    return {answer}
"""


@pytest.mark.parametrize(
    ("depends_on", "answer", "kept"),
    [("anything", "[]", 0), ("place", "[]", 1), ("place", "1 / 0", 0)],
    ids=["may change at any time", "depends on its place", "fails"],
)
def test_what_a_plugin_says_of_its_answers_decides(
    settings, tree, plugin_factory, *, depends_on, answer, kept
):
    main = PLUGIN.replace("{depends_on}", depends_on).replace("{answer}", answer)
    plugin_factory.write("weather", main)
    with plugin_factory.application(settings) as app:
        set_policy("weather", tree.county)
        for _ in range(2):
            assert app.test_client().get(url_for("portal.home")).status_code == 200
        assert page_cache().statistics["hits"] == kept


def test_a_plugin_that_says_nothing_may_change_at_any_time():
    assert Manifest(name="weather", version="1.0", title="天气").depends_on == "anything"


def test_what_a_plugin_made_of_a_place_before_its_change_is_not_kept_after_it(
    tree, app, client, plugin_on
):
    """The place is read, then renamed elsewhere, then a plugin is handed what was read."""
    plugin_on("feeds", tree.county)
    app.before_request_funcs[None].append(lambda: rename_once(tree.county))
    address = url_for("portal.home")
    assert f"{tree.county.name}最新公开".encode() in client.get(address).data
    page = client.get(address, headers={"Cookie": "gk_elder=1"})
    assert "县改市最新公开".encode() in page.data


def rename_once(county):
    with open_session(None) as session:
        found = session.get(Tenant, county.id)
        if found.name != "县改市":
            found.name = "县改市"


@pytest.mark.both_databases
def test_what_shows_nothing_below_stays_when_something_changes_there(tree, client, is_kept):
    with open_session(Scope.own(tree.county)) as session:
        content = Content(title="通知", body_source="正文", genre=NOTICE)
        number = publish_at(session, tree.county, content).id
    addresses = [url_for("publishing.show", number), url_for("catalog.index")]
    assert all(map(is_kept, addresses))
    publish(tree.village, "村里的通知")
    for address in addresses:
        assert is_answered_from_memory(client, address)
    publish(tree.county, "县里的通知")
    for address in addresses:
        assert not is_answered_from_memory(client, address)


def is_answered_from_memory(client, address):
    hits = page_cache().statistics["hits"]
    client.get(address)
    return page_cache().statistics["hits"] > hits


COUNTS_BELOW = """
from sqlalchemy import func, select

from core.publishing.models import Publication
from core.sdk import Link, Manifest, Scope, hookimpl, open_session, tenant_url
MANIFEST = Manifest(name="counter", version="1.0", title="计数", depends_on="place")

@hookimpl
def nav_links(tenant):
    with open_session(Scope.public(tenant)) as session:
        count = session.scalar(select(func.count()).select_from(Publication))
    return [Link("count", f"共{count}条", tenant_url("portal.home", tenant))]
"""


def test_a_plugin_that_reads_rows_may_show_what_lies_below(settings, tree, plugin_factory):
    plugin_factory.write("counter", COUNTS_BELOW)
    with plugin_factory.application(settings) as app:
        set_policy("counter", tree.county)
        address = url_for("catalog.index")
        for count in range(3):
            for _ in range(2):
                assert f"共{count}条" in app.test_client().get(address).text
            publish(tree.village, f"通知{count}")


@pytest.mark.parametrize(
    "page",
    [
        ("plugin_service_map.index", (), {}),
        ("plugin_service_map.index", (), {"open": "1"}),
        ("plugin_service_map_map.show", (), {}),
        ("plugin_service_map_map.data", (), {"open": "1"}),
        ("plugin_service_map_open.screen", (), {}),
        ("plugin_service_map_open.embed", (), {}),
        ("plugin_service_map_point.show", (1,), {}),
        ("portal.home", (), {}),
    ],
)
def test_what_is_open_is_said_anew_when_that_changes(tree, client, is_kept, set_clock, page):
    endpoint, parts, asked = page
    began = clock.now().replace(minute=15)
    set_clock(began)
    set_policy("service_map", tree.county)
    with open_session(Scope.own(tree.village)) as session:
        put_point(session, tree.village, hours_text=BY_TURNS, lng=106.6, lat=35.9)
    address = url_for(endpoint, *parts, place=tree.village, **asked)
    assert is_kept(address)
    before = client.get(address).data
    set_clock(began + timedelta(hours=1))
    after = client.get(address).data
    assert after == client.get(address, headers={"Cookie": UNCACHED}).data
    assert after != before
