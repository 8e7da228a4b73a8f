"""What public pages cost, and how much of it is the resolution of the catalog.

A village's pages over a catalog of 2,000 items and four layers, as a visitor asks for them: with
nothing in memory, and again right after. Then every public page of the demonstration.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import event

from core.app import create_app
from core.catalog import cache, effective
from core.db.scope import Scope, open_session
from core.demo.loader import load_demo
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.settings import Settings
from core.testing.databases import Databases
from tests.bench.layers import DOMAIN, VILLAGE, item_id, speak

ROUNDS = 15
SLOW_MS = 100
MANY_QUERIES = 25
OF_THE_CATALOG = ("catalog/", f"catalog/{DOMAIN}/", f"catalog/items/{item_id(1)}/")
DEMO_ITEM = "CN-shehui-jiuzhu-005"
OF_THE_DEMO = (
    "/990101/",
    "/990101101/",
    "/990101101201/",
    "/990101101201/catalog/",
    "/990101101201/catalog/cunwu/",
    "/990101/catalog/shehui-jiuzhu/",
    f"/990101101201/catalog/items/{DEMO_ITEM}/",
    "/990101/publications/",
    "/990101101201/publications/",
    "/990101/publications/1/",
    "/990101/places/",
    "/990101/site-map/",
    "/990101/disclosure/guide/",
    "/990101/disclosure/statutory/",
    "/990101/search/?q=低保",
    "/990101101201/search/?q=地力",
)


@dataclass(slots=True)
class Stopwatch:
    """Time spent in some functions, in ms."""

    spent: float = 0.0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time added up here."""

        def timed(*arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                self.spent += (time.perf_counter() - started) * 1_000

        return timed


@dataclass(frozen=True, slots=True)
class Visit:
    """One page as it was answered: the whole and the resolution in ms, and its queries."""

    page: float
    resolution: float
    queries: int


def run() -> None:
    """Print the resolution's share, then the pages of the demonstration, for both databases."""
    with ExitStack() as stack:
        databases = Databases()
        stack.callback(databases.stop)
        for kind in ("sqlite", "postgresql"):
            _report_share(kind, stack.enter_context(_installed(databases, kind)))
        for kind in ("sqlite", "postgresql"):
            _report_demo(kind, stack.enter_context(_installed(databases, kind)))


@contextmanager
def _installed(databases: Databases, kind: str) -> Iterator[Flask]:
    with tempfile.TemporaryDirectory() as name, databases.fresh(kind, Path(name)) as url:
        settings = Settings(data_dir=Path(name), database_url=url, secret_key="key-of-the-tests")
        app = create_app(settings)
        with app.app_context():
            yield app
            app.extensions["sqlalchemy"].engine.dispose()


def _report_share(kind: str, app: Flask) -> None:
    with open_session(Scope.platform("benchmark")) as session:
        speak(session)
    print(f"{kind + ', 2,000 items in 4 layers':<54}{'page ms':>9}{'resolution':>12}{'share':>7}")
    for path in OF_THE_CATALOG:
        address = f"/{VILLAGE}/{path}"
        _visit(app, address)  # templates are compiled once in the life of a server
        visits = [(_forgetful(app, address), _visit(app, address)) for _ in range(ROUNDS)]
        for state, seen in zip(("cold", "warm"), zip(*visits, strict=True), strict=True):
            page = median(visit.page for visit in seen)
            resolution = median(visit.resolution for visit in seen)
            share = f"{resolution / page:.0%}"
            print(f"  {path + ' ' + state:<52}{page:>9.1f}{resolution:>12.2f}{share:>7}")


def _report_demo(kind: str, app: Flask) -> None:
    prepare(search_engine())
    load_demo("127.0.0.1")
    drain_all(search_engine())
    print(f"{kind + ', the demonstration':<54}{'page ms':>9}{'queries':>12}")
    for address in OF_THE_DEMO:
        _visit(app, address)
        seen = [_visit(app, address) for _ in range(ROUNDS)]
        page, queries = median(visit.page for visit in seen), seen[-1].queries
        slow = page > SLOW_MS or queries > MANY_QUERIES
        goal = f"  NOT WITHIN {SLOW_MS} ms and {MANY_QUERIES} queries" if slow else ""
        print(f"  {address:<52}{page:>9.1f}{queries:>12}{goal}")


def _forgetful(app: Flask, address: str) -> Visit:
    cache._caches.clear()
    return _visit(app, address)


def _visit(app: Flask, address: str) -> Visit:
    with _resolution_timed() as resolution, _counted(app) as statements:
        started = time.perf_counter()
        response = app.test_client().get(address)
        taken = (time.perf_counter() - started) * 1_000
    assert response.status_code == 200, f"{address}: {response.status}"
    return Visit(taken, resolution.spent, len(statements))


@contextmanager
def _resolution_timed() -> Iterator[Stopwatch]:
    """Both steps of it: which revisions are in force, and the catalog that they make."""
    watch = Stopwatch()
    steps = {name: getattr(effective, name) for name in ("load_heads", "resolve_chain")}
    for name, step in steps.items():
        setattr(effective, name, watch.around(step))
    yield watch
    for name, step in steps.items():
        setattr(effective, name, step)


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    engine = app.extensions["sqlalchemy"].engine
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
