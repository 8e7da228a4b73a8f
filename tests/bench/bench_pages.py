"""What public pages cost: processor time of a request, of the server's whole process tree.

The demonstration is served by gunicorn as `gongkai serve` does it, once with kept pages (those
that were asked for before are *warm*) and once with `GONGKAI_PAGE_CACHE=off`. Beside them, in turns
within one run, the floors: a bare Flask view, a Flask view that renders one row read by its key,
and nginx with the bytes of the article where nginx is installed. What counts are the ratios.
"""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from core.db.migrate import upgrade_database
from core.demo.loader import load_demo
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.testing.queries import counted
from core.testing.serving import ServedInstallation, serve_installation
from tests.bench.installing import UNCACHED, bench_settings, uncached_application
from tests.bench.serving.client import fetch
from tests.bench.serving.floor_apps import ROW
from tests.bench.serving.floors import has_nginx, serve_file, serve_flask
from tests.bench.serving.rounds import Target, measure

WORKERS, THREADS = 2, 8
ROUNDS = 9
WARM_GOAL = 0.8


@dataclass(frozen=True, slots=True)
class BenchPage:
    """A page of the demonstration; uncached it may cost so many keyed reads."""

    name: str
    path: str
    goal: float


PAGES = (
    BenchPage("article", "/990101/publications/1/", 4),
    BenchPage("catalog", "/990101101201/catalog/cunwu/", 4),
    BenchPage("catalog item", "/990101101201/catalog/items/CN-shehui-jiuzhu-005/", 4),
    BenchPage("list", "/990101/publications/", 6),
    BenchPage("home", "/990101/", 8),
    BenchPage("village's home", "/990101101201/", 8),
    BenchPage("search", "/990101/search/?q=低保", 9),
)


@dataclass(frozen=True, slots=True)
class PageCost:
    """One page as it was measured."""

    page: BenchPage
    warm: Target
    uncached: Target
    statements: int


def run(rounds: str = str(ROUNDS)) -> dict[str, object]:
    """Print the cost of every page as ratios of the floors, and return it for keeping."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-bench-")))
        floors = _floors(stack, folder)
        statements = _load(folder)
        warm = stack.enter_context(serve_installation(bench_settings(folder)))
        uncached = stack.enter_context(
            serve_installation(bench_settings(folder), environment=UNCACHED)
        )
        if has_nginx():
            floors["nginx"] = _nginx(stack, folder, fetch(uncached.url, PAGES[0].path))
        costs = [
            PageCost(page, _target(page, warm), _target(page, uncached), statements[page.name])
            for page in PAGES
        ]
        measure([*floors.values(), *_targets(costs)], int(rounds))
        _print_floors(floors)
        _print_pages(costs, floors)
        return {"rounds": int(rounds), **_figures(costs, floors)}


def _floors(stack: ExitStack, folder: Path) -> dict[str, Target]:
    paths = {"bare": "/", "keyed_read": f"/{ROW}/"}
    return {
        name: Target(
            name, stack.enter_context(serve_flask(f"create_{name}", folder, WORKERS, THREADS)), path
        )
        for name, path in paths.items()
    }


def _nginx(stack: ExitStack, folder: Path, content: bytes) -> Target:
    server = stack.enter_context(serve_file(folder / "nginx", content, WORKERS))
    return Target("nginx", server, "/page.html")


def _target(page: BenchPage, server: ServedInstallation) -> Target:
    return Target(page.name, server, page.path)


def _targets(costs: Sequence[PageCost]) -> list[Target]:
    return [target for cost in costs for target in (cost.warm, cost.uncached)]


def _load(folder: Path) -> dict[str, int]:
    """Load the demonstration; returns how many statements each page sends where none is kept."""
    with uncached_application(folder) as app:
        upgrade_database()
        for side in search_engine().per_backend():
            prepare(side)
        load_demo("127.0.0.1")
        for side in search_engine().per_backend():
            drain_all(side)
        return {page.name: _count_statements(app, page) for page in PAGES}


def _count_statements(app: Flask, page: BenchPage) -> int:
    client = app.test_client()
    client.get(page.path)
    with counted() as sent:
        assert client.get(page.path).status_code == 200, page.path
    return len(sent)


def _print_floors(floors: Mapping[str, Target]) -> None:
    for name, floor in floors.items():
        print(f"{'floor: ' + name:<18}{floor.milliseconds:>9.3f} ms")
    if "nginx" not in floors:
        print("floor: nginx is not installed")


def _print_pages(costs: Sequence[PageCost], floors: Mapping[str, Target]) -> None:
    print(f"{'page':<18}{'warm ms':>9}{'x bare':>8}{'uncached ms':>13}{'x read':>8}{'goal':>6}"
          f"{'statements':>12}")  # fmt: skip
    for cost in costs:
        warm = cost.warm.ratio_to(floors["bare"])
        uncached = cost.uncached.ratio_to(floors["keyed_read"])
        missed = [
            f"warm > {WARM_GOAL:g}" * (warm > WARM_GOAL),
            f"uncached > {cost.page.goal:g}" * (uncached > cost.page.goal),
        ]
        print(f"{cost.page.name:<18}{cost.warm.milliseconds:>9.3f}{warm:>8.2f}"
              f"{cost.uncached.milliseconds:>13.2f}{uncached:>8.1f}{cost.page.goal:>6g}"
              f"{cost.statements:>12}  {', '.join(filter(None, missed))}".rstrip())  # fmt: skip


def _figures(costs: Sequence[PageCost], floors: Mapping[str, Target]) -> dict[str, object]:
    return {
        "floors_ms": {name: floor.milliseconds for name, floor in floors.items()},
        "pages": [
            {
                "name": cost.page.name,
                "path": cost.page.path,
                "statements": cost.statements,
                "warm_ms": cost.warm.milliseconds,
                "warm_to_bare": cost.warm.ratio_to(floors["bare"]),
                "warm_goal": WARM_GOAL,
                "uncached_ms": cost.uncached.milliseconds,
                "uncached_to_keyed_read": cost.uncached.ratio_to(floors["keyed_read"]),
                "uncached_goal": cost.page.goal,
            }
            for cost in costs
        ],
    }
