"""Processes that late plugin calls have harmed are replaced: in order, or at once where stuck."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.operations.heartbeat import OneAtATime
from core.settings import resource
from core.testing.factories.plugins import set_policy
from core.testing.serving import child_processes, serve_installation

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone

TOWN = "/990111100"
PATIENCE = 20
PLUGIN = """
import logging, os, time
from flask import request
from core.sdk import *

MANIFEST = Manifest("fair", "1.0", "Fair")
blueprint = PluginBlueprint(MANIFEST, __name__)

@blueprint.get("/<code>/fair/")
@public_page
def show():
    time.sleep(float(request.args.get("wait", 0)))
    return str(os.getpid())

@hookimpl
def blueprints():
    return [blueprint]

def late_in_lock():
    with logging._lock:
        time.sleep(30)

@hookimpl
def home_blocks(session, tenant):
    late = request.args.get("late")
    if late == "sleep":
        time.sleep(8)
    if late == "lock":
        late_in_lock()
    return []
"""


@pytest.fixture
def served(plugin_factory, settings, tree, tmp_path):
    """Two workers that serve a plugin which is late when it is asked to be."""
    plugin_factory.write("fair", PLUGIN)
    changed = {"plugin_call_seconds": 0.2, "plugin_fault_limit": 10_000, "testing": False}
    own = settings.changed(**changed, plugin_folders=str(plugin_factory.folder))
    with plugin_factory.application(own):
        set_policy("fair", tree.county)
    with serve_installation(own, log=tmp_path / "log") as server:
        until(lambda: len({fetch(server)[1] for _ in range(8)}) == 2)
        yield server


def fetch(served, path=f"{TOWN}/fair/"):
    """Fetch a page over a connection of its own; 0 where the connection breaks."""
    address = urlsplit(served.url)
    connection = HTTPConnection(address.hostname, address.port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def until(condition, patience=PATIENCE):
    """Wait until something holds."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < patience
        time.sleep(0.05)


def test_workers_are_forked_from_a_parent_without_threads_and_connections(served):
    parent = Path(f"/proc/{served.process}")
    assert len(list((parent / "task").iterdir())) == 1
    opened = [str(link.readlink()) for link in (parent / "fd").iterdir()]
    assert not [name for name in opened if "sqlite" in name or "search" in name]


def test_a_new_worker_answers_soon_after_the_end_of_another(served):
    before = served.workers()
    os.kill(min(before), signal.SIGKILL)
    started = time.monotonic()
    until(lambda: len(served.workers() - before) == 1)
    until(lambda: len({fetch(served)[1] for _ in range(8)}) == 2)
    assert time.monotonic() - started < 3


def test_a_worker_with_late_calls_is_replaced_in_order(served):
    """What it is answering is answered, and others go on meanwhile."""
    before = served.workers()
    with ThreadPoolExecutor(24) as pool:
        running = [pool.submit(fetch, served, f"{TOWN}/fair/?wait=3") for _ in range(6)]
        late = [pool.submit(fetch, served, f"{TOWN}/?late=sleep") for _ in range(6)]
        others = [pool.submit(fetch, served) for _ in range(12)]
        until(lambda: served.workers() - before)
        answers = [each.result() for each in (*running, *late, *others)]
    assert {status for status, _ in answers} == {200}
    until(lambda: len(served.workers()) == 2)
    assert fetch(served)[0] == 200


def test_a_worker_whose_heartbeat_cannot_take_a_lock_ends_at_once(served, tmp_path):
    before = served.workers()
    started = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        stuck = pool.submit(fetch, served, f"{TOWN}/?late=lock")
        until(lambda: len(served.workers() & before) == 1)
        assert time.monotonic() - started < 8
        stuck.result()
    until(lambda: len(served.workers()) == 2)
    assert {fetch(served)[0] for _ in range(10)} == {200}
    assert "late_in_lock" in (tmp_path / "log").read_text()  # the operator sees who held it


JOBS = """
import sys, threading
from core.app import create_app
from core.jobs.queue import enqueue
from core.plugins.calls import jobs
from core.operations import heartbeat
from core.operations.worker import run_worker

jobs.LONGEST_JOB = 0.2
heartbeat.LONGEST_LATE_SECONDS = 1.0
app = create_app()
sys.exit(run_worker(app))
"""
HANGS = """
import os, time
from pathlib import Path
from core.sdk import *

MANIFEST = Manifest("fair", "1.0", "Fair")

def hang():
    time.sleep(600)

def write():
    Path(os.environ["SEEN"]).write_text(str(os.getpid()))

@hookimpl
def jobs():
    return [Job("fair_hang", hang), Job("fair_write", write)]
"""


@pytest.fixture
def jobs_worker(plugin_factory, settings, tree, tmp_path):
    """A worker with a plugin whose job hangs; yields its process and a way to queue jobs."""
    plugin_factory.write("fair", HANGS)
    changed = {"testing": False, "plugin_folders": str(plugin_factory.folder)}
    own = settings.changed(**changed)
    environment = os.environ | {
        "GONGKAI_DATA_DIR": str(own.data_dir),
        "GONGKAI_DATABASE_URL": own.database_url,
        "GONGKAI_SECRET_KEY": own.secret_key,
        "GONGKAI_PLUGIN_FOLDERS": own.plugin_folders,
        "SEEN": str(tmp_path / "seen"),
    }
    with plugin_factory.application(own) as app:
        set_policy("fair", tree.county)
        process = subprocess.Popen([sys.executable, "-c", JOBS], env=environment, cwd=resource())
        yield process, app.extensions["jobs"].enqueue
        if process.poll() is None:
            process.terminate()
        process.wait(20)


def seen_by(tmp_path):
    path = tmp_path / "seen"
    # Read once: the job empties the file before it writes.
    return int((path.is_file() and path.read_text()) or 0)


def test_a_jobs_worker_with_a_late_job_is_replaced_and_goes_on(jobs_worker, tmp_path):
    process, enqueue = jobs_worker
    enqueue("fair_write")
    until(lambda: seen_by(tmp_path))
    first = seen_by(tmp_path)
    assert child_processes(process.pid) == {first}
    enqueue("fair_hang")
    until(lambda: child_processes(process.pid) not in (set(), {first}))
    enqueue("fair_write")
    until(lambda: seen_by(tmp_path) != first)
    assert child_processes(process.pid) == {seen_by(tmp_path)}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_jobs_worker_stops_with_its_child(jobs_worker, tmp_path, number):
    process, enqueue = jobs_worker
    enqueue("fair_write")
    until(lambda: seen_by(tmp_path))
    process.send_signal(number)
    assert process.wait(20) == 0
    assert not Path(f"/proc/{seen_by(tmp_path)}").exists()


def test_a_jobs_worker_does_not_outlive_its_parent(jobs_worker, tmp_path):
    process, enqueue = jobs_worker
    enqueue("fair_write")
    until(lambda: seen_by(tmp_path))
    process.kill()
    until(lambda: not Path(f"/proc/{seen_by(tmp_path)}").exists())


def test_only_one_process_at_a_time_stops_in_order():
    turn = OneAtATime()
    held, release = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        turn.acquire()
        os.write(held[1], b"x")
        os.read(release[0], 1)
        os._exit(0)
    os.read(held[0], 1)
    assert not turn.acquire()
    os.write(release[1], b"x")
    os.waitpid(child, 0)
    assert turn.acquire()
