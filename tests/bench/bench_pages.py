"""What public pages cost: processor time of a request, of the server's whole process tree.

The demonstration is served by gunicorn as `gongkai serve` does it, once with kept pages (those
that were asked for before are *warm*) and once with `GONGKAI_PAGE_CACHE=off`. Beside them, in turns
within one run, the floors: a bare Flask view, a Flask view that renders one row read by its key,
and nginx with the bytes of the article where nginx is installed. There the county's home is also
sent out of a file that was written ahead, beside nginx with the same bytes under a plain
configuration. What counts are the ratios.
"""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from core.app import create_app
from core.clock import today
from core.db.engine import db
from core.db.migrate import upgrade_database
from core.demo.loader import load_demo
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.static_pages.folder import INDEX
from core.static_pages.service import write_all
from core.static_pages.writing import PlaceOutcome
from core.testing.queries import counted
from core.testing.serving import ServedInstallation, serve_installation
from tests.bench.installing import UNCACHED, bench_settings, uncached_application
from tests.bench.serving.client import fetch
from tests.bench.serving.floor_apps import ROW
from tests.bench.serving.floors import serve_file, serve_flask
from tests.bench.serving.nginx import build_example, has_nginx, serve_nginx
from tests.bench.serving.rounds import Target, measure

WORKERS, THREADS = 2, 8
ROUNDS = 9
WARM_GOAL = 0.8
FILES_GOAL = 0.8  # of nginx's own rate
HOME = "/990101/"


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
            floors["nginx"] = _nginx(stack, folder / "nginx", fetch(uncached.url, PAGES[0].path))
            floors |= _files(stack, folder, warm.url)
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


def _files(stack: ExitStack, folder: Path, application: str) -> dict[str, Target]:
    """Write the county's pages ahead; its home as nginx sends it, and as nginx can at best."""
    given = {"static_pages": str(folder / "pages"), "public_url": "http://127.0.0.1"}
    settings = bench_settings(folder).changed(**given)
    with create_app(settings).app_context():
        for _place, result in write_all("990101"):
            assert result.outcome is PlaceOutcome.WRITTEN
        file = folder / "pages" / "live" / "127.0.0.1" / "990101" / today().isoformat() / INDEX
        content = file.read_bytes()
        db.engine.dispose()
    site = build_example(settings, application)
    server = stack.enter_context(serve_nginx(folder / "ahead", site, workers=WORKERS))
    assert fetch(server.url, HOME) == content
    plain = _nginx(stack, folder / "plain", content)
    return {"files": Target("files", server, HOME), "files_at_best": plain}


def _nginx(stack: ExitStack, folder: Path, content: bytes) -> Target:
    server = stack.enter_context(serve_file(folder, content, WORKERS))
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
        return
    print(f"{'files':<18}{_files_rate(floors):>9.2f} of nginx's rate, goal {FILES_GOAL:g}")


def _files_rate(floors: Mapping[str, Target]) -> float:
    """Return how many pages out of files are sent in the time in which nginx can send one."""
    return 1 / floors["files"].ratio_to(floors["files_at_best"])


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
        "files_rate": _files_rate(floors) if "files" in floors else None,
        "files_goal": FILES_GOAL,
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
