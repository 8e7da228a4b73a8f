"""20,000 service points: the nearest five by each engine, and the pages of them, by the clock.

Measured are the nearest alone (`find_nearest`), the answer of the search box with its cards, of a
village that asks, and the county's list and map data, never kept. Beside the times stands what is
asked of the database.
"""

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert

from core.app import create_app
from core.db.base import Base, list_mappers
from core.db.engine import db
from core.db.scope import Scope, open_session
from core.opening_hours.domain.model import hours_to_json
from core.opening_hours.domain.parsing import parse_hours
from core.search.answering.nearest import find_nearest
from core.search.answering.service import SearchQuery, search
from core.search.engines.base import SearchBackend
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.geo import GeoPoint, Vicinity
from core.search.indexing.indexer import chunks
from core.search.query.planner import plan_query
from core.search.registry import search_engine
from core.settings import Settings
from core.testing.databases import Databases
from core.testing.factories.plugins import set_policy
from core.testing.factories.trees import Tree, load_tree
from core.testing.meili.program import MeiliProgram
from core.testing.queries import counted
from tests.bench.search.figures import WALL, both, p95, timed, verdict

POINTS, ROUNDS, GOAL = 20_000, 40, 200.0
KIND, TABLE = "service_map", "service_map_point"
SERVICES = ("社保卡", "医保", "养老金", "水费", "户籍")
HOURS = [
    f"周一至周五 {begin}:{minute:02}-12:00,14:{minute:02}-{end}:30"
    for begin in (8, 9) for minute in (0, 15, 30, 45) for end in (17, 18)
] + ["以电话为准", "每天24小时", "周二至周日 9:00-17:30", ""]  # fmt: skip
PAGES = {
    "list": "?",
    "list, nearest": "?near=106.6,35.9",
    "list, open, nearest": "?near=106.6,35.9&open=1",
    "list, filtered": "?service=点&facility=lift&type=station",
    "map data": "map.json?",
}
QUESTIONS = ("最近的便民服务点", "附近的医保窗口", "哪里能办社保卡")


def run(kinds: str = "sqlite,postgresql") -> dict[str, object]:
    """Print the times for these kinds of databases; Meilisearch takes part where it is found."""
    figures: dict[str, object] = {}
    with ExitStack() as stack:
        databases = Databases()
        stack.callback(databases.stop)
        for kind in kinds.split(","):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = stack.enter_context(databases.fresh(kind, folder, "tree"))
            app = create_app(
                Settings(data_dir=folder, database_url=url, secret_key="key-of-the-tests")
            )
            with app.app_context():
                tree = _fill()
                for backend in stack.enter_context(_backends()):
                    figures |= _report(app, tree, kind, backend)
                figures |= _report_pages(app, tree, kind)
                db.engine.dispose()
    return figures


def _fill() -> Tree:
    """Spread points over a county of 120 by 110 km, each with one service in its address."""
    chance = random.Random(13)
    with open_session(None) as session:
        tree = load_tree(session)
    set_policy(KIND, tree.county)
    places = (tree.county, tree.town, tree.village, tree.sister_village)
    kinds = [(text, hours_to_json(read) if (read := parse_hours(text)) else None) for text in HOURS]
    rows: list[dict[str, Any]] = []
    for number in range(POINTS):
        lng, lat = 106 + chance.random() * 1.3, 35.4 + chance.random()
        text, stored = chance.choice(kinds)
        rows.append(
            {
                "tenant_id": places[number % len(places)].id,
                "name": f"便民服务点{number}",
                "address": f"{chance.choice(SERVICES)}窗口 第{number % 700}村",
                "lng": lng, "lat": lat, "gcj_lng": lng, "gcj_lat": lat,
                "phones": [{"number": "0999-5551000", "note": ""}],
                "type_key": "station", "state": "public", "hours": stored, "hours_text": text,
                "facilities": ["lift"] if number % 5 == 0 else [],
            }
        )  # fmt: skip
    with open_session(Scope.platform("benchmark")) as session:
        session.execute(insert(_model()), rows)
    return tree


def _model() -> type[Base]:
    """Return the plugin's model by its table: the core knows no plugin."""
    return next(
        mapper.class_ for mapper in list_mappers()
        if getattr(mapper.local_table, "name", "") == TABLE
    )  # fmt: skip


@contextmanager
def _backends() -> Iterator[list[SearchBackend]]:
    embedded = search_engine().backend
    embedded.ensure()
    if shutil.which("meilisearch") is None:
        print("no meilisearch on the PATH: measured without it")
        yield [embedded]
        return
    with closing(MeiliProgram()) as program:
        server = MeiliBackend(program.url, program.key, "gk_nearby")
        server.ensure()
        yield [embedded, server]


def _report(app: Flask, tree: Tree, kind: str, backend: SearchBackend) -> dict[str, object]:
    engine = search_engine()
    engine.backend = backend
    with open_session(Scope.platform("benchmark")) as session:
        keys = list(engine.kinds[KIND].keys(session, None))
        rebuild = backend.begin_rebuild()
        for some in chunks(keys, 250):
            rebuild.upsert(engine.load(session, KIND, some))
        rebuild.publish()
    figures: dict[str, object] = {}
    for name, ask in {"nearest five": _ask_nearest, "answer with cards": _ask_page}.items():
        times, statements = _measure(app, tree, ask)
        slowest = p95(times)
        print(
            f"{kind:<11}{backend.name:<12}{name:<18}p50/p95 ms {both(times)}"
            f"{verdict(slowest, GOAL)}  statements {statements}",
            flush=True,
        )
        figures[f"{kind} {backend.name} {name}"] = {"p95_ms": slowest, "statements": statements}
    return figures


def _report_pages(app: Flask, tree: Tree, kind: str) -> dict[str, object]:
    figures: dict[str, object] = {}
    client = app.test_client()
    for name, asked in PAGES.items():
        times, most = [], 0
        for turn in range(ROUNDS + 3):
            # An address of its own each time: no kept page answers.
            address = f"/{tree.county.division_code}/service-points/{asked}&page={turn + 1}"
            with counted() as sent:
                took = timed(lambda: client.get(address).get_data(), WALL)  # noqa: B023 - called at once
            if turn >= 3:
                times.append(took)
                most = max(most, len(sent))
        slowest = p95(times)
        print(
            f"{kind:<11}{'page':<12}{name:<18}p50/p95 ms {both(times)}"
            f"{verdict(slowest, GOAL)}  statements {most}",
            flush=True,
        )
        figures[f"{kind} {name}"] = {"p95_ms": slowest, "statements": most}
    return figures


def _measure(app: Flask, tree: Tree, ask: Callable[..., None]) -> tuple[list[float], int]:
    chance = random.Random(1)
    times, most = [], 0
    for turn in range(ROUNDS + 3):
        typed = QUESTIONS[turn % len(QUESTIONS)]
        spot = GeoPoint(106 + chance.random() * 1.3, 35.4 + chance.random())
        with app.test_request_context(), open_session(None) as directory, counted() as sent:
            took = timed(lambda: ask(directory, tree, typed, spot), WALL)  # noqa: B023 - called at once
        if turn >= 3:
            times.append(took)
            most = max(most, len(sent))
    return times, most


def _ask_nearest(directory: Any, tree: Tree, typed: str, spot: GeoPoint) -> None:
    ways = plan_query(typed.replace("最近的", "").replace("附近的", "")).variants
    things = find_nearest(directory, tree.village, KIND, Vicinity(spot), ways)
    if len(things[:5]) < 5:
        raise RuntimeError(f"nothing near for {typed}")


def _ask_page(directory: Any, tree: Tree, typed: str, _spot: GeoPoint) -> None:
    answer = search(search_engine(), directory, tree.village, SearchQuery(typed=typed))
    if not answer.cards:
        raise RuntimeError(f"no card for {typed}")
