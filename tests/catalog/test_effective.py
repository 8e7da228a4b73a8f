"""The effective catalog from the database: constant queries, shared results, no leaks."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from core.catalog.comparison import list_drift
from core.catalog.domain.changes import Define, Refine, Withdraw
from core.catalog.editing.review import approve_revision, submit_revision
from core.catalog.effective import effective_catalog, effective_catalogs
from core.catalog.layers.cache import get_cache
from core.catalog.models import CatalogRevision
from core.db.engine import db
from core.db.scope import Scope, ScopeViolation, UnscopedQuery, new_session, open_session
from core.permissions import OPERATOR
from core.tenancy.domain import Level
from core.tenancy.service import create_tenant
from core.testing.factories.catalog import FIRST, SECOND, approve_changes, item_fields, load_catalog


@contextmanager
def counted():
    """Collect the statements sent to the database."""
    sent = []

    def note(conn, cursor, statement, *_):
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def selects(sent):
    return [s for s in sent if s.startswith("SELECT") and "set_config" not in s]


@pytest.mark.both_databases
def test_resolving_a_village_takes_two_queries_however_many_layers_speak(national):
    approve_changes(national.county, Refine(FIRST, "mode", "on_request", "proactive"))
    approve_changes(national.town, Refine(FIRST, "level2", "文件", "政策法规文件"))
    approve_changes(national.village, Withdraw(SECOND))

    with counted() as sent, open_session(Scope.own(national.village)) as session:
        catalog = effective_catalog(session, national.village).catalog
    assert len(selects(sent)) == 2
    assert set(catalog.items) == {FIRST}

    with counted() as sent, open_session(Scope.own(national.village)) as session:
        again = effective_catalog(session, national.village).catalog
    assert len(selects(sent)) == 1
    assert again is catalog


def test_the_number_of_queries_does_not_grow_with_tenants_or_revisions(national):
    with open_session(None) as session:
        for n in range(50):
            create_tenant(
                session, code=f"9901111003{n:02}", name=f"村{n}村委会",
                level=Level.VILLAGE, parent=session.merge(national.town),
            )  # fmt: skip
    for n in range(5):
        approve_changes(national.county, Refine(FIRST, "level2", f"名称{n}", "政策法规文件"))

    with counted() as sent:
        load_catalog(national.village)

    assert len(selects(sent)) == 2


def test_silent_villages_share_the_catalog_of_their_township(national):
    approve_changes(national.town, Refine(FIRST, "mode", "on_request", "proactive"))

    assert load_catalog(national.village) is load_catalog(national.sister_village)
    assert load_catalog(national.far_village) is not load_catalog(national.village)


def test_a_new_revision_is_seen_at_once(national):
    before = load_catalog(national.village)

    approve_changes(national.county, Refine(FIRST, "mode", "on_request", "proactive"))

    assert before.items[FIRST].fields["mode"] == "proactive"
    assert load_catalog(national.village).items[FIRST].fields["mode"] == "on_request"


def test_what_was_rolled_back_is_not_remembered(national):
    change = Refine(FIRST, "mode", "on_request", "proactive")
    session = new_session(Scope.own(national.county))
    revision = submit_revision(session, OPERATOR, national.county, [change], reason="x")
    approve_revision(session, OPERATOR, revision.id)
    seen = effective_catalog(session, national.county).catalog
    assert seen.items[FIRST].fields["mode"] == "on_request"

    session.rollback()
    session.close()

    assert load_catalog(national.county).items[FIRST].fields["mode"] == "proactive"


def test_the_version_names_the_layers_that_speak(national):
    approve_changes(national.county, Withdraw(FIRST))

    with open_session(Scope.own(national.village)) as session:
        assert effective_catalog(session, national.village).version == "CN:1 990111:1"


@pytest.mark.both_databases
def test_another_tenants_layer_is_neither_read_nor_written(national):
    approve_changes(
        national.other_county, Define("990112-jiuzhu-001", item_fields(level2="乙县事项"))
    )

    with open_session(Scope.own(national.county)) as session:
        foreign = effective_catalog(session, national.other_county).catalog
        assert "990112-jiuzhu-001" not in foreign.items
    with open_session(None) as session, pytest.raises(UnscopedQuery):
        effective_catalog(session, national.county)
    with open_session(Scope.own(national.town)) as session:
        session.add(CatalogRevision(tenant_id=national.county.id, author_name="x"))
        with pytest.raises(ScopeViolation):
            session.flush()
        session.expunge_all()


def test_changes_for_towns_reach_their_villages_but_no_streets(national):
    approve_changes(
        national.county,
        Refine(FIRST, "mode", "on_request", "proactive", kinds=frozenset({"community"})),
    )

    assert load_catalog(national.community).items[FIRST].fields["mode"] == "on_request"
    assert load_catalog(national.far_village).items[FIRST].fields["mode"] == "proactive"


@pytest.mark.both_databases
def test_drift_compares_everything_below(national):
    approve_changes(national.town, Refine(FIRST, "mode", "on_request", "proactive"), reason="镇情")
    approve_changes(national.village, Withdraw(SECOND), reason="无此项")
    approve_changes(national.other_county, Withdraw(FIRST), reason="他县")

    with open_session(Scope.subtree(national.county, "test")) as session:
        first, second = list_drift(session, national.county)

    [variants] = [field.variants for field in first.fields]
    assert {(v.value, v.source.tenant, len(v.tenants)) for v in variants} == {
        ("proactive", "CN", 4),
        ("on_request", "990111100", 3),
    }
    assert second.withdrawn[0].tenants == ("990111100201",)
    assert "990112" not in str(first) + str(second)


def test_memory_is_kept_for_each_database(national):
    load_catalog(national.village)

    with open_session(Scope.own(national.village)) as session:
        assert get_cache(session) is get_cache(session)


def test_a_session_that_only_reads_asks_once_for_each_tenant(national):
    load_catalog(national.village)
    with open_session(Scope.public(national.village)) as session:
        first = effective_catalogs(session, {national.county.chain})
        with counted() as sent:
            assert effective_catalogs(session, {national.county.chain}) == first
        assert selects(sent) == []
        both = effective_catalogs(session, {national.county.chain, national.village.chain})
    with open_session(Scope.own(national.village)) as session:
        assert effective_catalogs(session, {national.county.chain, national.village.chain}) == both
        with counted() as sent:  # what it writes itself must be seen
            effective_catalogs(session, {national.village.chain})
        assert len(selects(sent)) == 1
