"""What a public page costs without its kept copy, in calls of Python functions: free of noise.

A page that costs a tenth more than it did has something that it need not have: a message looked up
row by row, an address built anew, a statement through the session (docs/performance.md). Where a
page really shows more, its number is raised, and the reason is in the commit.
"""

import sys

import pytest

from core.catalog.domain.changes import Define, DefineDomain
from core.db.scope import Scope, open_session
from core.publishing.content import Content
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.testing.factories.catalog import approve_changes, item_fields
from core.testing.factories.plugins import set_policy
from core.testing.factories.publishing import publish_at

ITEMS, TEXTS = 40, 20
MORE = 1.1
# By the end of the address below the place.
CALLS = {
    "": 3_750,
    "catalog/jiuzhu/": 4_300,
    "catalog/items/CN-jiuzhu-000/": 3_200,
    "publications/": 3_980,
    "publications/{article}/": 2_890,
    "accessibility/": 2_290,
    "search/?q=停水": 5_700,
}
# What a plugin may add to a home page for which it has nothing, as a part of all its calls.
QUIET_SHARE = 0.02
QUIET = """
    from core.sdk import Manifest, hookimpl

    MANIFEST = Manifest("quiet", "1.0", "quiet", depends_on="place")

    @hookimpl
    def home_blocks(session, tenant):
        return []

    @hookimpl
    def nav_links(tenant):
        return []

    @hookimpl
    def head_links(tenant):
        return []
"""


@pytest.fixture
def pages(tree):
    """The addresses of pages of a township with a catalog and publications."""
    items = [Define(f"CN-jiuzhu-{n:03}", item_fields(level2=f"{n}")) for n in range(ITEMS)]
    approve_changes(tree.nation, DefineDomain("jiuzhu", "社会救助"), *items)
    with open_session(Scope.own(tree.town)) as session:
        for number in range(TEXTS):
            content = Content(title=f"停水通知{number}", body_source="周三停水。", genre="通知公告")
            article = publish_at(session, tree.town, content).id
    prepare(search_engine())
    drain_all(search_engine())
    return {page: f"/{tree.town.division_code}/{page.format(article=article)}" for page in CALLS}


def count_calls(client, address):
    calls = 0

    def note(frame, event, argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(note)
    try:
        status = client.get(address).status_code
    finally:
        sys.setprofile(None)
    assert status == 200, address
    return calls


def count_least(client, address):
    for _ in range(2):  # templates are compiled, statements too
        client.get(address)
    # The least of a few: some requests look whether a decision about plugins has changed.
    return min(count_calls(client, address) for _ in range(3))


def test_no_page_costs_more_calls_than_it_did(app, pages):
    client = app.test_client()
    counted = {page: count_least(client, address) for page, address in pages.items()}
    assert {page: calls for page, calls in counted.items() if calls > MORE * CALLS[page]} == {}


def test_a_plugin_that_has_nothing_for_a_page_costs_little(plugin_factory, settings, tree):
    plugin_factory.write("quiet", QUIET)
    home = f"/{tree.town.division_code}/"
    with plugin_factory.application(settings) as app:
        off = count_least(app.test_client(), home)
        set_policy("quiet", tree.county)
        on = count_least(app.test_client(), home)
    assert 0 < on - off <= QUIET_SHARE * off
