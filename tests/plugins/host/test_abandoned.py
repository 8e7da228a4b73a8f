"""Abandoned calls: their threads are left alone and counted, and blamed for their own time only."""

import threading
import time

import pytest
from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.plugins.calls.tenant_hooks import TenantHooks
from core.plugins.models import PluginFault
from core.plugins.sandbox.threads import PluginThreads

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone


@pytest.fixture
def settings(settings):
    """Half a second is long, on a busy machine too."""
    settings.plugin_call_seconds = 0.4
    settings.plugin_page_seconds = 30
    return settings


def faults(hook):
    with open_session(Scope.platform("test")) as session:
        query = select(PluginFault).where(PluginFault.hook == hook)
        return [(row.plugin, row.error) for row in session.scalars(query)]


def home(grown):
    with open_session(Scope.public(grown.tree.town)) as session:
        return [block.title for block in TenantHooks(grown.tree.town).home_blocks(session)]


def put(grown, name):
    grown.say(name, grown.tree.county)


def bad(body):
    return f"@hookimpl\ndef home_blocks(session, tenant):\n    {body}\n"


def test_an_abandoned_thread_is_left_alone_and_counted(grow, stopping):
    grown = grow(
        fair="STOP, ENDED = [], []\n"
        + bad("\n    while not STOP: pass\n    ENDED.append('normally')\n    return []")
    )
    stopping(grown, "fair")
    put(grown, "fair")
    home(grown)
    threads = grown.app.extensions["plugin_threads"]
    (late,) = threads.list_abandoned()
    assert late.is_to_blame
    module = grown.host.plugins["fair"].module
    module.STOP.append(1)
    late.thread.join(10)
    assert module.ENDED == ["normally"]
    assert threads.list_abandoned() == []


def test_an_abandoned_thread_never_works_again():
    threads = PluginThreads()
    begun, go = threading.Event(), threading.Event()

    def task():
        begun.set()
        go.wait(10)

    thread = threads.start(task)
    assert begun.wait(10)
    threads.abandon(thread, "fair")
    assert len(threads.abandoned_by("fair")) == 1
    go.set()
    thread.join(10)
    assert not thread.is_alive()
    assert threads.list_abandoned() == []
    assert threads.start(go.wait) is not thread


def test_idle_threads_end_before_a_fork():
    threads = PluginThreads()
    done = threading.Event()
    thread = threads.start(done.set)
    assert done.wait(10)
    while not threads._idle:
        time.sleep(0.001)
    threads.close()
    assert not thread.is_alive()


def test_a_loop_that_gets_little_of_a_processor_is_found_out_later(grow, stopping, monkeypatch):
    monkeypatch.setattr("core.plugins.sandbox.metering.Allowance.wall", 0.1)
    grown = grow(fair="STOP = []\n" + bad("while not STOP: pass"))
    stopping(grown, "fair")
    put(grown, "fair")
    assert home(grown) == []
    until = time.monotonic() + 20
    while not faults("home_blocks") and time.monotonic() < until:
        time.sleep(0.1)
    assert faults("home_blocks") == [("fair", "CallTimeout: no answer in 0.4 s")]


def test_a_call_that_a_busy_machine_made_late_is_no_failure(grow, monkeypatch):
    monkeypatch.setattr("core.plugins.sandbox.metering.Allowance.wall", 0.1)
    grown = grow(fair="import time\n" + bad("time.sleep(0.2); return []"))
    put(grown, "fair")
    assert home(grown) == []
    for late in grown.app.extensions["plugin_threads"].list_abandoned():
        late.thread.join(10)
    time.sleep(0.5)
    assert faults("home_blocks") == []
