"""Calls that end late, in the worst places: the rest of the installation goes on."""

import json
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import OperationalError

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.settings import Settings
from core.tenancy.models import Organ
from core.testing.factories.plugins import PluginFactory, set_policy
from core.testing.factories.trees import load_tree
from core.testing.serving import ServedInstallation, serve_installation
from tests.soak.fetching import Fetched, count_logged, wait_until

LONGEST_WAIT = 3.0
LONGEST_LATE = 5.0
PAUSE = 0.3
PLAIN_CLIENTS, LATE_CLIENTS = 2, 2
TOWN = "/990111100"
PLUGIN = '''
import logging, os, time
from flask import current_app, render_template_string, request
from sqlalchemy import text
from core.db.engine import db
from core.db.scope import Scope, open_session
from core.sdk import *

MANIFEST = Manifest("late", "1.0", "Late")
blueprint = PluginBlueprint(MANIFEST, __name__)
STATEMENT = """WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 200000000)
               SELECT count(*) FROM n"""

@blueprint.get("/<code>/late/")
@public_page
def show():
    late = current_app.extensions["plugin_threads"].list_abandoned()
    return {"process": os.getpid(), "connections": db.engine.pool.checkedout(), "late": len(late)}

@hookimpl
def blueprints():
    return [blueprint]

def flush_then(tenant, wait):
    with open_session(Scope.own(tenant)) as session:
        session.add(Organ(tenant_id=tenant.id, name=f"late {time.monotonic_ns()}"))
        session.flush()
        wait(session)

@hookimpl
def home_blocks(session, tenant):
    seconds = float(request.args.get("for", 0))
    kind = request.args.get("late")
    if kind == "flush":
        flush_then(tenant, lambda own: time.sleep(seconds))
    elif kind == "statement":
        flush_then(tenant, lambda own: own.execute(text(STATEMENT)))
    elif kind == "template":
        render_template_string("{{ sleep(seconds) }}", sleep=time.sleep, seconds=seconds)
    elif kind == "lock":
        with logging._lock:
            time.sleep(seconds)
    return []
'''


@dataclass(slots=True)
class LateReport:
    """What became of late calls, and of everything beside them."""

    late: int = 0
    plain: Fetched = field(default_factory=Fetched)
    asked_late: Fetched = field(default_factory=Fetched)
    writes: list[float] = field(default_factory=list)
    failed_writes: int = 0
    replaced: int = 0
    ended_at_once: int = 0
    connections_left: dict[int, int] = field(default_factory=dict)

    def __str__(self) -> str:
        plain, late = self.plain, self.asked_late
        return (
            f"{self.late} late calls; {len(plain.statuses)} other pages, {plain.broken} broken,"
            f" slowest {plain.slowest:.1f} s; {len(late.statuses)} pages with late calls,"
            f" {late.broken} broken, slowest {late.slowest:.1f} s; {len(self.writes)} writes,"
            f" {self.failed_writes} failed, slowest {max(self.writes):.2f} s; {self.replaced}"
            f" workers replaced, {self.ended_at_once} of them at once; connections in use"
            f" {self.connections_left}"
        )

    def check(self, late: int) -> None:
        """Assert that nothing but the requests of processes that ended at once was lost."""
        assert self.late >= late, str(self)
        assert not self.plain.others, str(self)
        assert not self.asked_late.others, str(self)
        assert self.plain.broken <= PLAIN_CLIENTS * self.ended_at_once, str(self)
        assert self.asked_late.broken <= LATE_CLIENTS * self.ended_at_once, str(self)
        assert self.failed_writes == 0, str(self)
        assert max(self.writes) < LONGEST_WAIT, str(self)
        assert self.replaced > self.ended_at_once, str(self)
        # At most that of the page which tells: one that only reads lends its own (core.db.idle).
        assert self.connections_left, str(self)
        assert max(self.connections_left.values()) <= 1, str(self)


def run_late_calls(
    settings: Settings, factory: PluginFactory, log: Path, late: int, longest: float
) -> LateReport:
    """Ask for late calls until there were so many, or the time is over; then look at the pool."""
    factory.write("late", PLUGIN)
    changed = {"testing": False, "plugin_fault_limit": 10**6, "plugin_call_seconds": 0.25}
    own = settings.changed(plugin_folders=str(factory.folder), **changed)
    report, stop = LateReport(), threading.Event()
    with factory.application(settings) as app:
        with open_session(None) as session:
            tree = load_tree(session)
        set_policy("late", tree.county)
        with serve_installation(own, log=log) as served:
            Fetched().fetch(served.url, f"{TOWN}/")  # the server has started
            writer = threading.Thread(target=_write, args=(app, tree.town, report, stop))
            clients = [_client(served, report, stop, number) for number in range(LATE_CLIENTS)]
            clients += [_plain_client(served, report, stop) for _ in range(PLAIN_CLIENTS)]
            for thread in (writer, *clients):
                thread.start()
            started, seen = time.monotonic(), set(served.workers())
            while _count_late(log) < late and time.monotonic() - started < longest:
                seen |= served.workers()
                time.sleep(0.1)
            stop.set()
            for thread in (writer, *clients):
                thread.join()
            report.connections_left = _connections_left(served)
            seen |= served.workers()
    report.late = _count_late(log)
    report.replaced = len(seen) - 2
    report.ended_at_once = count_logged(log, "exited with code 1")
    return report


def _count_late(log: Path) -> int:
    return count_logged(log, "no answer in")


def _client(
    served: ServedInstallation, report: LateReport, stop: threading.Event, seed: int
) -> threading.Thread:
    """Ask for pages on which a call is late, for up to five seconds.

    The first client's calls hold SQLite's write lock, one at a time: SQLite does not queue those
    who wait for it, so that several in a row could keep out any writer for as long as they come.
    """
    chance = random.Random(seed)
    kinds = ("flush", "statement") if seed == 0 else ("template",) * 7 + ("lock",)

    def work() -> None:
        while not stop.wait(PAUSE):
            kind = chance.choice(kinds)
            seconds = chance.uniform(0.5, LONGEST_LATE)
            report.asked_late.fetch(served.url, f"{TOWN}/?late={kind}&for={seconds:.2f}")

    return threading.Thread(target=work)


def _plain_client(
    served: ServedInstallation, report: LateReport, stop: threading.Event
) -> threading.Thread:
    def work() -> None:
        while not stop.wait(0.05):
            report.plain.fetch(served.url, f"{TOWN}/late/")
            report.plain.fetch(served.url, f"{TOWN}/")

    return threading.Thread(target=work)


def _write(app: Flask, tenant: Tenant, report: LateReport, stop: threading.Event) -> None:
    """Write beside the late calls as other pages do, and record how long each write waits."""
    while not stop.wait(0.1):
        started = time.monotonic()
        try:
            with app.app_context(), open_session(Scope.own(tenant)) as session:
                session.add(Organ(tenant_id=tenant.id, name=f"punctual {len(report.writes)}"))
        except OperationalError:
            report.failed_writes += 1
        report.writes.append(time.monotonic() - started)


def _connections_left(served: ServedInstallation) -> dict[int, int]:
    """Return the connections in use in each worker once all late calls have ended."""
    found: dict[int, int] = {}

    def is_quiet() -> bool:
        told = json.loads(Fetched().fetch(served.url, f"{TOWN}/late/") or "{}")
        if told.get("late") == 0:
            found[told["process"]] = told["connections"]
        return served.workers() <= set(found)

    time.sleep(LONGEST_LATE)
    wait_until(is_quiet, 60)
    return {process: found[process] for process in served.workers()}
