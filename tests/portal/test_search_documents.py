"""Places are found by their names, with their offices."""

import pytest

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.portal.search_documents import all_keys, load_documents
from core.search.models import SUBTREE, SearchOutbox
from core.tenancy.divisions import read_divisions
from core.tenancy.domain import Level
from core.tenancy.importing import import_divisions
from core.tenancy.service import create_tenant, ensure_organ, get_tenant
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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda place, organ: setattr(place, "status", "suspended"), True),
        (lambda place, organ: setattr(organ, "name", "党群服务中心"), True),
        (lambda place, organ: setattr(organ, "phone", "0999-5551016"), False),
        (lambda place, organ: setattr(place, "profile", {"footer": "x"}), False),
    ],
    ids=["suspended", "organ renamed", "organ's phone", "profile"],
)
def test_what_changes_every_document_of_a_place_is_told_for_all(tree, platform, change, told):
    organ = ensure_organ(platform, tree.town, "便民服务中心")
    platform.query(SearchOutbox).delete()
    platform.commit()
    change(platform.get_one(Tenant, tree.town.id), organ)
    platform.commit()
    kinds = {row.kind for row in platform.query(SearchOutbox)}
    assert (SUBTREE in kinds) is told


def test_a_new_place_is_told_by_itself_alone(tree, platform):
    platform.query(SearchOutbox).delete()
    platform.commit()
    values = {"code": "990111102", "name": "南镇", "level": Level.TOWNSHIP}
    create_tenant(platform, parent=platform.get_one(Tenant, tree.county.id), **values)
    platform.commit()
    assert {row.kind for row in platform.query(SearchOutbox)} == {"place"}


def test_places_of_a_division_table_are_told_by_the_topmost_of_them(tree, platform):
    platform.query(SearchOutbox).delete()
    platform.commit()
    rows = (
        "code,name,level,parent_code\n99,示例省,province,\n9901,示例市,city,99\n"
        "990119,丁县,county,9901\n990119100,南镇,township,990119\n"
        "990111,甲县,county,9901\n990111102,南镇,township,990111\n"
    )
    import_divisions(platform, read_divisions(rows.encode(), "t.csv"), "CN", "t.csv")
    platform.commit()
    told = {(row.kind, row.changed_by) for row in platform.query(SearchOutbox)}
    county, town = (get_tenant(platform, code).id for code in ("990119", "990111102"))
    assert told == {(SUBTREE, county), ("place", town)}
