"""Every engine must pass this suite; a new one is added to `ENGINES`.

A real Meilisearch takes part where `MEILI_TEST_URL` (and `MEILI_TEST_KEY`) names one, or where the
program is on the PATH.
"""

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from meilisearch import Client

from core.search.document import SearchDocument
from core.search.engines.base import SearchBackend, SearchRequest, SuggestRequest
from core.search.engines.embedded.backend import EmbeddedBackend
from core.search.engines.meilisearch.backend import MeiliBackend
from core.search.query.planner import plan_query
from core.search.scope import SearchScope
from core.testing.meili.program import MeiliProgram
from core.testing.meili.server import FakeMeilisearch

INDEX = "gk_contract"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

# A nation (1), a county (2) with two townships (3, 4) of two villages each (5 6, 7 8), another
# county (9) with a village in a township (10, 11).
CHAINS = {
    1: (1,),
    2: (1, 2),
    3: (1, 2, 3),
    4: (1, 2, 4),
    5: (1, 2, 3, 5),
    6: (1, 2, 3, 6),
    7: (1, 2, 4, 7),
    8: (1, 2, 4, 8),
    9: (1, 9),
    10: (1, 9, 10),
    11: (1, 9, 10, 11),
}


def document(pk, tenant=2, **fields) -> SearchDocument:
    """A document of a tenant of the small tree."""
    given = {"title": "农村低保标准", "path": f"publications/{pk}/", **fields}
    return SearchDocument(kind=given.pop("kind", "publication"), pk=str(pk),
                          scope=CHAINS[tenant], **given)  # fmt: skip


class Servers:
    """Servers that the engines of a test process share; each engine has an index of its own."""

    def __init__(self) -> None:
        self._ours: FakeMeilisearch | None = None
        self._real: MeiliProgram | None = None

    def ours(self) -> tuple[str, str]:
        """Address and key of our own small server."""
        self._ours = self._ours or FakeMeilisearch()
        return self._ours.url, self._ours.key

    def real(self) -> tuple[str, str]:
        """Address and key of a real Meilisearch."""
        if url := os.environ.get("MEILI_TEST_URL"):
            return url, os.environ.get("MEILI_TEST_KEY", "")
        self._real = self._real or MeiliProgram()
        return self._real.url, self._real.key

    def close(self) -> None:
        """Stop what was started."""
        for server in (self._ours, self._real):
            if server is not None:
                server.close()
        self._ours = self._real = None


SERVERS = Servers()
# Also where they were asked for outside this suite.
atexit.register(SERVERS.close)


@contextmanager
def embedded(folder: Path) -> Iterator[SearchBackend]:
    engine = EmbeddedBackend(folder / "search")
    yield engine
    engine.close()


@contextmanager
def meili_on(url: str, key: str) -> Iterator[SearchBackend]:
    """An engine whose index is empty; making one anew for each test would take longer."""
    client = Client(url, key)
    engine = MeiliBackend(url, key, INDEX)
    engine.ensure()
    yield engine
    client.wait_for_task(client.index(INDEX).delete_all_documents().task_uid)


@contextmanager
def meili_ours(_folder: Path) -> Iterator[SearchBackend]:
    with meili_on(*SERVERS.ours()) as engine:
        yield engine


@contextmanager
def meili_real(_folder: Path) -> Iterator[SearchBackend]:
    with meili_on(*SERVERS.real()) as engine:
        yield engine


ENGINES = {"embedded": embedded, "meili-ours": meili_ours}
if os.environ.get("MEILI_TEST_URL") or shutil.which("meilisearch"):
    ENGINES["meilisearch"] = meili_real


class Asker:
    """Ask an engine as the service does, without its texts."""

    def __init__(self, engine: SearchBackend) -> None:
        self.engine = engine

    def add(self, *documents: SearchDocument) -> None:
        self.settle(self.engine.upsert(documents))

    def forget(self, *ids: str) -> None:
        self.settle(self.engine.delete(ids))

    def settle(self, ticket) -> None:
        assert self.engine.wait(ticket, 60).state == "done"

    def page(self, typed, tenant=2, *, base=None, with_above=True, variant=0, **choices):
        scope = SearchScope(CHAINS[tenant], CHAINS[base or tenant], with_above=with_above)
        variants = plan_query(typed).variants
        request = SearchRequest(
            variant=variants[variant], scope=scope, now=choices.pop("now", NOW), **choices
        )
        return self.engine.search(replace(request, limit=choices.get("limit", 50)))

    def suggested(self, typed, tenant=2, *, now=NOW, with_above=True, **choices) -> list[str]:
        """Keys of the documents whose titles complete what is typed."""
        scope = SearchScope(CHAINS[tenant], CHAINS[tenant], with_above=with_above)
        request = SuggestRequest(typed=typed, scope=scope, now=now, **choices)
        return [found.partition("-")[2] for found in self.engine.suggest(request)]

    def __call__(self, typed, tenant=2, **choices) -> list[str]:
        """Keys of the hits in their order."""
        return [hit.id.partition("-")[2] for hit in self.page(typed, tenant, **choices).hits]
