"""A session sees what its scope allows, and nothing without one."""

import gc
from weakref import ref

import pytest
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import ProgrammingError

from core.db.engine import db
from core.db.reading import read_rows
from core.db.scope import Scope, ScopeViolation, UnscopedQuery, open_session, set_scope
from core.db.tree import Tenant
from core.tenancy.models import Organ

pytestmark = pytest.mark.both_databases


@pytest.fixture
def organs(tree, platform):
    for tenant in (tree.county, tree.town, tree.village, tree.sister_town, tree.other_county):
        platform.add(Organ(tenant_id=tenant.id, name=f"办公室 {tenant.id}"))
    platform.commit()
    return tree


def seen(scope):
    with open_session(scope) as session:
        return {organ.tenant_id for organ in session.scalars(select(Organ))}


def test_a_query_without_a_scope_is_an_error(organs):
    with open_session(None) as session, pytest.raises(UnscopedQuery):
        session.scalars(select(Organ)).all()


def test_a_column_query_without_a_scope_is_an_error(organs):
    with open_session(None) as session, pytest.raises(UnscopedQuery):
        session.execute(select(Organ.name)).all()


def test_a_core_select_is_refused_because_it_cannot_be_narrowed(organs):
    with open_session(Scope.own(organs.town)) as session, pytest.raises(UnscopedQuery):
        session.execute(select(Organ.__table__)).all()


def test_own_scope_reads_itself_and_inherits_from_above(organs):
    assert seen(Scope.own(organs.town)) == {organs.county.id, organs.town.id}


def test_subtree_scope_reads_below_but_no_sister(organs):
    expected = {organs.county.id, organs.town.id, organs.village.id}
    assert seen(Scope.subtree(organs.town, "test")) == expected


def test_public_scope_reads_above_and_below_but_no_sister(organs):
    assert organs.sister_town.id not in seen(Scope.public(organs.town))
    assert organs.other_county.id not in seen(Scope.public(organs.county))


def test_a_session_takes_a_scope_once_and_keeps_what_it_has_read(organs):
    with open_session(None) as session:
        town = session.get_one(Tenant, organs.town.id)
        set_scope(session, Scope.public(town))
        assert session.get_one(Tenant, organs.town.id) is town
        named = {name for (name,) in read_rows(session, select(Organ.name))}
        assert named == {organ.name for organ in session.scalars(select(Organ))}
        assert f"办公室 {town.id}" in named
        assert f"办公室 {organs.sister_town.id}" not in named
        with pytest.raises(RuntimeError):
            set_scope(session, Scope.own(organs.sister_town))


def test_platform_scope_reads_everything(organs):
    assert len(seen(Scope.platform("test"))) == 5


def test_a_statement_that_is_kept_finds_what_each_scope_allows(organs):
    kept = select(Organ).where(Organ.name.startswith(bindparam("begun")))
    town, other = organs.town, organs.other_county
    scopes = [
        (Scope.public(town), {organs.county.id, town.id, organs.village.id}),
        (Scope.public(other), {other.id}),
        (Scope.own(town), {organs.county.id, town.id}),
        (Scope.own(other), {other.id}),
        (Scope.subtree(town, "test"), {organs.county.id, town.id, organs.village.id}),
    ]
    # Nobody who asks can say where the scope ends.
    wider = {"scope_from": "/", "scope_to": "0", "scope_above": [other.id], "scope_own": other.id}
    for scope, allowed in scopes * 2:
        with open_session(scope) as session:
            found = session.scalars(kept, {"begun": "办公室", **wider})
            assert {organ.tenant_id for organ in found} == allowed


def test_a_statement_that_was_built_for_once_is_kept_by_nobody(organs):
    with open_session(Scope.public(organs.town)) as session:
        once = select(Organ).where(Organ.name == "办公室")
        session.scalars(once).all()
        gone = ref(once)
        del once
    gc.collect()
    assert gone() is None


def test_get_of_another_tenants_row_finds_nothing(organs, platform):
    foreign = platform.scalar(select(Organ).where(Organ.tenant_id == organs.other_county.id))
    with open_session(Scope.own(organs.county)) as session:
        assert session.get(Organ, foreign.id) is None


@pytest.mark.parametrize("where", ["county", "sister_town", "other_county"])
def test_writing_outside_the_scope_is_refused(organs, where):
    target = getattr(organs, where)
    with pytest.raises(ScopeViolation), open_session(Scope.own(organs.town)) as session:
        session.add(Organ(tenant_id=target.id, name="越界"))


def test_changing_an_inherited_row_is_refused(organs):
    with open_session(Scope.own(organs.town)) as session:
        query = select(Organ).where(Organ.tenant_id == organs.county.id)
        session.scalars(query).one().name = "改名"
        with pytest.raises(ScopeViolation):
            session.flush()
        session.rollback()


def test_public_scope_writes_nothing(organs):
    with pytest.raises(ScopeViolation), open_session(Scope.public(organs.town)) as session:
        session.add(Organ(tenant_id=organs.town.id, name="只读"))


def test_a_bulk_update_is_narrowed_too(organs):
    with open_session(Scope.own(organs.village)) as session:
        session.execute(
            update(Organ).values(phone="0"), execution_options={"synchronize_session": False}
        )
    with open_session(Scope.platform("test")) as session:
        changed = session.scalars(select(Organ).where(Organ.phone == "0")).all()
        assert {organ.tenant_id for organ in changed} == {organs.village.id}


def test_postgresql_enforces_the_scope_below_the_orm(organs, database_kind):
    if database_kind != "postgresql":
        pytest.skip("row-level security is PostgreSQL's")
    insert = "INSERT INTO organ (tenant_id, name, kind) VALUES (:t, 'x', 'department')"
    with db.engine.connect() as connection:
        connection.execute(text("SET ROLE gongkai_app"))
        assert connection.execute(text("SELECT * FROM organ")).all() == []
        with pytest.raises(ProgrammingError):
            connection.execute(text(insert), {"t": organs.town.id})


def test_a_path_is_no_prefix_of_another_by_accident(organs):
    """`/1/5/` must not reach `/1/55/`."""
    assert seen(Scope.subtree(organs.village, "test")) >= {organs.village.id}
    assert organs.sister_town.id not in seen(Scope.subtree(organs.village, "test"))
