"""The catalog's pages cost the same however many tenants there are."""

import pytest

from core.catalog.domain.changes import Refine
from core.db.scope import open_session
from core.tenancy.domain import Level
from core.tenancy.service import create_tenant
from core.testing.factories.catalog import FIRST, approve_changes
from core.testing.pages import url_for
from core.testing.queries import counted

PUBLIC = [("catalog.index",), ("catalog.domain", "jiuzhu"), ("catalog.item", FIRST)]
STAFF = [
    ("console.home",),
    ("catalog_console.items",),
    ("catalog_console.item", FIRST),
    ("catalog_changes.index",),
    ("catalog_changes.history",),
    ("catalog_uploads.index",),
    ("catalog_compare.drift",),
]


def queries(client, address):
    client.get(address)  # whatever is remembered between requests is remembered now
    with counted() as seen:
        client.get(address)
    return seen


def grow(tree, number):
    with open_session(None) as session:
        for n in range(number):
            create_tenant(
                session,
                code=f"990111100{300 + n}",
                name=f"新{n}村",
                level=Level.VILLAGE,
                parent=session.merge(tree.town),
            )


@pytest.mark.parametrize("page", PUBLIC + STAFF)
def test_a_page_asks_the_same_few_questions_in_a_large_county(staff, client, national, page):
    approve_changes(national.county, Refine(FIRST, "mode", "on_request", "proactive"))
    staff("office")
    address = url_for(*page)
    few = queries(client, address)
    grow(national, 40)
    many = queries(client, address)
    assert len(many) == len(few), many
    assert len(many) <= 21
