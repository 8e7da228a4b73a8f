"""Programs side by side: a worker that is killed is started again, two installations at once."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.jobs.queue import Schedule, init_jobs, is_worker_running
from core.operations.checks import run_checks
from core.settings import resource
from core.testing.serving import find_workers

NOTICED_WITHIN = 30
# A demonstration is loaded first.
LONGEST_START = 180
PROGRAM = [sys.executable, "-m", "core.cli"]


@pytest.fixture
def environment(settings):
    return os.environ | {
        "GONGKAI_DATA_DIR": str(settings.data_dir),
        "GONGKAI_DATABASE_URL": settings.database_url,
        "GONGKAI_SECRET_KEY": settings.secret_key,
    }


@contextmanager
def serving_with_worker(environment, *words):
    """Run `gongkai` with these words and a port; yields its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [*PROGRAM, *words, "--port", port]
    process = subprocess.Popen(command, env=environment, cwd=resource(), stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def until(condition, seconds=60):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.1)


def jobs_check(app):
    return next(check for check in run_checks(app) if check.name == "jobs")


@pytest.mark.both_databases
def test_a_killed_worker_is_noticed_and_started_again(app, environment):
    assert jobs_check(app).remedy
    check_restart(app, environment, "serve", "--workers", "1", "--with-worker")


def test_the_demonstration_starts_its_worker_again(app, environment):
    check_restart(app, environment, "demo")


def check_restart(app, environment, *words):
    """Kill the worker of a running program: the doctor says so, then another is at work."""
    with serving_with_worker(environment, *words) as process:
        until(lambda: is_worker_running() and jobs_check(app).ok, LONGEST_START)
        assert not jobs_check(app).remedy
        killed = find_workers(process.pid)
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        until(lambda: not jobs_check(app).ok, NOTICED_WITHIN)
        until(lambda: len(find_workers(process.pid) - killed) == len(killed), NOTICED_WITHIN)
        until(lambda: is_worker_running() and jobs_check(app).ok, NOTICED_WITHIN)
        again = find_workers(process.pid)
    assert not any(Path(f"/proc/{worker}").exists() for worker in again)


def test_the_doctor_says_that_nobody_does_what_waits(app, settings):
    check = jobs_check(app)
    assert (check.ok, bool(check.remedy)) == (True, True)
    app.extensions["jobs"].enqueue("search_drain")
    check = jobs_check(app)
    assert (check.ok, bool(check.remedy)) == (False, True)


@pytest.mark.both_databases
def test_one_of_several_workers_plans_what_is_due_by_the_clock(app, settings):
    done = []
    queues = [init_jobs(app, settings) for _worker in range(2)]
    for queue in queues:
        queue.define("round", lambda: done.append(1), Schedule())
    first, second = (queue.huey for queue in queues)
    assert [task.name for task in first.read_periodic(None)] == ["round_periodic"]
    assert second.read_periodic(None) == []
    assert is_worker_running()
    queues[0].scheduler.stop()
    assert [task.name for task in second.read_periodic(None)] == ["round_periodic"]
    queues[1].scheduler.stop()


def test_a_job_runs_in_one_worker_at_a_time(app, settings, monkeypatch):
    monkeypatch.setattr("core.jobs.queue.LONGEST_WAIT", 0)
    running = []

    def work():
        running.append(1)
        if len(running) == 1:
            queues[1].huey.execute(queues[1].huey.dequeue())

    queues = [init_jobs(app, settings) for _worker in range(2)]
    for queue in queues:
        queue.define("round", work)
        queue.enqueue("round")
    queues[0].huey.execute(queues[0].huey.dequeue())
    assert running == [1]


def test_two_installations_at_once_are_made_one_after_the_other(tmp_path, environment):
    own = environment | {
        "GONGKAI_DATA_DIR": str(tmp_path / "fresh"),
        "GONGKAI_DATABASE_URL": "",
    }
    both = [
        subprocess.Popen(
            [*PROGRAM, "init"], env=own, cwd=resource(), stderr=subprocess.PIPE, text=True
        )
        for _process in range(2)
    ]
    told = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert not any("Traceback" in text for text in told)


@pytest.mark.parametrize(("given", "arenas"), [({}, 1), ({"MALLOC_ARENA_MAX": "2"}, 2)])
def test_threads_of_a_worker_share_one_heap_unless_told_otherwise(given, arenas):
    tell = [sys.executable, "-c", "import os; os._exit(int(os.environ['MALLOC_ARENA_MAX']))"]
    run = f"from core.operations.server import run_together as run; raise SystemExit(run({tell!r}))"
    plain = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    ran = subprocess.run(
        [sys.executable, "-c", run], env=plain | given, cwd=resource(), check=False
    )
    assert ran.returncode == arenas
