import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.command import with_locale
from core.db.scope import Scope, open_session
from core.errors import Conflict
from core.search.engines.base import BackendUnavailableError
from core.search.engines.embedded.backend import EmbeddedBackend, EmbeddedRebuild
from core.search.indexing import reconcile
from core.search.indexing.indexer import drain
from core.search.indexing.jobs import _drain, _repair
from core.search.indexing.lease import held_lease
from core.search.indexing.reconcile import prepare, rebuild, repair, status, verify
from core.search.models import SUBTREE, SearchOutbox
from core.tenancy.models import Organ

FORKING = """
import os, pathlib, sys
from core.search.engines.embedded.backend import EmbeddedBackend
backend = EmbeddedBackend(pathlib.Path(sys.argv[1]))
print(backend.health().documents, end=" ", flush=True)
child = os.fork()
if child == 0:
    print(backend.health().documents, end="", flush=True)
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def silently(tenant, **fields):
    """A change that search is not told of."""
    with open_session(Scope.own(tenant)) as session:
        organ = Organ(tenant_id=tenant.id, **fields)
        session.add(organ)
        session.flush()
        return organ.id


def test_an_index_that_is_up_to_date_does_not_differ(engine, tree, organs):
    organs.add(tree.county, "民政局")
    assert not verify(engine).none  # it waits in the outbox
    drain(engine)
    assert verify(engine).none


def test_missing_stale_and_extra_documents_are_named_and_repaired(engine, tree, organs):
    stale, extra = organs.add(tree.county, "民政局"), organs.add(tree.county, "水务局")
    drain(engine)
    missing = silently(tree.county, name="林业局")
    with open_session(Scope.own(tree.county)) as session:
        session.get_one(Organ, int(stale)).name = "财政局"
        session.delete(session.get_one(Organ, int(extra)))
    drift = verify(engine)
    assert drift.missing == (f"organ-{missing}",)
    assert drift.stale == (f"organ-{stale}",)
    assert drift.extra == (f"organ-{extra}",)
    repair(engine)
    assert verify(engine).none


def test_a_rebuild_holds_what_the_database_holds(engine, tree, organs):
    organs.add(tree.village, "村委会")
    silently(tree.county, name="林业局")
    assert rebuild(engine) == 2
    assert verify(engine).none


def test_a_change_during_a_rebuild_is_not_lost(engine, tree, organs, monkeypatch):
    key = organs.add(tree.county, "民政局")
    drain(engine)
    begin = engine.backend.begin_rebuild

    def begin_then_change():
        made = begin()
        upsert = made.upsert

        def slow(documents):
            made.upsert = upsert
            upsert(documents)
            organs.change(tree.county, key, name="水务局")
            assert drain(engine) == 0  # the rebuild holds the lease
            assert engine.backend.health().documents == 1  # the old index answers on

        made.upsert = slow
        return made

    monkeypatch.setattr(engine.backend, "begin_rebuild", begin_then_change)
    rebuild(engine)
    assert verify(engine).none
    assert drain(engine) == 0


def test_a_change_is_found_in_the_old_index_while_the_new_one_is_built(
    engine, tree, organs, monkeypatch
):
    gone = organs.add(tree.county, "水务局")
    organs.add(tree.county, "民政局")
    drain(engine)
    publish = EmbeddedRebuild.publish
    seen = []

    def look_then_publish(made):
        seen.extend(engine.backend.versions())
        publish(made)

    read = reconcile._all_documents

    def change_while_reading(*arguments):
        for document in read(*arguments):
            organs.remove(tree.county, gone)
            organs.add(tree.county, "林业局")
            yield document
            return

    monkeypatch.setattr(EmbeddedRebuild, "publish", look_then_publish)
    monkeypatch.setattr(reconcile, "_all_documents", change_while_reading)
    rebuild(engine)
    monkeypatch.undo()
    assert f"organ-{gone}" not in dict(seen)
    assert len(seen) == 2
    assert drain(engine) == 0


def test_everything_of_a_tenant_that_is_no_more_is_forgotten(engine, tree, organs):
    organs.add(tree.village, "村委会")
    organs.add(tree.county, "民政局")
    drain(engine)
    with open_session(None) as session:
        session.add(
            SearchOutbox(
                backend=engine.backend.name, kind=SUBTREE, pk="", changed_by=tree.town.id + 10**6
            )
        )
    drain(engine)
    assert engine.backend.health().documents == 2
    engine.backend.delete_below(tree.town.id)
    assert engine.backend.health().documents == 1


def test_a_rebuild_that_fails_leaves_the_old_index(engine, tree, organs, monkeypatch):
    organs.add(tree.county, "民政局")
    drain(engine)
    monkeypatch.setattr(engine, "load", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rebuild(engine)
    assert engine.backend.health().documents == 1


def test_nobody_rebuilds_while_another_writes(engine):
    with with_locale(), held_lease(engine.backend.name), pytest.raises(Conflict):
        rebuild(engine)


def test_an_index_of_another_version_is_built_anew(engine, tree, organs):
    organs.add(tree.county, "民政局")
    drain(engine)
    layout = next(engine.backend._folder.glob("*/layout.json"))
    layout.write_text(json.dumps({"fingerprint": "older"}), encoding="utf-8")
    engine.backend.close()
    assert not engine.backend.health().ok
    with pytest.raises(BackendUnavailableError):
        engine.backend.upsert([])
    prepare(engine)
    assert verify(engine).none
    assert engine.backend.health().documents == 1


def test_a_broken_pointer_is_mended(engine, tree, organs):
    organs.add(tree.county, "民政局")
    (engine.backend._folder / "CURRENT").write_text("nowhere", encoding="ascii")
    assert not engine.backend.health().ok
    prepare(engine)
    drain(engine)
    assert verify(engine).none


def test_status_tells_what_waits_and_since_when(engine, tree, organs):
    assert status(engine).lag == 0
    organs.add(tree.county, "民政局")
    now = status(engine)
    assert (now.ok, now.pending > 0, now.parked, now.documents) == (True, True, 0, 0)
    assert 0 <= now.lag < 60
    drain(engine)
    assert (status(engine).pending, status(engine).documents) == (0, 1)


def test_another_reader_sees_a_commit_and_a_new_index_at_once(engine, tree, organs):
    reader = EmbeddedBackend(engine.backend._folder)
    assert reader.health().documents == 0
    organs.add(tree.county, "民政局")
    drain(engine)
    assert reader.health().documents == 1
    silently(tree.county, name="林业局")
    rebuild(engine)
    assert reader.health().documents == 2


def test_an_index_that_was_open_serves_a_forked_process(engine, tree, organs):
    organs.add(tree.county, "民政局")
    drain(engine)
    assert engine.backend.health().documents == 1
    # In a process of its own, with no other threads: as gunicorn forks its workers.
    done = subprocess.run(
        [sys.executable, "-c", FORKING, str(engine.backend._folder)],
        cwd=Path(__file__).parents[3], timeout=60, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "1 1"), done.stderr


def test_the_minutes_round_leaves_a_rebuild_alone(engine, tree, organs):
    organs.add(tree.county, "民政局")
    (engine.backend._folder / "CURRENT").unlink()
    with held_lease(engine.backend.name), with_locale():
        _drain(engine)
    assert status(engine).pending > 0
    _drain(engine)
    assert status(engine).pending == 0


def test_the_nightly_round_repairs(engine, tree):
    silently(tree.county, name="林业局")
    _repair(engine)
    assert verify(engine).none
