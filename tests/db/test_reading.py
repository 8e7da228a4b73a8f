"""What is read past the ORM is what the session finds, in every scope and on both databases."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Boolean, bindparam, func, literal, or_, select, union_all

from core.db.reading import columns_of, read_objects, read_rows
from core.db.scope import Scope, ScopeViolation, UnscopedQuery, new_session, open_session
from core.db.tree import Tenant
from core.publishing.models import Publication
from core.tenancy.models import Organ

pytestmark = pytest.mark.both_databases

_FIRST = select(Organ.id).order_by(Organ.id).limit(2).subquery()
_LAST = select(Organ.id).order_by(Organ.id.desc()).limit(2).subquery()
_BOTH = union_all(select(_FIRST.c.id), select(_LAST.c.id))
STATEMENTS = (
    (select(Organ.id, Organ.name), {}),
    (select(Organ.name).where(Organ.name.in_(bindparam("names", expanding=True))), {"names": ()}),
    (
        select(Organ.name).where(Organ.name.in_(bindparam("names", expanding=True))),
        {"names": ("办公室 0", "办公室 1", "办公室 3")},
    ),
    (select(func.count(Organ.id), literal(True, Boolean)), {}),
    (select(Tenant.name, Organ.name).join(Organ, Organ.tenant_id == Tenant.id), {}),
    (select(Tenant.name, Organ.name).outerjoin(Organ, Organ.tenant_id == Tenant.id), {}),
    (select(Organ.name).where(Organ.id.in_(_BOTH)), {}),
    (select(Tenant.profile, Tenant.created_at).where(Tenant.level == bindparam("level")),
     {"level": "town"}),
    (
        select(Publication.title).where(Publication.created_at >= bindparam("since")),
        {"since": datetime(2026, 1, 2, 2, 0, tzinfo=ZoneInfo("Asia/Shanghai"))},
    ),
    (select(Tenant.name, Tenant.profile["site"].as_string()), {}),
    (
        select(Publication.title, Publication.published_at, Publication.publicity_until).where(
            or_(
                Publication.publicity_until >= bindparam("day", callable_=lambda: date(2026, 1, 1)),
                Publication.publicity_until.is_(None),
            )
        ),
        {},
    ),
)  # fmt: skip


@pytest.fixture
def rows(tree, platform):
    places = (tree.county, tree.town, tree.village, tree.sister_town, tree.other_county)
    for number, tenant in enumerate(places):
        platform.add(Organ(tenant_id=tenant.id, name=f"办公室 {number}"))
        until = date(2026, 1, 1) if number % 2 else None
        platform.add(
            Publication(
                tenant_id=tenant.id,
                title=f"{number}",
                publicity_until=until,
                created_at=datetime(2026, 1, 1, 16 + number, 30, tzinfo=UTC),
            )
        )
    platform.commit()
    return tree


def scopes(tree):
    yield Scope.platform("test")
    for tenant in (tree.county, tree.town, tree.village, tree.other_county):
        yield from (Scope.own(tenant), Scope.public(tenant), Scope.subtree(tenant, "test"))


@pytest.mark.parametrize("number", range(len(STATEMENTS)))
def test_rows_are_those_of_the_session(rows, number):
    statement, values = STATEMENTS[number]
    for scope in scopes(rows):
        with open_session(scope) as session:
            expected = sorted(map(repr, map(tuple, session.execute(statement, values))))
            for _again in range(2):
                assert sorted(map(repr, map(tuple, read_rows(session, statement, values)))) == (
                    expected
                )


def test_rows_of_tenants_are_not_read_without_a_scope(rows):
    statement = select(Organ.name)
    with open_session(None) as session:
        with pytest.raises(UnscopedQuery):
            read_rows(session, statement)
        assert read_rows(session, select(Tenant.id))


def test_a_core_statement_is_refused_because_it_cannot_be_narrowed(rows):
    statement = select(Organ.__table__)
    with open_session(Scope.own(rows.town)) as session, pytest.raises(UnscopedQuery):
        read_rows(session, statement)


def test_what_was_not_written_yet_is_found(rows):
    statement = select(Organ.name).where(Organ.name == bindparam("name"))
    with open_session(Scope.own(rows.town)) as session:
        session.add(Organ(tenant_id=rows.town.id, name="新办公室"))
        assert [tuple(row) for row in read_rows(session, statement, {"name": "新办公室"})] == [
            ("新办公室",)
        ]


def organs_statement():
    return select(*columns_of(Organ)).order_by(Organ.id)


def values_of(organ):
    return [getattr(organ, each.key) for each in columns_of(Organ)]


def test_objects_are_those_that_the_session_loads(rows):
    for scope in scopes(rows):
        with open_session(scope) as session:
            loaded = session.scalars(select(Organ).order_by(Organ.id)).all()
            values = [values_of(one) for one in loaded]
            assert read_objects(session, Organ, organs_statement()) == loaded
            session.expunge_all()
            read = read_objects(session, Organ, organs_statement())
            assert [
                [getattr(one, each.key) for each in columns_of(Organ)] for one in read
            ] == values
            assert session.scalars(select(Organ).order_by(Organ.id)).all() == read
            assert not session.dirty


def test_objects_can_be_changed_and_have_their_relations(rows):
    statement = select(*columns_of(Publication)).where(Publication.tenant_id == bindparam("place"))
    values = {"place": rows.town.id}
    with open_session(Scope.own(rows.town)) as session:
        [publication] = read_objects(session, Publication, statement, values)
        assert publication.tenant.id == rows.town.id
        publication.title = "另一个"
        [again] = read_objects(session, Publication, statement, values)
        assert again is publication
        assert again.title == "另一个"
    with open_session(Scope.own(rows.town)) as session:
        [publication] = read_objects(session, Publication, statement, values)
        assert (publication.title, publication.version) == ("另一个", 2)


def test_objects_out_of_the_scope_cannot_be_changed(rows):
    statement = select(*columns_of(Publication)).where(Publication.tenant_id == bindparam("place"))
    session = new_session(Scope.public(rows.county))
    [publication] = read_objects(session, Publication, statement, {"place": rows.town.id})
    publication.title = "另一个"
    with pytest.raises(ScopeViolation):
        session.flush()
    session.close()
