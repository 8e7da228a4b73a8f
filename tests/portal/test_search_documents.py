"""Places are found by their names, with their offices."""

import pytest

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.portal.search_documents import all_keys, load_documents
from core.search.models import SearchOutbox
from core.tenancy.service import ensure_organ
from core.testing.pages import url_for


def documents(*tenants):
    with open_session(Scope.platform("test")) as session:
        return list(load_documents(session, [str(tenant.id) for tenant in tenants]))


@pytest.mark.both_databases
def test_a_village_is_found_by_its_spoken_name_with_its_place(tree):
    (village,) = documents(tree.village)
    assert (village.title, village.summary) == ("崾岘村", "甲县 东镇 崾岘村委会")
    assert village.scope == tree.village.chain


@pytest.mark.both_databases
def test_without_an_engine_places_are_looked_up_by_their_names(tree, client):
    page = client.get(url_for("search.page", q="崾岘村"))
    links = page.select("//main//a/@href")
    assert f"/{tree.village.division_code}/" in links
    assert f"/{tree.other_village.division_code}/" not in links


def test_layers_above_counties_are_no_places(tree):
    assert documents(tree.nation) == []
    with open_session(Scope.platform("test")) as session:
        assert str(tree.nation.id) not in set(all_keys(session, None))


def test_suspended_places_are_forgotten(tree):
    with open_session(None) as session:
        session.get(Tenant, tree.village.id).status = "suspended"
    assert documents(tree.village) == []


def test_offices_are_found_and_their_changes_are_told(tree, platform):
    platform.query(SearchOutbox).delete()
    platform.commit()
    organ = ensure_organ(platform, tree.town, "便民服务中心")
    organ.phone = "0999-5551016"
    platform.commit()
    assert "0999-5551016" in documents(tree.town)[0].body
    assert {row.pk for row in platform.query(SearchOutbox)} == {str(tree.town.id)}
