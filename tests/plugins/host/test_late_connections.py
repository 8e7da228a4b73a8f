"""A late call keeps no lock, commits nothing, and leaves the pool of connections whole."""

import threading
import time

import pytest
from sqlalchemy import select, text

from core.db.engine import db
from core.db.scope import Scope, open_session
from core.plugins.calls import runner
from core.plugins.calls.tenant_hooks import TenantHooks
from core.tenancy.models import Organ

# Measured in time: a test beside it would be measured too.
pytestmark = [pytest.mark.alone, pytest.mark.both_databases]

# A writer that finds the way free waits no longer than this (seconds); SQLite's own is 15.
SOON = 3.0
# Enough for a first flush, whose statements are compiled, on a busy machine too.
LIMIT = 0.6

FLUSHES = """
import threading
GO, ENDED, SEEN = threading.Event(), threading.Event(), []

def try_to(work):
    try:
        work()
        SEEN.append("done")
    except Exception as error:
        SEEN.append(type(error).__name__)

def late(session, tenant):
    session.add(Organ(tenant_id=tenant.id, name="太晚"))
    session.flush()
    GO.wait(30)
    try_to(session.commit)
    try_to(lambda: session.execute(text("SELECT 1")))
    try_to(session.rollback)
    try_to(lambda: session.execute(text("SELECT 1")))

def open_another():
    with open_session(None) as other:
        other.execute(text("SELECT 1"))

@hookimpl
def daily(session, tenant):
    try:
        late(session, tenant)
        try_to(open_another)
    finally:
        ENDED.set()
"""
IMPORTS = "from sqlalchemy import text\nfrom core.db.scope import open_session\n"


@pytest.fixture
def fair(grow, monkeypatch):
    """An application with a plugin whose nightly work is late after it has flushed."""
    monkeypatch.setitem(runner.LONGER, "daily", LIMIT)
    grown = grow(fair=IMPORTS + FLUSHES)
    grown.say("fair", grown.tree.county)
    yield grown
    grown.host.plugins["fair"].module.GO.set()


def names(grown):
    with open_session(Scope.own(grown.tree.town)) as session:
        return list(session.scalars(select(Organ.name)))


def write(grown, name):
    """Write beside the late call; how long it took."""
    started = time.monotonic()
    with open_session(Scope.own(grown.tree.town)) as session:
        session.add(Organ(tenant_id=grown.tree.town.id, name=name))
    return time.monotonic() - started


def come_back(grown):
    module = grown.host.plugins["fair"].module
    module.GO.set()
    assert module.ENDED.wait(30)
    for late in grown.app.extensions["plugin_threads"].list_abandoned():
        late.thread.join(30)
    return module.SEEN


def test_an_abandoned_call_keeps_no_lock_and_commits_nothing(fair):
    assert not TenantHooks(fair.tree.town).daily("fair")
    assert write(fair, "准时") < SOON
    seen = come_back(fair)
    assert seen[0] != "done"
    assert seen[1] != "done"
    assert seen[3:] == ["Abandoned", "Abandoned"]
    assert names(fair) == ["准时"]


def test_the_pool_is_whole_after_late_calls(fair):
    for _ in range(2):
        assert not TenantHooks(fair.tree.town).daily("fair")
    assert db.engine.pool.checkedout() == 2
    come_back(fair)
    assert db.engine.pool.checkedout() == 0
    for number in range(20):
        write(fair, f"第{number}")
    assert len(names(fair)) == 20
    assert db.engine.pool.checkedout() == 0


ENDLESS = """
SEEN, ENDED = [], threading.Event()
SLOW = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
              " SELECT count(*) FROM n WHERE x < 0",
    "postgresql": "SELECT pg_sleep(60)",
}

@hookimpl
def daily(session, tenant):
    session.add(Organ(tenant_id=tenant.id, name="太晚"))
    session.flush()
    try:
        session.execute(text(SLOW[session.get_bind().dialect.name]))
    except Exception as error:
        SEEN.append(type(error).__name__)
    ENDED.set()
"""


def test_a_statement_without_end_is_interrupted(grow, monkeypatch):
    monkeypatch.setitem(runner.LONGER, "daily", LIMIT)
    grown = grow(fair="import threading\n" + IMPORTS + ENDLESS)
    grown.say("fair", grown.tree.county)
    assert not TenantHooks(grown.tree.town).daily("fair")
    module = grown.host.plugins["fair"].module
    assert module.ENDED.wait(10)
    assert module.SEEN in (["OperationalError"], ["QueryCanceled"], ["Abandoned"])
    assert write(grown, "准时") < SOON
    assert names(grown) == ["准时"]


HURRIES = """
@hookimpl
def daily(session, tenant):
    session.add(Organ(tenant_id=tenant.id, name="夜间"))
    session.flush()
    session.commit()
"""


def test_many_calls_at_the_edge_of_their_time_leave_the_pool_whole(grow, monkeypatch):
    """Some are abandoned while they commit or give back their connection."""
    grown = grow(fair=IMPORTS + HURRIES)
    grown.say("fair", grown.tree.county)
    outcomes = []
    for number in range(60):
        monkeypatch.setitem(runner.LONGER, "daily", 0.001 * (1 + number % 6))
        monkeypatch.setattr("core.plugins.sandbox.metering.SHORTEST_TICK", 0.001)
        outcomes.append(TenantHooks(grown.tree.town).daily("fair"))
        for late in grown.app.extensions["plugin_threads"].list_abandoned():
            late.thread.join(30)
    assert db.engine.pool.checkedout() == 0
    for reclaiming in threading.enumerate():
        if reclaiming.name == "gongkai-reclaim":
            reclaiming.join(30)
    assert write(grown, "准时") < SOON
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    assert names(grown).count("夜间") >= sum(outcomes)
