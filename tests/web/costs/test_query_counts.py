"""No public page asks the database more often because there is more in it."""

import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import func, select

from core.catalog.domain.changes import Define, DefineDomain, Refine
from core.db.scope import Scope, open_session
from core.permissions import OPERATOR
from core.publishing.importing.importer import PublicationImport
from core.publishing.models import Publication
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.tenancy.domain import Level
from core.tenancy.service import create_tenant
from core.testing.factories.catalog import FIRST, approve_changes, item_fields
from core.testing.queries import counted

COUNTY, TOWN, VILLAGE = "990111", "990111100", "990111100201"
PAGES = (
    "",
    "catalog/",
    "catalog/jiuzhu/",
    f"catalog/items/{FIRST}/",
    "publications/",
    "publications/?q=账目",
    "publications/{first}/",
    "search/?q=账目",
    "places/",
    "site-map/",
    "accessibility/",
    "disclosure/guide/",
    "disclosure/system/",
    "disclosure/statutory/",
    "disclosure/annual/",
    "disclosure/requests/",
)
MOST = 20
# What the pages that are read most may ask, by the end of their address below the place.
MOST_OF_PAGE = {"": 8, "publications/": 6, "publications/{first}/": 6, "search/?q=账目": 8}


@pytest.fixture
def addresses(tree, publish):
    approve_changes(tree.nation, DefineDomain("jiuzhu", "社会救助"), Define(FIRST, item_fields()))
    approve_changes(tree.county, Refine(FIRST, "mode", "on_request", "proactive"))
    first = {code: publish(code, 1) for code in (COUNTY, TOWN, VILLAGE)}
    prepare(search_engine())
    drain_all(search_engine())
    return [f"/{code}/{page.format(first=first[code])}" for code in first for page in PAGES]


@pytest.fixture
def publish(tree):
    """Publish so many texts at a place; give back the id of the newest."""

    def run(code, count):
        lines = [line(code, n) for n in range(count)]
        with open_session(Scope.platform("test")) as session:
            county = session.merge(tree.county)
            importer = PublicationImport(session, OPERATOR, county, approve=True)
            assert importer.run("\n".join(lines)).rejected == []
            session.flush()
            return session.scalars(select(func.max(Publication.id))).one()

    return run


def line(code, n):
    text = {
        "id": f"{code}-{n}",
        "tenant": code,
        "title": f"账目{n}",
        "body": "正文",
        "genre": ("村务公开", "政策文件", "通知公告", "年度报告")[n % 4],
        "publisher": "办公室",
        "publish_date": f"2026-0{1 + n % 9}-01",
        "written_date": f"2026-0{1 + n % 9}-01",
        "item_id": FIRST,
    }
    return json.dumps(text, ensure_ascii=False)


def grow(tree, publish):
    """More of everything: places, items, layers that speak, publications."""
    with open_session(None) as session:
        town, county = session.merge(tree.town), session.merge(tree.county)
        for n in range(30):
            village, name = f"990111100{300 + n}", f"新{n}村委会"
            create_tenant(session, code=village, name=name, level=Level.VILLAGE, parent=town)
            code, name = f"990111{200 + n}", f"新{n}镇"
            create_tenant(session, code=code, name=name, level=Level.TOWNSHIP, parent=county)
    approve_changes(
        tree.county,
        *(Define(f"990111-jiuzhu-{n:03}", item_fields(level2=f"{n}")) for n in range(30)),
    )
    approve_changes(tree.town, Refine(FIRST, "level2", "文件", "政策法规文件"))
    approve_changes(tree.village, Refine(FIRST, "level1", "业务", "综合业务"))
    for code in (COUNTY, TOWN, VILLAGE):
        publish(code, 30)
    drain_all(search_engine())


def most_of(address):
    page = re.sub(r"publications/[0-9]+/", "publications/{first}/", address.split("/", 2)[2])
    return MOST_OF_PAGE.get(page, MOST)


def queries_of(client, addresses):
    asked = {}
    for address in addresses:
        client.get(address)  # whatever is remembered between requests is remembered now
        with counted() as sent:
            client.get(address)
        # PostgreSQL is told the scope of each session before the first statement of it.
        asked[address] = len([statement for statement in sent if "set_config" not in statement])
    return asked


def test_choices_of_reading_lead_back_to_every_page(client, addresses):
    """No page has a value that is called as what the layout needs (`here`)."""
    for address in addresses:
        links = client.get(address).select("//a[contains(@href, '/preferences/')]")
        back = {parse_qs(urlsplit(link.get("href")).query)["next"][0] for link in links}
        assert {unquote(each) for each in back} == {address}


@pytest.mark.both_databases
def test_every_public_page_asks_the_same_few_questions(client, tree, addresses, publish):
    few = queries_of(client, addresses)
    assert max(few.values()) <= MOST, few
    assert {page: few[page] for page in addresses if few[page] > most_of(page)} == {}
    grow(tree, publish)
    many = queries_of(client, addresses)
    more = {page: (few[page], many[page]) for page in addresses if many[page] > few[page]}
    assert more == {}
