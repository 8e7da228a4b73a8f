"""A plugin that is off in one township leaves no trace there, and all of itself elsewhere."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.plugins.activation.decisions import store_policy
from core.plugins.activation.rules import Policy
from core.plugins.loading.host import installed
from core.plugins.loading.registration import list_blueprints
from core.publishing.content import Content
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.testing.factories.publishing import publish_at
from plugins.open_day.models.registration import EventSession, OpenDay

MOST_PAGES = 400
TITLE = "走进水厂"


@pytest.fixture
def county(app, tree, plugin_on):
    """Every plugin is on in the county, and the places have published something."""
    prepare(search_engine())
    for tenant in (tree.county, tree.town, tree.sister_town, tree.village, tree.far_village):
        with open_session(Scope.own(tenant)) as session:
            publish_at(
                session, tenant, Content(title="停水通知", body_source="周三。", genre="通知公告")
            )
            session.add(_open_day(tenant))
    for name in installed(app):
        plugin_on(name, tree.county)
    drain_all(search_engine())
    return tree


def _open_day(tenant) -> OpenDay:
    now = utc_now()
    starts = now + timedelta(days=10)
    ends = starts + timedelta(hours=2)
    slot = EventSession(
        tenant_id=tenant.id, name="上午场", starts_at=starts, ends_at=ends, capacity=20
    )
    return OpenDay(
        tenant_id=tenant.id, title=TITLE, state="published", published_at=now, place="水厂",
        starts_at=starts, ends_at=ends, opens_at=now, closes_at=starts, slots=[slot],
    )  # fmt: skip


def crawl(client, start: str) -> dict[str, str]:
    """Every page that can be reached from a place's home without leaving it or its villages."""
    code = start.strip("/")
    seen: dict[str, str] = {}
    queue = [
        start,
        f"{start}search/?q=停水",
        f"{start}search/?q=水厂",
        f"{start}search/suggestions/?q=水厂",
        f"{start}site-map/",
    ]
    while queue and len(seen) < MOST_PAGES:
        address = queue.pop()
        if address in seen:
            continue
        page = client.get(address, allowed={200, 301, 302, 404, 410})
        seen[address] = page.data.decode(errors="replace")
        queue += [path for path in links(page) if path.startswith(f"/{code}")]
    assert len(seen) < MOST_PAGES
    return seen


def links(page) -> Iterator[str]:
    """Paths that a page leads to; what follows the question mark only narrows or orders."""
    if page.location:
        yield urlsplit(page.location).path
    elif page.is_html and page.tree is not None:
        for href in page.select("//a/@href | //link/@href | //form/@action"):
            if str(href).startswith("/") and "/preferences" not in href:
                yield urlsplit(str(href)).path


def said(text: str) -> bool:
    """Whether a page (or a feed, a suggestion) names the open day, marked or not."""
    plain = re.sub(r"<[^>]*>", "", text)
    return TITLE in plain or json.dumps(TITLE).strip('"') in plain


def addresses_of(app, name: str) -> list[str]:
    """What the addresses of a plugin's pages have behind the place's code."""
    own = list_blueprints(app, name)
    return [
        rule.rule.removeprefix("/<code>")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.rpartition(".")[0] in own
    ]


def stems(app, name: str) -> set[str]:
    """First parts of the addresses: /feeds/, /open-days/."""
    return {f"/{address.split('/')[1]}/" for address in addresses_of(app, name)} - {"/console/"}


def traces(app, name: str, pages: dict[str, str]) -> list[str]:
    found = []
    for address, text in pages.items():
        found += [
            f"{stem} on {address}"
            for stem in stems(app, name)
            if f"{stem}" in urlsplit(address).path or f"{stem}" in text
        ]
    return found


@pytest.mark.parametrize("name", ["feeds", "notice_board", "open_day", "service_map"])
def test_off_in_one_township_is_gone_there_and_nowhere_else(app, client, county, name):
    home, elsewhere = f"/{county.town.division_code}/", f"/{county.sister_town.division_code}/"
    there, before = crawl(client, home), crawl(client, elsewhere)
    assert traces(app, name, there), "the crawl sees the plugin where it is on"
    if name == "open_day":
        assert sum(said(text) for text in there.values()) > 3
    with open_session(Scope.platform("test")) as session:
        store_policy(session, OPERATOR, name, Policy.OFF, [county.town])
    drain_all(search_engine())
    after = crawl(client, home)
    assert traces(app, name, after) == []
    if name == "open_day":
        assert [address for address, text in after.items() if said(text)] == []
    for address in addresses_of(app, name):
        if "<" not in address:
            client.get(f"{home.rstrip('/')}{address}", allowed={405}, status=404)
    assert crawl(client, elsewhere).keys() == before.keys()
