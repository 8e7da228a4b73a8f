"""Packs put in force: once, from the top down, and without overruling what was decided since."""

import dataclasses
from collections import Counter

import pytest
from sqlalchemy import select

from core.catalog.domain.changes import Refine
from core.catalog.domain.inheritance import items_for_level
from core.catalog.editing.review import approve_revision, submit_revision
from core.catalog.effective import effective_catalog
from core.db.scope import Scope, open_session
from core.errors import Conflict, Invalid
from core.onboarding.apply import apply_pack
from core.permissions import OPERATOR
from core.plugins.activation.decisions import store_policy
from core.plugins.activation.enabled import is_on
from core.publishing.item_links import decide_link, list_links
from core.tenancy.models import Organ, Tenant
from core.tenancy.packs import PluginEntry, find_pack, read_pack
from core.tenancy.service import get_tenant, list_tenants


def pack_of(name):
    return read_pack(find_pack(name))


@pytest.fixture
def national(app):
    return apply_pack(pack_of("_national"), OPERATOR)


@pytest.fixture
def county(national):
    return apply_pack(without_publications(), OPERATOR)


def without_publications():
    return dataclasses.replace(pack_of("demo-county"), publications=None)


def catalog(session, code):
    return effective_catalog(session, get_tenant(session, code)).catalog


def test_the_national_pack_makes_no_tenant(national, platform):
    assert national.tenants.as_dict() == {"created": 0, "updated": 0, "unchanged": 0}
    assert list_tenants(platform) == []
    nation = catalog(platform, "CN")
    assert len(nation.domains) == 29
    assert not nation.conflicts
    assert nation.items["CN-shehui-jiuzhu-001"].defined.tenant == "CN"


def test_a_county_needs_the_national_catalog(app):
    with pytest.raises(Conflict):
        apply_pack(without_publications(), OPERATOR)
    with open_session(None) as session:
        assert list_tenants(session) == []


@pytest.mark.both_databases
def test_a_second_time_nothing_changes(county):
    again = apply_pack(without_publications(), OPERATOR)
    assert (county.tenants.created, county.tenants.unchanged) == (173, 0)
    for counts in (again.tenants, again.organs, again.catalog, again.links):
        assert (counts.created, counts.updated) == (0, 0)
        assert counts.unchanged
    assert apply_pack(pack_of("_national"), OPERATOR).catalog.created == 0


def test_the_tree_of_the_demonstration(county, platform):
    tenants = list_tenants(platform)
    levels = Counter(tenant.level for tenant in tenants)
    assert levels == {"county": 1, "township": 12, "village": 160}
    kinds = {tenant.kind for tenant in tenants}
    assert kinds >= {"county", "town", "street", "farm", "development_zone", "community"}
    repeated = [name for name, n in Counter(t.name for t in tenants).items() if n > 1]
    assert "崾岘村" in repeated
    assert get_tenant(platform, "99").level == "province"


def test_every_place_has_its_organs(county, platform):
    having = set(platform.scalars(select(Organ.tenant_id)))
    assert {tenant.id for tenant in list_tenants(platform)} <= having
    kinds = set(platform.scalars(select(Organ.kind)))
    assert kinds == {
        "government", "department", "vertical", "enterprise", "committee", "supervision",
        "collective",
    }  # fmt: skip


def test_the_site_says_that_it_is_a_demonstration(county, platform):
    profile = get_tenant(platform, "990101").profile
    assert profile["is_demo"] is True
    assert profile["guide"]["phone"]
    assert not profile["site_id"]


def test_no_layer_of_the_demonstration_has_a_conflict(county, platform):
    for tenant in platform.scalars(select(Tenant)):
        assert not effective_catalog(platform, tenant).catalog.conflicts, tenant.name


def test_what_the_county_changed_of_its_catalog(county, platform):
    own = catalog(platform, "990101")
    assert own.not_applicable["zhengshou"].reason
    assert own.withdrawn["CN-shenong-butie-007"].source.reason
    assert "time_limit" in own.items["CN-shehui-jiuzhu-005"].locked
    organ = own.items["CN-shehui-jiuzhu-006"]
    assert organ.fields["responsible_organ"] == ["禾川县民政局"]
    assert organ.origin("responsible_organ").tenant == "990101"
    assert "990101-zhengdi-001" in own.items


def test_a_community_has_its_own_affairs_and_a_village_its_own(county, platform):
    village = items_for_level(catalog(platform, "990101100204"), "village")
    community = items_for_level(catalog(platform, "990101001001"), "village")
    assert "juwu" not in {item.fields["domain"] for item in village}
    assert "cunwu" not in {item.fields["domain"] for item in community}
    assert "juwu" in {item.fields["domain"] for item in community}


def test_what_was_decided_since_stands(county, platform):
    tenant = get_tenant(platform, "990101")
    by_hand = Refine("CN-shehui-jiuzhu-006", "responsible_organ", ["县社会救助中心"], None)
    revision = submit_revision(platform, OPERATOR, tenant, [by_hand], reason="机构改革")
    approve_revision(platform, OPERATOR, revision.id)
    platform.commit()
    assert apply_pack(without_publications(), OPERATOR).catalog.created == 0
    item = catalog(platform, "990101").items["CN-shehui-jiuzhu-006"]
    assert item.fields["responsible_organ"] == ["县社会救助中心"]


def test_a_link_that_was_rejected_since_stays_so(county, platform):
    tenant = get_tenant(platform, "990101")
    link = list_links(platform, tenant)[0]
    assert link.state == "confirmed"
    decide_link(platform, OPERATOR, tenant, link, state="rejected", reason="有误")
    platform.commit()
    assert apply_pack(without_publications(), OPERATOR).links.unchanged == 10
    platform.expire_all()
    assert "rejected" in {each.state for each in list_links(platform, tenant)}


def test_a_pack_that_has_changed_says_what_is_new(national, platform):
    pack = pack_of("_national")
    first, *others = pack.items
    changed = dataclasses.replace(first, fields={**first.fields, "level2": "政府预算公开"})
    newer = dataclasses.replace(pack, items=(changed, *others))
    assert apply_pack(newer, OPERATOR).catalog.created == 1
    assert apply_pack(newer, OPERATOR).catalog.created == 0
    item = catalog(platform, "CN").items[first.item_id]
    assert item.fields["level2"] == "政府预算公开"
    assert item.origin("level2").reason


def test_the_template_can_be_applied(national):
    applied = apply_pack(pack_of("_template"), OPERATOR)
    assert applied.tenants.created == 4


def test_a_new_profile_is_an_update(county, platform):
    own = get_tenant(platform, "990101")
    own.profile = {**own.profile, "grey": True}
    platform.commit()
    pack = without_publications()
    newer = dataclasses.replace(pack, profile={**pack.profile, "undertaker": "县大数据中心"})
    applied = apply_pack(newer, OPERATOR)
    assert (applied.tenants.updated, applied.tenants.unchanged) == (1, 172)
    with open_session(Scope.platform("test")) as session:
        profile = get_tenant(session, "990101").profile
    assert profile["undertaker"] == "县大数据中心"
    assert profile["grey"] is True, "what the pack does not name stays"


def test_a_wrong_publication_keeps_the_whole_pack_out(national, tmp_path):
    path = tmp_path / "publications.jsonl"
    path.write_text('{"title": "好", "body": "正文"}\n{"title": ""}\n', "utf-8")
    pack = dataclasses.replace(pack_of("demo-county"), publications=path)
    with pytest.raises(Invalid) as caught:
        apply_pack(pack, OPERATOR)
    assert caught.value.where == "publications.jsonl:2"
    with open_session(None) as session:
        assert list_tenants(session) == []


def test_what_a_pack_says_about_plugins_is_said_once(plugin_factory, settings, national):
    plugin_factory.write(
        "fair", 'from core.sdk import Manifest\nMANIFEST = Manifest("fair", "1", "Fair")'
    )
    entries = [PluginEntry(name, "990101", "on", "试行") for name in ("fair", "not_there")]
    pack = dataclasses.replace(without_publications(), plugins=tuple(entries))
    with plugin_factory.application(settings):
        assert apply_pack(pack, OPERATOR).plugins.as_dict() == {
            "created": 1, "updated": 0, "unchanged": 0,
        }  # fmt: skip
        with open_session(Scope.platform("test")) as session:
            county = get_tenant(session, "990101")
            store_policy(session, OPERATOR, "fair", None, [county])
        assert apply_pack(pack, OPERATOR).plugins.unchanged == 1
        assert not is_on("fair", county)
