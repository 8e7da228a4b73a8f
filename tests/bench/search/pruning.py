"""The embedded engine with and without pruning, side by side over one index without a database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from core.search.answering.relaxation import RelaxingSearch, find_partial_matches
from core.search.engines.base import FACETS, SearchBackend, SearchPage, SearchRequest
from core.search.query.lexicon import national_lexicon
from core.search.query.planner import QueryVariant
from core.search.scope import SearchScope
from tests.bench.search.figures import Times, both, p95

ROUNDS, PAGE = 5, 10
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PRUNED, EXHAUSTIVE = "pruned", "exhaustive"


@dataclass(slots=True)
class Recorder:
    """Runs the requests of a results page and keeps them, to be run again by any engine."""

    engine: SearchBackend
    request: SearchRequest
    requests: list[SearchRequest]

    def execute(self, variant: QueryVariant) -> SearchPage:
        """Run one variant of a query as the page does."""
        request = replace(self.request, variant=variant)
        self.requests.append(request)
        return self.engine.search(request)


def requests_of_page(engine: SearchBackend, typed: str, scope: SearchScope) -> list[SearchRequest]:
    """Return what one results page asks of the engine: all variants, and partial matches."""
    blank = SearchRequest(
        variant=QueryVariant("", (), 0), scope=scope, now=NOW, limit=PAGE, facets=FACETS
    )
    recorder = Recorder(engine, blank, [])
    outcome = RelaxingSearch(recorder.execute, national_lexicon()).find(typed)
    if outcome is not None:
        find_partial_matches(recorder.execute, outcome, PAGE - outcome.page.total)
    return recorder.requests


def report(
    engines: Mapping[str, SearchBackend],
    classes: Mapping[str, Sequence[str]],
    scopes: Mapping[str, SearchScope],
) -> None:
    """Print processor time by class and scope; stop where two engines' pages differ."""
    heads = "".join(f"{name + ' p50/p95 ms':>24}" for name in engines)
    print(f"{'class':<10}{'scope':<10}{'requests':>9}{heads}   exhaustive/pruned p50, p95")
    for label, texts in classes.items():
        for place, scope in scopes.items():
            requests = [
                request
                for typed in texts
                for request in requests_of_page(engines[PRUNED], typed, scope)
            ]
            times = run_all(engines, requests)
            columns = "".join(f"{both(times[name].cpu):>24}" for name in engines)
            print(f"{label:<10}{place:<10}{len(requests):>9}{columns}{_ratios(times)}", flush=True)


def run_all(
    engines: Mapping[str, SearchBackend], requests: Sequence[SearchRequest]
) -> dict[str, Times]:
    """Run each request on every engine in turn; the first round compares and does not count."""
    times = {name: Times() for name in engines}
    for number in range(ROUNDS + 1):
        for request in requests:
            if number == 0:
                pages = [engine.search(request) for engine in engines.values()]
                if any(page != pages[0] for page in pages):
                    raise AssertionError(f"different pages for {request.variant.raw_query}")
                continue
            for name, engine in engines.items():
                times[name].take(lambda engine=engine, request=request: engine.search(request))
    return times


def _ratios(times: Mapping[str, Times]) -> str:
    pruned, exhaustive = sorted(times[PRUNED].cpu), sorted(times[EXHAUSTIVE].cpu)
    middle = len(pruned) // 2
    return f"{exhaustive[middle] / pruned[middle]:>14.2f}{p95(exhaustive) / p95(pruned):>8.2f}"


def load_classes(tools: Path) -> dict[str, list[str]]:
    """Load the shared query classes."""
    shared = json.loads((tools / "search_queries.json").read_text("utf-8"))
    classes: dict[str, list[str]] = shared["classes"]
    return classes
