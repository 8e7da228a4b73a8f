"""What search costs: engines side by side, the page around them, the slope, and the index.

`python -m tests.bench search=SIZE,SIZE…` takes other sizes than the usual ones: engines are
compared at the first, the page is measured at each, over the same database that grows.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from core.app import create_app
from core.db.migrate import upgrade_database
from core.db.scope import Scope, open_session
from core.search.document import SearchDocument
from core.search.engines.base import SearchBackend, WriteState, WriteTicket
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.indexing.indexer import chunks
from core.search.registry import SearchEngine, search_engine
from core.settings import Settings, current_settings
from core.testing.meili.program import MeiliProgram
from tests.bench.search import engines, page, publishing, ratios
from tests.bench.search.corpus import EVERYTHING, Installation, compose, county, queries
from tests.bench.search.figures import CPU, WALL, timed, verdict
from tests.bench.search.fts5 import Fts5

USUAL = "100000,300000"
CODE, PATH = county(3)
CODES = {"all": EVERYTHING, "county": CODE}
KIND = "publication"
INDEX_OF_TEXT = 0.45
BATCH, PATIENCE = 2_000, 900.0


class Taker(Protocol):
    """What documents are handed to."""

    name: str

    def upsert(self, documents: Sequence[SearchDocument]) -> WriteTicket | None: ...


class Rebuilt:
    """The embedded engine, filled as `gongkai search rebuild` fills it."""

    def __init__(self, backend: SearchBackend) -> None:
        self.name = backend.name
        self._made = backend.begin_rebuild()

    def upsert(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents."""
        self._made.upsert(documents)

    def finish(self) -> None:
        """Commit, and let the index answer."""
        self._made.publish()


def run(sizes: str = USUAL) -> None:
    """Fill to each size in turn; compare engines at the first, measure the page at each."""
    steps = [int(size) for size in sizes.split(",")]
    with _installed() as (engine, folder), _meilisearch() as meili:
        filled = Installation(*compose(steps[-1], folder), folder / "gongkai.sqlite3")
        filled.create_tenants()
        pages: list[float] = []
        for size in steps:
            filled.publish(size)
            if pages:
                _fill(engine, [Rebuilt(engine.backend)], size)
            else:
                _compare(engine, meili, filled, folder, size)
            pages.append(page.report(engine, size, queries(), CODES))
            ratios.report(current_settings(), size, pages[-1], f"/{CODE}/search/?q=低保")
        for size, slowest in zip(steps[1:], pages[1:], strict=True):
            print(f"page p95 at {size:,} over {steps[0]:,}: {slowest / pages[0]:.1f}")
    publishing.report()


@contextmanager
def _installed() -> Iterator[tuple[SearchEngine, Path]]:
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        app = create_app(
            Settings(data_dir=Path(name), secret_key="key-of-the-tests", page_cache="off")
        )
        with app.app_context():
            upgrade_database()
            search_engine().backend.ensure()
            yield search_engine(), Path(name)
            app.extensions["sqlalchemy"].engine.dispose()


@contextmanager
def _meilisearch() -> Iterator[MeiliBackend | None]:
    """A real Meilisearch, where the program is on the PATH."""
    if shutil.which("meilisearch") is None:
        print("no meilisearch on the PATH: measured without it")
        yield None
        return
    with closing(MeiliProgram()) as program:
        backend = MeiliBackend(program.url, program.key, "gk_bench")
        backend.ensure()
        yield backend


def _compare(
    engine: SearchEngine, meili: MeiliBackend | None, filled: Installation, folder: Path, size: int
) -> None:
    """Fill all engines and ask them in turn, then the page on Meilisearch."""
    peer = Fts5(folder / "fts5.sqlite3")
    _fill(engine, [Rebuilt(engine.backend), peer, *([meili] if meili else [])], size)
    _report_index(folder, filled.text_bytes)
    print(f"FTS5 index {peer.bytes() / 1e6:.0f} MB")
    asked = {"embedded": engine.backend.search, "FTS5": peer.search}
    if meili:
        asked[engines.SERVER] = meili.search
    chains = {"all": filled.chain("CN"), "county": filled.chain(PATH)}
    engines.report(asked, queries(), chains)
    peer.close()
    if meili:
        embedded, engine.backend = engine.backend, meili
        page.report(engine, size, queries(), CODES, WALL)
        engine.backend = embedded


def _fill(engine: SearchEngine, takers: Sequence[Taker], size: int) -> None:
    """Index everything; the time of reading, and that of each engine until it is findable."""
    spent = dict.fromkeys(("reading", *(taker.name for taker in takers)), 0.0)
    last: dict[str, WriteTicket | None] = {}
    for numbers in chunks(range(1, size + 1), BATCH):
        documents: list[SearchDocument] = []
        spent["reading"] += timed(lambda into=documents, some=numbers: _read(engine, some, into))
        for taker in takers:
            clock = WALL if isinstance(taker, MeiliBackend) else CPU
            spent[taker.name] += timed(
                lambda to=taker, d=documents: last.update({to.name: to.upsert(d)}), clock
            )
    for taker in takers:
        if isinstance(taker, MeiliBackend):  # its tasks end in the order of their coming
            spent[taker.name] += timed(lambda to=taker: _wait_for(to, last[to.name]), WALL)
        elif isinstance(taker, Rebuilt):
            spent[taker.name] += timed(taker.finish)
    rates = (f"{name} {size / taken * 1000:,.0f}" for name, taken in spent.items())
    print(f"documents a second: {', '.join(rates)}", flush=True)


def _wait_for(server: MeiliBackend, ticket: WriteTicket | None) -> None:
    if ticket is None or server.wait(ticket, PATIENCE).state is not WriteState.DONE:
        raise RuntimeError("Meilisearch did not take the documents")


def _read(engine: SearchEngine, numbers: Sequence[int], into: list[SearchDocument]) -> None:
    with open_session(Scope.platform("benchmark")) as session:
        into += engine.load(session, KIND, [str(number) for number in numbers])


def _report_index(folder: Path, text: int) -> None:
    held = sum(path.stat().st_size for path in (folder / "search").rglob("*") if path.is_file())
    goal = verdict(held / text, INDEX_OF_TEXT)
    print(f"index {held / 1e6:.0f} MB of {text / 1e6:.0f} MB text: {held / text:.2f}{goal}")
