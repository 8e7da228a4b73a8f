"""Callbacks after the commit, savepoints that keep the rest, loops where one failure stops none."""

from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.db.scope import Scope, new_session, open_session
from core.db.transactions import LoopCount, after_commit, for_each_in_own_transaction, savepoint
from core.tenancy.models import Organ

pytestmark = pytest.mark.both_databases


@pytest.fixture
def calls():
    return []


@pytest.fixture
def scope(tree):
    return Scope.own(tree.county)


@pytest.fixture
def organ(tree):
    """A new organ of the county; two of one name clash."""

    def make(name):
        return Organ(tenant_id=tree.county.id, name=name)

    return make


def names(scope):
    with open_session(scope) as session:
        return sorted(session.scalars(select(Organ.name)))


def test_a_callback_runs_once_the_change_is_there_to_be_read(scope, organ, calls):
    with open_session(scope) as session:
        session.add(organ("档案局"))
        after_commit(session, lambda: calls.append(names(scope)))
        session.flush()
        assert calls == []
    assert calls == [["档案局"]]


def test_equal_callbacks_run_once_and_in_order(scope, calls):
    with open_session(scope) as session:
        for name in ("first", "second", "first"):
            after_commit(session, calls.append, name)
        session.connection()
    assert calls == ["first", "second"]


def test_each_transaction_has_its_own_callbacks(scope, calls):
    with open_session(scope) as session:
        session.connection()
        after_commit(session, calls.append, "first")
        session.commit()
        session.connection()
        after_commit(session, calls.append, "second")
        session.rollback()
        session.connection()
    assert calls == ["first"]


def test_without_a_commit_nothing_is_called(scope, calls):
    def fail():
        with open_session(scope) as session:
            session.connection()
            after_commit(session, calls.append, "never")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert calls == []


def test_a_callback_that_fails_stops_neither_the_others_nor_the_caller(scope, organ, calls):
    with open_session(scope) as session:
        session.add(organ("档案局"))
        after_commit(session, lambda: 1 / 0)
        after_commit(session, calls.append, "second")
    assert calls == ["second"]
    assert names(scope) == ["档案局"]


def test_a_savepoint_does_not_commit(scope, organ, calls):
    session = new_session(scope)
    with savepoint(session):
        session.add(organ("档案局"))
        after_commit(session, calls.append, "inside")
    assert calls == []
    session.rollback()
    session.close()
    assert calls == []
    assert names(scope) == []


def test_what_clashes_is_undone_and_the_rest_is_kept(scope, organ, calls):
    with open_session(scope) as session:
        session.add(organ("档案局"))
        after_commit(session, calls.append, "before")
        try:
            with savepoint(session):
                after_commit(session, calls.append, "undone")
                session.add_all([organ("统计局"), Organ(tenant_id=scope.tenant_id, name=None)])
        except IntegrityError:
            after_commit(session, calls.append, "after")
        with savepoint(session):
            session.add(organ("民政局"))
            after_commit(session, calls.append, "inside")
    assert names(scope) == sorted(["档案局", "民政局"])
    assert calls == ["before", "after", "inside"]


def test_an_outer_savepoint_takes_the_inner_ones_callbacks_along(scope, calls):
    def fail(session):
        with savepoint(session):
            with savepoint(session):
                after_commit(session, calls.append, "inner")
            raise RuntimeError

    with open_session(scope) as session:
        with pytest.raises(RuntimeError):
            fail(session)
        after_commit(session, calls.append, "kept")
    assert calls == ["kept"]


def test_an_item_that_fails_stops_no_other(scope, organ):
    def write(session, name):
        session.add(organ(name))
        session.flush()
        if name == "统计局":
            raise ValueError(name)

    items = ("档案局", "统计局", "民政局")
    assert for_each_in_own_transaction(scope, items, write) == LoopCount(done=2, failed=1)
    assert names(scope) == sorted(["档案局", "民政局"])


def test_each_item_can_have_its_own_scope(tree):
    def write(session, tenant):
        session.add(Organ(tenant_id=tenant.id, name=f"{tenant.name}办公室"))

    places = [tree.county, tree.other_county]
    assert for_each_in_own_transaction(Scope.own, places, write).done == 2
    assert names(Scope.own(tree.other_county)) == ["乙县办公室"]
    scope = Scope.own(tree.sister_town)  # the rows of both lie outside
    assert for_each_in_own_transaction(scope, places, write) == LoopCount(done=0, failed=2)


def test_a_savepoint_may_read_before_it_writes_while_others_write(app, scope, organ):
    def write():
        with app.app_context(), open_session(scope) as other:
            other.add(organ("农业农村局"))

    elsewhere = Thread(target=write)
    with open_session(scope) as session, savepoint(session):
        session.scalars(select(Organ.name)).all()
        elsewhere.start()
        elsewhere.join(timeout=0.5)
        session.add(organ("民政局"))
    elsewhere.join()
    assert names(scope) == ["农业农村局", "民政局"]
