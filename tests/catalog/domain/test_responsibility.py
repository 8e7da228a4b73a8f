"""Whose matter an item is, as catalogs name their organs; what a role for one organ may change."""

import pytest
from sqlalchemy import select

from core.catalog.domain.changes import (
    Define,
    DefineDomain,
    Refine,
    Undo,
    Withdraw,
    WithdrawDomain,
)
from core.catalog.domain.responsibility import is_matter_for, list_branches
from core.catalog.editing.review import submit_revision
from core.catalog.models import CatalogRevision
from core.db.scope import Scope, open_session
from core.errors import Forbidden, Invalid
from core.tenancy.service import ensure_organ
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields
from core.testing.factories.people import create_person

CIVIL, SCHOOLS = ("禾川县民政局", "县民政局"), ("禾川县教育局",)
GOVERNMENT, OFFICE = ("禾川县人民政府", "县政府"), ("禾川县人民政府办公室",)
HEALTH_FUND = ("禾川县医疗保障局",)


@pytest.mark.parametrize(
    ("responsible", "names", "is_theirs"),
    [
        (["禾川县民政局"], CIVIL, True),
        (["县民政局"], CIVIL, True),
        ("县级政府民政部门|乡镇政府(街道办事处)", CIVIL, True),
        (["县级政府民政部门", "乡镇政府(街道办事处)"], CIVIL, True),
        (["县级人民政府民政行政主管部门"], CIVIL, True),
        (["禾川县农业农村局、禾川县民政局"], CIVIL, True),
        (["县级政府民政部门"], SCHOOLS, False),
        (["禾川县人民政府办公室"], GOVERNMENT, False),
        (["禾川县人民政府"], OFFICE, False),
        (["禾川县人民政府"], GOVERNMENT, True),
        (["人民政府住房保障行政主管部门"], HEALTH_FUND, False),
        (["县级生态环境部门"], ("云禾市生态环境局禾川分局",), True),
        (["各部门各单位"], CIVIL, False),
        ([], CIVIL, False),
        (None, CIVIL, False),
        (["禾川县民政局"], (), False),
    ],
)
def test_whose_matter_an_item_is(responsible, names, is_theirs):
    assert is_matter_for(responsible, names) is is_theirs


def test_the_branch_is_what_stands_between_place_and_office():
    assert list_branches(["国家税务总局禾川县税务局", "禾川县人民政府"]) == {"税务"}


@pytest.fixture
def liaison(tree):
    """The liaison of 民政局; one item is its matter, one another's."""
    approve_changes(
        tree.nation,
        DefineDomain("jiuzhu", "社会救助"),
        Define(FIRST, item_fields(responsible_organ=["县级政府民政部门"])),
        Define(SECOND, item_fields(level2="监督检查", responsible_organ=["县级教育部门"])),
    )
    with open_session(Scope.own(tree.county)) as session:
        organ_id = ensure_organ(session, tree.county, "甲县民政局").id
    return create_person("ma", "liaison", tree.county, organ_id=organ_id)


OWN = Refine(FIRST, "mode", "on_request", "proactive")


@pytest.mark.parametrize(
    "changes",
    [
        [Refine(SECOND, "mode", "on_request", "proactive")],
        [OWN, Withdraw(SECOND)],
        [Refine(FIRST, "responsible_organ", ["甲县教育局"], ["县级政府民政部门"])],
        [Define("990111-jiuzhu-001", item_fields(level2="新的", responsible_organ=["甲县教育局"]))],
        [WithdrawDomain("jiuzhu")],
        [Undo(1)],
        [],
    ],
    ids=["another's", "one of both", "given away", "for another", "domain", "undo", "nothing"],
)
def test_a_role_for_one_organ_changes_its_own_items_only(liaison, tree, changes):
    with open_session(Scope.own(tree.county)) as session:
        with pytest.raises((Forbidden, Invalid)):
            submit_revision(session, liaison, tree.county, changes, reason="理由")
        own = select(CatalogRevision).where(CatalogRevision.tenant_id == tree.county.id)
        assert session.scalars(own).all() == []


def test_its_own_items_it_may_change(liaison, tree):
    own = Define("990111-jiuzhu-001", item_fields(level2="新的", responsible_organ=["甲县民政局"]))
    with open_session(Scope.own(tree.county)) as session:
        revision = submit_revision(session, liaison, tree.county, [OWN, own], reason="理由")
        assert revision.two_people
