"""Catalog items as search documents."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from core.catalog.domain.changes import Define, Lock, Refine, Undo, Withdraw, WithdrawDomain
from core.catalog.search.documents import all_keys, load_documents
from core.clock import today
from core.db.scope import Scope, open_session
from core.publishing.content import Content
from core.search.answering.grouping import LOOKED_THROUGH
from core.search.answering.service import SearchQuery, search
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare, verify
from core.search.models import SearchOutbox
from core.search.registry import search_engine
from core.tenancy.domain import Level
from core.tenancy.service import create_tenant, get_tenant
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields
from core.testing.factories.publishing import publish_at
from core.testing.pages import url_for


@pytest.fixture
def outbox(national):
    """Empty the outbox; then read what was touched since."""
    with open_session(None) as session:
        session.execute(delete(SearchOutbox))

    def read():
        with open_session(None) as session:
            return {(row.pk, row.changed_by) for row in session.scalars(select(SearchOutbox))}

    return read


def documents():
    with open_session(Scope.platform("test")) as session:
        return {doc.pk: doc for doc in load_documents(session, list(all_keys(session, None)))}


def test_an_inherited_item_is_one_document_of_the_layer_that_defines_it(national):
    found = documents()

    assert set(found) == {f"{national.nation.id}-{FIRST}", f"{national.nation.id}-{SECOND}"}
    document = found[f"{national.nation.id}-{FIRST}"]
    assert document.title == "综合业务 / 政策法规文件"
    assert document.topic == "社会救助"
    assert document.inherits
    assert document.scope == (national.nation.id,)
    assert document.path == f"catalog/items/{FIRST}/"
    assert "及时公开" in document.body


def test_without_an_engine_names_of_items_are_looked_up_as_they_are_here(national, app):
    del app
    approve_changes(national.town, Refine(FIRST, "level2", "本镇文件", "政策法规文件"))
    approve_changes(national.sister_town, Withdraw(FIRST))

    def found(tenant, typed):
        with open_session(None) as directory:
            answer = search(search_engine(), directory, tenant, SearchQuery(typed=typed))
        assert answer.from_titles
        return [result.title for result in answer.results]

    assert found(national.village, "本镇文件") == ["综合业务 / 本镇文件"]
    assert found(national.county, "法规文件") == ["综合业务 / 政策法规文件"]
    assert found(national.village, "法规文件") == found(national.sister_town, "法规文件") == []


def test_one_item_of_several_villages_is_one_result_with_its_places(national, client):
    for village, days in ((national.village, "三"), (national.sister_village, "四")):
        approve_changes(village, Refine(FIRST, "time_limit", f"{days}日内公开", "及时公开"))
    prepare(search_engine())
    drain_all(search_engine())
    with open_session(None) as directory:
        answer = search(search_engine(), directory, national.county, SearchQuery(typed="法规文件"))
    [result] = [result for result in answer.results if result.source_id == FIRST]
    assert {other.tenant.id for other in result.other_places} < {
        national.nation.id, national.village.id, national.sister_village.id, national.county.id
    }  # fmt: skip
    assert len(result.other_places) == 2
    assert answer.total == len(answer.results)
    page = client.get(url_for("search.page", place=national.county, q="法规文件"))
    for other in result.other_places:
        assert page.select(f"//a[@href='{other.address}']")


def test_an_item_worded_for_a_kind_is_one_result_on_whichever_page(national, app):
    """Each village has a document of it, more than are looked through at first."""
    with open_session(None) as session:
        town = get_tenant(session, national.town.division_code)
        for number in range(300, 300 + LOOKED_THROUGH + 20):
            code = f"{town.division_code}{number}"
            create_tenant(
                session, code=code, name=f"第{number}村", level=Level.VILLAGE, parent=town
            )
    kinds = frozenset({"village"})
    approve_changes(
        national.county, Refine(FIRST, "level2", "本村文件", "政策法规文件", kinds=kinds)
    )
    with open_session(Scope.own(national.county)) as session:
        for number in range(25):
            title = Content(title=f"本村文件目录{number}", body_source="略。", genre="通知公告")
            publish_at(session, national.county, title)
    engine = search_engine()
    prepare(engine)
    drain_all(engine)

    def ask(**choices):
        with open_session(None) as directory:
            query = SearchQuery(typed="本村文件", **choices)
            return search(engine, directory, national.county, query)

    total = ask().total
    pages = [ask(offset=offset) for offset in range(0, total, 10)]
    found = [result.id for page in pages for result in (*page.results, *page.partial)]
    assert sum(FIRST in known for known in found) == 1
    assert len(found) == len(set(found)) == total
    assert {page.total for page in pages} == {total}
    assert all(sum(page.facets["kind"].values()) == total for page in pages)
    assert ask(limit=100).total == total
    assert len(ask(limit=100).results) == total


def test_a_refining_tenant_has_its_own_document_and_a_withdrawing_one_none(national):
    approve_changes(national.town, Refine(FIRST, "level2", "本镇文件", "政策法规文件"))
    approve_changes(national.sister_town, Withdraw(FIRST))

    found = {pk: doc for pk, doc in documents().items() if pk.endswith(FIRST)}

    own = found.pop(f"{national.town.id}-{FIRST}")
    [inherited] = found.values()
    assert own.title == "综合业务 / 本镇文件"
    assert own.excluded == ()
    assert set(inherited.excluded) == {national.town.id, national.sister_town.id}


def test_a_domain_that_does_not_apply_takes_its_items_out_of_the_subtree(national):
    approve_changes(national.town, WithdrawDomain("jiuzhu"))

    assert {doc.excluded for doc in documents().values()} == {(national.town.id,)}


def test_a_change_for_a_kind_makes_documents_at_the_tenants_of_that_kind(national):
    approve_changes(
        national.county,
        Refine(FIRST, "level2", "社区文件", "政策法规文件", kinds=frozenset({"community"})),
    )

    found = documents()

    assert found[f"{national.community.id}-{FIRST}"].title == "综合业务 / 社区文件"
    assert f"{national.county.id}-{FIRST}" not in found
    assert found[f"{national.nation.id}-{FIRST}"].excluded == (national.community.id,)


def test_what_is_in_review_touches_nothing_and_approval_touches_all_concerned(national, outbox):
    nation, county, town = national.nation.id, national.county.id, national.town.id
    approve_changes(national.town, Refine(FIRST, "level2", "本镇文件", "政策法规文件"))
    assert outbox() == {(f"{nation}-{FIRST}", town), (f"{town}-{FIRST}", town)}

    approve_changes(national.county, Refine(FIRST, "mode", "on_request", "proactive"))

    assert {pk for pk, by in outbox() if by == county} == {
        f"{nation}-{FIRST}",
        f"{county}-{FIRST}",
        f"{town}-{FIRST}",
        FIRST,  # what is published about it: names in it may be found no longer
    }


@pytest.mark.parametrize("change", [WithdrawDomain("jiuzhu"), Undo(1), Lock(SECOND, "mode")])
def test_changes_of_domains_revisions_and_locks_touch_their_items(national, outbox, change):
    approve_changes(national.county, Refine(SECOND, "mode", "on_request", "proactive"))
    with open_session(None) as session:
        session.execute(delete(SearchOutbox))

    approve_changes(national.county, change)

    assert (f"{national.county.id}-{SECOND}", national.county.id) in outbox()


def test_a_change_that_comes_into_force_later_is_indexed_then(national, outbox):
    tomorrow = today() + timedelta(days=1)
    approve_changes(
        national.county, Define("990111-jiuzhu-001", item_fields()), effective_on=tomorrow
    )

    with open_session(None) as session:
        [row] = session.scalars(select(SearchOutbox))
        assert row.due_at.astimezone().date() >= today()
        assert row.due_at > row.created_at
    assert "990111-jiuzhu-001" not in str(documents())


def test_the_keys_of_one_tenant_are_those_it_speaks_of(national):
    approve_changes(national.town, Refine(FIRST, "level2", "本镇文件", "政策法规文件"))
    approve_changes(
        national.county,
        Refine(SECOND, "level2", "社区检查", "监督检查", kinds=frozenset({"community"})),
    )

    with open_session(Scope.platform("test")) as session:
        assert list(all_keys(session, national.town.id)) == [f"{national.town.id}-{FIRST}"]
        assert list(all_keys(session, national.village.id)) == []
        assert list(all_keys(session, national.community.id)) == [
            f"{national.community.id}-{SECOND}"
        ]


def test_one_box_finds_what_each_place_has(national, app):
    approve_changes(national.town, Refine(FIRST, "level2", "本镇政策汇编", "政策法规文件"))
    approve_changes(national.sister_town, Withdraw(FIRST))
    engine = search_engine()
    prepare(engine)
    drain_all(engine)

    def titles(tenant, words):
        with open_session(None) as session:
            answer = search(engine, session, tenant, SearchQuery(typed=words))
        return [(result.title, result.address) for result in answer.results]

    assert titles(national.village, "政策汇编") == [
        ("综合业务 / 本镇政策汇编", f"/990111100201/catalog/items/{FIRST}/")
    ]
    assert titles(national.other_village, "政策法规") == [
        ("综合业务 / 政策法规文件", f"/990112100201/catalog/items/{FIRST}/")
    ]
    assert titles(national.far_village, "政策法规") == []
    assert verify(engine).none
