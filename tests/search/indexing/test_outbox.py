import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from core.db.base import utc_now
from core.db.scope import Scope, new_session, open_session
from core.search.answering.service import SearchQuery, search
from core.search.engines.base import BackendUnavailableError
from core.search.indexing.indexer import MAX_ATTEMPTS, drain, drain_all
from core.search.indexing.lease import LEASE, LeaseLostError, held_lease
from core.search.indexing.outbox import touch, touch_subtree
from core.search.models import SearchOutbox
from core.tenancy.models import Organ
from tests.search.organs import POISON


def found(engine, tenant, typed):
    with open_session(None) as directory:
        answer = search(engine, directory, tenant, SearchQuery(typed=typed, limit=50))
    return [result.title for result in answer.results]


def outbox():
    with open_session(None) as session:
        # Other features watch organs too, and leave marks of their own.
        marks = select(SearchOutbox).where(SearchOutbox.kind == "organ")
        return list(session.scalars(marks.order_by(SearchOutbox.id)))


@pytest.mark.both_databases
def test_a_change_is_found_once_it_is_drained(engine, tree, organs):
    key = organs.add(tree.county, "民政局")
    assert found(engine, tree.county, "民政局") == []
    drain(engine)
    assert found(engine, tree.county, "民政局") == ["民政局"]
    organs.change(tree.county, key, name="水务局")
    drain(engine)
    assert found(engine, tree.county, "民政局") == []
    assert found(engine, tree.village, "水务局") == ["水务局"]
    organs.remove(tree.county, key)
    drain(engine)
    assert found(engine, tree.county, "水务局") == []
    assert outbox() == []


def test_a_change_that_is_rolled_back_leaves_no_mark(engine, tree):
    session = new_session(Scope.own(tree.county))
    touch(session, "organ", 1, tree.county.id)
    session.flush()
    session.rollback()
    session.close()
    assert outbox() == []
    assert drain(engine) == 0


def test_a_document_that_is_no_longer_public_leaves_the_index(engine, tree, organs):
    key = organs.add(tree.county, "民政局")
    drain(engine)
    organs.change(tree.county, key, kind="committee")
    drain(engine)
    assert engine.backend.health().documents == 0


def test_a_withdrawn_document_is_not_shown_even_before_the_index_knows(engine, tree, organs):
    key = organs.add(tree.county, "民政局")
    organs.add(tree.county, "民政局二")
    drain(engine)
    organs.change(tree.county, key, kind="committee")
    assert found(engine, tree.county, "民政局") == ["民政局二"]


def test_many_marks_of_one_thing_are_one_work(engine, tree, organs):
    key = organs.add(tree.county, "民政局")
    for name in ("一局", "二局", "三局"):
        organs.change(tree.county, key, name=name)
    assert len(outbox()) == 4
    drain(engine)
    assert outbox() == []
    assert found(engine, tree.county, "三局") == ["三局"]


def test_a_change_made_while_draining_stays_for_the_next_round(engine, tree, organs, monkeypatch):
    key = organs.add(tree.county, "民政局")
    upsert = engine.backend.upsert

    def change_meanwhile(documents):
        monkeypatch.setattr(engine.backend, "upsert", upsert)
        organs.change(tree.county, key, name="水务局")
        return upsert(documents)

    monkeypatch.setattr(engine.backend, "upsert", change_meanwhile)
    drain(engine)
    assert found(engine, tree.county, "水务局") == ["水务局"]
    assert outbox() == []


def test_a_change_to_come_waits_for_its_time(engine, tree, organs):
    key = organs.add(tree.county, "民政局")
    drain(engine)
    later = utc_now() + timedelta(days=3)
    with open_session(Scope.own(tree.county)) as session:
        touch(session, "organ", key, tree.county.id, at=later)
    assert drain_all(engine) == 0
    with time_machine.travel(later + timedelta(seconds=1), tick=True):
        assert drain(engine) == 1


def test_a_poisoned_document_does_not_hold_up_its_neighbours(engine, tree, organs):
    for number in range(7):
        organs.add(tree.county, f"第{number}局" if number != 3 else POISON)
    drain(engine)
    assert engine.backend.health().documents == 6
    assert [(row.attempts, row.parked) for row in outbox()] == [(1, False)]
    assert POISON in outbox()[0].error


def test_a_failed_row_waits_longer_each_time_and_is_given_up_in_the_end(engine, tree, organs):
    organs.add(tree.county, POISON)
    waits = []
    with time_machine.travel(utc_now(), tick=False) as clock:
        for _ in range(MAX_ATTEMPTS):
            drain(engine)
            row = outbox()[0]
            waits.append((row.next_try_at - utc_now()).total_seconds())
            assert drain(engine) == 0  # not before its time
            clock.move_to(row.next_try_at)
    assert waits == sorted(waits)
    assert max(waits) <= 300
    assert outbox()[0].parked
    assert drain_all(engine) == 0


def test_draining_all_ends_with_a_poisoned_document_too(engine, tree, organs):
    organs.add(tree.county, POISON)
    organs.add(tree.county, "民政局")
    drain_all(engine)
    assert found(engine, tree.county, "民政局") == ["民政局"]
    assert outbox()[0].parked


def test_nothing_is_lost_while_the_engine_is_down(engine, tree, organs, monkeypatch):
    def down(_documents):
        raise BackendUnavailableError("down")

    organs.add(tree.county, "民政局")
    with monkeypatch.context() as patch:
        patch.setattr(engine.backend, "upsert", down)
        with pytest.raises(BackendUnavailableError):
            drain(engine)
    assert [row.attempts for row in outbox()] == [0]
    drain(engine)
    assert found(engine, tree.county, "民政局") == ["民政局"]


def test_a_moved_tenant_takes_its_documents_along(engine, tree, organs):
    organs.add(tree.town, "便民服务中心")
    organs.add(tree.village, "村委会便民服务点")
    organs.add(tree.sister_village, "邻村便民服务点")
    drain(engine)
    before = dict(engine.backend.versions())
    with open_session(None) as session:
        tree_town = session.merge(tree.town)
        tree_town.name = "新镇"
        touch_subtree(session, tree_town.id)
    drain(engine)
    after = dict(engine.backend.versions())
    assert before.keys() == after.keys()
    assert sum(before[key] != after[key] for key in before) == 1  # the town's own says its name
    assert outbox() == []


def test_documents_of_a_kind_that_is_no_more_are_forgotten(engine, tree, organs):
    key = organs.add(tree.county, "民政局")
    drain(engine)
    engine.kinds.clear()
    with open_session(Scope.own(tree.county)) as session:
        touch(session, "organ", key, tree.county.id)
    drain(engine)
    assert engine.backend.health().documents == 0


@pytest.mark.both_databases
def test_of_two_drainers_one_works(engine, tree, organs):
    organs.add(tree.county, "民政局")
    with held_lease(engine.backend.name) as lease:
        assert lease is not None
        assert drain(engine) == 0
        lease.keep()
    assert drain(engine) > 0


def test_draining_all_waits_for_the_other_and_finds_nothing_left(app, engine, tree, organs):
    organs.add(tree.county, "民政局")
    settled = []

    def work():
        with app.app_context():
            settled.append(drain_all(engine))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [count > 0 for count in sorted(settled)] == [False, False, True]
    assert outbox() == []


def test_the_lease_of_a_dead_process_runs_out(engine, tree, organs):
    organs.add(tree.county, "民政局")
    later = utc_now() + LEASE + timedelta(seconds=1)
    with held_lease(engine.backend.name) as dead, time_machine.travel(later, tick=True):
        assert drain(engine) > 0
        with held_lease(engine.backend.name) as alive:
            assert alive is not None
            with pytest.raises(LeaseLostError):
                dead.keep()


def test_a_process_that_died_in_the_middle_loses_nothing(engine, tree, organs, monkeypatch):
    for number in range(3):
        organs.add(tree.county, f"第{number}局")

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("core.search.indexing.indexer._record", die)
        with pytest.raises(KeyboardInterrupt):
            drain(engine)
    assert len(outbox()) == 3
    drain(engine)
    assert outbox() == []
    assert engine.backend.health().documents == 3


def test_many_rows_are_settled_in_batches(engine, tree, platform):
    platform.add_all(Organ(tenant_id=tree.county.id, name=f"机构{n}") for n in range(450))
    platform.flush()
    for key in platform.scalars(select(Organ.id)).all():
        touch(platform, "organ", key, tree.county.id)
    platform.commit()
    drain(engine)
    assert outbox() == []
    assert engine.backend.health().documents == 450


def test_each_transaction_of_a_session_wakes_the_indexer_once(engine, tree, monkeypatch):
    woken = []
    monkeypatch.setattr("core.search.indexing.outbox.enqueue", woken.append)
    with open_session(Scope.own(tree.county)) as session:
        for count in (1, 2):
            for key in ("1", "2"):
                touch(session, "organ", key, tree.county.id)
            session.commit()
            assert len(woken) == count
        session.commit()
    assert len(woken) == 2
