"""A question that names a catalog item is answered with the office, its phone and hours."""

import pytest

from core.catalog.domain.changes import Define, DefineDomain, Refine
from core.catalog.search.item_card import offices_named
from core.db.scope import Scope, open_session
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.models import SearchWord, WordKind
from core.search.registry import search_engine
from core.tenancy.models import Organ
from core.testing.factories.catalog import FIRST, approve_changes, item_fields
from core.testing.pages import url_for

OFFICE = {"phone": "0100-555", "hours": "周一至周五9:00—17:00", "address": "迎宾街1号"}


@pytest.fixture
def offered(tree):
    """An item that every village inherits, and the county's office for it."""
    approve_changes(
        tree.nation,
        DefineDomain("jiuzhu", "社会救助"),
        Define(FIRST, item_fields(level1="最低生活保障", level2="办事指南",
                             responsible_organ=["县级民政部门"])),
    )  # fmt: skip
    with open_session(Scope.own(tree.county)) as session:
        session.add(Organ(tenant_id=tree.county.id, name="甲县民政局", **OFFICE))
        session.add(Organ(tenant_id=tree.county.id, name="甲县教育局", **OFFICE))
    prepare(search_engine())
    drain_all(search_engine())
    return tree


def cards(client, tenant, words):
    page = client.get(url_for("search.page", place=tenant, q=words))
    return page.select("//section[contains(@class,'answer-card')]")


@pytest.mark.both_databases
def test_where_to_go_for_a_matter(client, offered):
    [card] = cards(client, offered.village, "低保在哪里办")
    text = card.text_content()
    assert "甲县民政局" in text
    assert "0100-555" in text
    assert "9:00—17:00" in text
    [href] = card.xpath(".//a/@href")
    assert href == f"/{offered.village.division_code}/catalog/items/{FIRST}/"
    client.get(href)


def test_no_card_where_the_question_names_no_item(client, offered):
    assert cards(client, offered.village, "民政局") == []
    assert cards(client, offered.village, "低保 滑雪场") == []


def test_a_tenants_own_wording_decides_the_office(client, offered):
    approve_changes(
        offered.town, Refine(FIRST, "responsible_organ", ["甲县教育局"], ["县级民政部门"])
    )
    drain_all(search_engine())
    [card] = cards(client, offered.village, "低保")
    assert "甲县教育局" in card.text_content()
    assert "甲县民政局" in cards(client, offered.far_village, "低保")[0].text_content()


def organ(number, name, kind="department", **more):
    return Organ(id=number, name=name, kind=kind, phone="1", **more)


ORGANS = [
    organ(1, "东镇人民政府", "government"),
    organ(2, "甲县民政局", short_name="县民政局"),
    organ(3, "甲县人民政府", "government"),
    organ(4, "甲县住房和城乡建设局"),
]


@pytest.mark.parametrize(
    ("named", "numbers"),
    [
        ("甲县民政局", [2]),
        ("县民政局;乡镇人民政府(街道办事处)", [2, 1]),
        ("各级民政部门、县级以上人民政府", [2, 3]),
        ("县级住房和城乡建设主管部门", [4]),
        ("乙县民政局", []),
        ("", []),
        ("部门", []),
    ],
)
def test_offices_are_known_by_name_or_by_their_matter(named, numbers):
    assert [office.id for office in offices_named(named, ORGANS)] == numbers


def test_an_office_without_phone_and_address_is_no_answer():
    assert offices_named("甲县民政局", [Organ(id=1, name="甲县民政局")]) == []


def test_a_looser_word_for_a_matter_is_no_question_for_its_office(client, offered):
    """没饭吃 finds the item, yet whoever asks may mean another matter: no card."""
    with open_session(Scope.own(offered.county)) as session:
        session.add(
            SearchWord(
                tenant_id=offered.county.id,
                kind=WordKind.OFFICIAL,
                word="没饭吃",
                other="最低生活保障",
            )
        )
    assert cards(client, offered.village, "没饭吃") == []
    assert len(cards(client, offered.village, "最低生活保障")) == 1
