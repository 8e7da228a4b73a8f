"""200 connections at once on the defaults, then the worker is killed (docs/soak.md).

The program is `gongkai serve --with-worker`, or `gongkai demo`, as it is installed: nothing but the
data folder and the port is set.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from flask import current_app
from sqlalchemy import func, select

from core.app import create_app
from core.db.migrate import upgrade_database
from core.db.scope import Scope, open_session
from core.jobs.queue import is_worker_running
from core.operations.checks import Check, run_checks
from core.plugins.models import PluginFault, PluginQuarantine
from core.settings import Settings, resource
from core.testing.serving import environment_for, find_workers
from tests.bench.serving.processes import tree_seconds
from tests.soak.busy_machine import list_paths, load_searchable_demo
from tests.soak.fetching import Fetched, count_logged, fetch, wait_until

CONNECTIONS, SECONDS = 200, 60.0
LONGEST_PAGE, NOTICED_WITHIN = 5.0, 30.0
# The first of them come one after the other, as people do, within so many seconds.
ARRIVAL = 2.0


@dataclass(slots=True)
class CrowdReport:
    """What became of the pages, the plugins and the worker."""

    connections: int
    took: float
    fetched: Fetched
    processor: float = 0.0
    left_out: int = 0
    blamed: int = 0
    quarantined: int = 0
    noticed_after: float = 0.0
    restarted_after: float = 0.0

    def __str__(self) -> str:
        parts = quantiles(self.fetched.seconds, n=100)
        cost = self.processor / len(self.fetched.seconds)
        wait = cost * self.connections / (os.cpu_count() or 1)
        return (
            f"{self.connections} connections, {self.took:.0f} s: {len(self.fetched.seconds)} pages,"
            f" statuses {dict(Counter(self.fetched.statuses))}, median {parts[49]:.2f} s, 99 %"
            f" {parts[98]:.2f} s, slowest {self.fetched.slowest:.2f} s; {cost * 1000:.1f} ms of"
            f" processor time a page, so that everybody would wait {wait:.2f} s with all cores for"
            f" the server alone; plugins left out {self.left_out} times, blamed {self.blamed},"
            f" quarantined {self.quarantined}; killed worker noticed after"
            f" {self.noticed_after:.1f} s, started again after {self.restarted_after:.1f} s"
        )

    def check(self, longest_page: float = LONGEST_PAGE) -> None:
        """Assert that everybody got a page in time, and that nothing was held against plugins."""
        assert set(self.fetched.statuses) == {200}, str(self)
        assert (self.blamed, self.quarantined) == (0, 0), str(self)
        assert self.fetched.slowest < longest_page, str(self)
        assert max(self.noticed_after, self.restarted_after) < NOTICED_WITHIN, str(self)


def run_crowd(
    folder: Path, seconds: float = SECONDS, connections: int = CONNECTIONS
) -> CrowdReport:
    """Load the demonstration, serve it on the defaults, and have everybody come at once."""
    settings = Settings(
        data_dir=folder / "data",
        database_url=f"sqlite:///{folder / 'gongkai.sqlite3'}",
        secret_key="a soak's key of its own",
    )
    app = create_app(settings.changed(testing=True))
    with app.app_context():
        upgrade_database()
        load_searchable_demo()
        paths = list_paths()
        log = folder / "log"
        with serve_defaults(settings, log) as (url, process):
            before = tree_seconds(process)
            report = _visit(url, paths, seconds, connections)
            report.processor = tree_seconds(process) - before
            report.left_out = count_logged(log, "plugin left out")
            report.blamed = count_logged(log, "plugin failed") + _count(PluginFault)
            report.quarantined = _count(PluginQuarantine)
            report.noticed_after, report.restarted_after = _kill_worker(process)
        app.extensions["sqlalchemy"].engine.dispose()
    return report


@contextmanager
def serve_defaults(settings: Settings, log: Path) -> Iterator[tuple[str, int]]:
    """Run `gongkai serve --with-worker`; yields its address and process once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "core.cli", "serve", "--port", port, "--with-worker"]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, env=os.environ | environment_for(settings), cwd=resource(), stderr=output
        )
        try:
            wait_until(lambda: fetch(url, "/healthz")[0] == 200)
            wait_until(is_worker_running)
            yield url, process.pid
        finally:
            process.terminate()
            process.wait(60)


def _visit(url: str, paths: Sequence[str], seconds: float, connections: int) -> CrowdReport:
    """Have each connection ask for one page after the other until the time is over."""
    fetched, chance = Fetched(), random.Random(1)
    started = time.monotonic()

    def work(own: random.Random) -> None:
        time.sleep(own.uniform(0, ARRIVAL))
        while time.monotonic() - started < seconds:
            fetched.fetch(url, own.choice(paths))

    people = [
        threading.Thread(target=work, args=(random.Random(chance.random()),))
        for _ in range(connections)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return CrowdReport(connections, time.monotonic() - started, fetched)


def _count(model: type) -> int:
    with open_session(Scope.platform("soak")) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def _kill_worker(process: int) -> tuple[float, float]:
    """Kill the worker; return when the doctor said so, and when another was at work (seconds)."""
    killed = find_workers(process)
    for worker in killed:
        os.kill(worker, signal.SIGKILL)
    started = time.monotonic()
    wait_until(lambda: not _jobs_check().ok, NOTICED_WITHIN)
    noticed = time.monotonic() - started
    wait_until(lambda: len(find_workers(process) - killed) == len(killed), NOTICED_WITHIN)
    wait_until(lambda: is_worker_running() and _jobs_check().ok, NOTICED_WITHIN)
    return noticed, time.monotonic() - started


def _jobs_check() -> Check:
    return next(check for check in run_checks(current_app) if check.name == "jobs")
