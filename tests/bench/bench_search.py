"""What search costs: engines side by side, the page around them, the slope, and the index.

`python -m tests.bench search=SIZE,SIZE…` takes other sizes than the usual ones: engines are
compared at the first, the page at each, over the same database that grows.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from core.app import create_app
from core.db.migrate import upgrade_database
from core.db.scope import Scope, open_session
from core.search.document import SearchDocument
from core.search.indexer import CHUNK, chunks
from core.search.registry import SearchEngine, search_engine
from core.settings import Settings
from tests.bench.search import engines, page, publishing
from tests.bench.search.corpus import EVERYTHING, Installation, compose, county, queries
from tests.bench.search.figures import verdict
from tests.bench.search.fts5 import Fts5

USUAL = "100000,300000"
CODE, PATH = county(3)
KIND = "publication"
INDEX_OF_TEXT = 0.45


def run(sizes: str = USUAL) -> None:
    """Fill to each size in turn; compare engines at the first, measure the page at each."""
    steps = [int(size) for size in sizes.split(",")]
    with _installed() as (app, folder):
        filled = Installation(*compose(steps[-1], folder), folder / "gongkai.sqlite3")
        filled.plant()
        pages = {}
        for at, (before, size) in enumerate(zip([0, *steps], steps, strict=False)):
            filled.publish(size)
            peer = Fts5(folder / "fts5.sqlite3") if at == 0 else None
            _fill(search_engine(), peer, before, size)
            if peer:
                _report_index(folder, filled.text_bytes)
                chains = {"all": filled.chain("CN"), "county": filled.chain(PATH)}
                _compare(search_engine(), peer, chains)
            codes = {"all": EVERYTHING, "county": CODE}
            pages[size] = page.report(app, size, queries(), codes)
        for size in steps[1:]:
            print(f"page p95 at {size:,} over {steps[0]:,}: {pages[size] / pages[steps[0]]:.1f}")
    publishing.report()


@contextmanager
def _installed() -> Iterator[tuple[Flask, Path]]:
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        app = create_app(Settings(data_dir=Path(name), secret_key="bench"))
        with app.app_context():
            upgrade_database()
            search_engine().backend.ensure()
            yield app, Path(name)
            app.extensions["sqlalchemy"].engine.dispose()


def _fill(engine: SearchEngine, peer: Fts5 | None, before: int, size: int) -> None:
    """Index what is new; the time of reading, and that of each engine."""
    spent = dict.fromkeys(("reading", "embedded", "FTS5"), 0.0)
    for numbers in chunks(range(before + 1, size + 1), CHUNK * 10):
        started = time.perf_counter()
        documents = _documents(engine, numbers)
        read = time.perf_counter()
        engine.backend.upsert(documents)
        written = time.perf_counter()
        if peer:
            peer.upsert(documents)
        steps = (read - started, written - read, time.perf_counter() - written)
        spent = {name: spent[name] + step for name, step in zip(spent, steps, strict=True)}
    if peer is None:
        del spent["FTS5"]
    rates = (f"{name} {(size - before) / taken:,.0f}" for name, taken in spent.items())
    print(f"documents a second: {', '.join(rates)}", flush=True)


def _documents(engine: SearchEngine, numbers: Sequence[int]) -> list[SearchDocument]:
    with open_session(Scope.platform("benchmark")) as session:
        return engine.load(session, KIND, [str(number) for number in numbers])


def _report_index(folder: Path, text: int) -> None:
    held = sum(path.stat().st_size for path in (folder / "search").rglob("*") if path.is_file())
    goal = verdict(held / text, INDEX_OF_TEXT)
    print(f"index {held / 1e6:.0f} MB of {text / 1e6:.0f} MB text: {held / text:.2f}{goal}")


def _compare(engine: SearchEngine, peer: Fts5, chains: dict[str, tuple[int, ...]]) -> None:
    print(f"FTS5 index {peer.bytes() / 1e6:.0f} MB")
    asked = {"embedded": engine.backend.search, "FTS5": peer.search}
    engines.report(asked, queries(), chains)
    peer.close()
