"""A served demonstration beside four busy loops per core: the load is no plugin's fault."""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.demo.loader import load_demo
from core.plugins.models import PluginQuarantine
from core.publishing.models import Publication
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.settings import Settings
from core.testing.factories.plugins import PluginFactory, set_policy
from core.testing.serving import ServedInstallation, serve_installation
from tests.soak.fetching import Fetched, count_logged, fetch, wait_until

LOOPS_PER_CORE = 4
CLIENTS = 2
HEALTHY = ("feeds", "notice_board", "open_day")
HARMFUL = ("looper", "sleeper")
COUNTY, OTHER_VILLAGE = "990101", "990101001001"
PAGES = ("", "catalog/", "publications/", "site-map/", "search/?q=低保", "places/")
HOOK = """
import time
from core.sdk import *

MANIFEST = Manifest("{name}", "1.0", "{name}")

@hookimpl
def home_blocks(session, tenant):
    {body}
"""


@dataclass(frozen=True, slots=True)
class BusyReport:
    """What became of the pages and the plugins."""

    pages: int
    left_out: int
    blamed: int
    quarantined: frozenset[str]
    quarantined_elsewhere: frozenset[str]
    fetched: Fetched

    def __str__(self) -> str:
        return (
            f"{self.pages} pages, slowest {self.fetched.slowest:.1f} s, statuses"
            f" {set(self.fetched.statuses)}; healthy plugins left out {self.left_out} times, blamed"
            f" {self.blamed} times; quarantined: {sorted(self.quarantined)}, of the others"
            f" {sorted(self.quarantined_elsewhere)}"
        )

    def check(self) -> None:
        """Assert that only those that did harm were blamed."""
        assert set(self.fetched.statuses) == {200}, str(self)
        assert self.left_out * 200 <= self.pages, str(self)
        assert self.blamed == 0, str(self)
        assert self.quarantined == set(HARMFUL), str(self)
        assert not self.quarantined_elsewhere, str(self)


def write_harmful_plugins(factory: PluginFactory) -> None:
    """Write a plugin that loops, and one that sleeps."""
    factory.write("looper", HOOK.format(name="looper", body="while True: pass"))
    factory.write("sleeper", HOOK.format(name="sleeper", body="time.sleep(60)"))


def load_searchable_demo() -> None:
    """Load the demonstration and its search index."""
    for side in search_engine().per_backend():
        prepare(side)
    load_demo("127.0.0.1")
    for side in search_engine().per_backend():
        drain_all(side)


def run_busy_machine(
    settings: Settings,
    factory: PluginFactory,
    log: Path,
    pages: int,
    loops: int = LOOPS_PER_CORE,
) -> BusyReport:
    """Fetch pages of the demonstration in these settings' database on a busy machine."""
    own = settings.changed(plugin_folders=str(factory.folder), testing=False)
    with factory.application(settings):
        paths = list_paths()
        with open_session(None) as session:
            village = session.scalars(_tenant(OTHER_VILLAGE)).one()
        for name in HARMFUL:
            set_policy(name, village)
        with serve_installation(own, log=log) as served, busy_loops(loops):
            fetched = _fetch_pages(served, random.Random(1).choices(paths, k=pages))
            left_out = count_logged(log, "plugin left out", HEALTHY)
            left_out += count_logged(log, "no time left for plugins")
            blamed = count_logged(log, "plugin failed", HEALTHY)
            _visit_until_quarantined(served, village)
        return BusyReport(pages, left_out, blamed, _quarantined(village), _elsewhere(), fetched)


@contextmanager
def busy_loops(per_core: int) -> Iterator[None]:
    """Keep each core busy with several loops."""
    command = [sys.executable, "-c", "while True: pass"]
    loops = [subprocess.Popen(command) for _ in range(per_core * (os.cpu_count() or 1))]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def list_paths() -> list[str]:
    """Return public pages of several places of the demonstration."""
    with open_session(Scope.platform("test")) as session:
        tenants = {tenant.id: tenant for tenant in session.scalars(select(Tenant))}
        published = select(Publication.tenant_id, Publication.id).order_by(Publication.id)
        texts = [
            f"/{tenants[owner].division_code}/publications/{number}/"
            for owner, number in session.execute(published.limit(20))
        ]
    places = [t.division_code for t in tenants.values() if t.level in {"county", "township"}]
    found = [f"/{code}/{page}" for code in places for page in PAGES]
    return found + [path for path in texts if not path.startswith(f"/{OTHER_VILLAGE}/")]


def _fetch_pages(served: ServedInstallation, paths: list[str]) -> Fetched:
    fetched, waiting = Fetched(), iter(paths)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                path = next(waiting, None)
            if path is None:
                return
            fetched.fetch(served.url, path)

    clients = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return fetched


def _visit_until_quarantined(served: ServedInstallation, village: Tenant) -> None:
    def visit() -> bool:
        assert fetch(served.url, f"/{village.division_code}/")[0] == 200
        return _quarantined(village) == set(HARMFUL)

    wait_until(visit)


def _quarantined(tenant: Tenant) -> frozenset[str]:
    return _names(select(PluginQuarantine.plugin).where(PluginQuarantine.tenant_id == tenant.id))


def _elsewhere() -> frozenset[str]:
    return _names(select(PluginQuarantine.plugin).where(PluginQuarantine.plugin.not_in(HARMFUL)))


def _names(query) -> frozenset[str]:
    with open_session(Scope.platform("test")) as session:
        return frozenset(session.scalars(query))


def _tenant(code: str):
    return select(Tenant).where(Tenant.division_code == code)
