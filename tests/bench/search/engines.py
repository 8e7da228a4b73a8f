"""Engines side by side: each question goes to every engine in turn, without pages around."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from statistics import median

from core.db.base import utc_now
from core.search.backend import SearchRequest
from core.search.plan import plan_query
from core.search.scope import SearchScope
from tests.bench.search.figures import CPU, WALL, both, p95, timed, verdict

ROUNDS = 5
FACETS, SERVER = "facets", "Meilisearch"
Ask = Callable[[SearchRequest], object]
# Share of FTS5's p95 that the embedded engine may take, over everything and over one county; what
# it may take of Meilisearch's, and in how many classes its median must be the better one.
OF_FTS5 = {"all": 0.3, "county": 0.5}
OF_MEILI, BETTER_IN = 3.0, 3


def report(
    engines: Mapping[str, Ask],
    classes: Mapping[str, Sequence[str]],
    chains: Mapping[str, tuple[int, ...]],
) -> None:
    """Print p50 and p95 of every engine by class and scope, and what the embedded one takes."""
    heads = "".join(f"{name + ' p50/p95 ms':>24}" for name in engines)
    print(f"{'class':<10}{'scope':<8}{heads}  p95 of the others'")
    better: dict[str, int] = dict.fromkeys(chains, 0)
    for label, texts in (*classes.items(), (FACETS, classes["2char"])):
        for place, chain in chains.items():
            facets = ("kind", "topic") if label == FACETS else ()
            times = _ask_all(engines, [_request(text, chain, facets) for text in texts])
            columns = "".join(f"{both(taken):>24}" for taken in times.values())
            print(f"{label:<10}{place:<8}{columns}{_shares(times, place)}", flush=True)
            if SERVER in times and label in classes:
                better[place] += median(times["embedded"]) < median(times[SERVER])
    if SERVER in engines:
        for place, number in better.items():
            goal = "" if number >= BETTER_IN else f"  LESS THAN {BETTER_IN}"
            print(f"better median than Meilisearch's, {place}: {number} of {len(classes)}{goal}")


def _shares(times: Mapping[str, Sequence[float]], place: str) -> str:
    """The embedded engine's p95 as a share of the others'."""
    most = {"FTS5": OF_FTS5[place], SERVER: OF_MEILI}
    shares = {name: p95(times["embedded"]) / p95(times[name]) for name in times if name in most}
    return "".join(f"{share:>9.2f}{verdict(share, most[name])}" for name, share in shares.items())


def _request(typed: str, chain: tuple[int, ...], facets: tuple[str, ...]) -> SearchRequest:
    ask = plan_query(typed).asks[0]
    scope = SearchScope(chain, chain, with_above=False)
    return SearchRequest(ask=ask, scope=scope, now=utc_now(), facets=facets)


def _ask_all(
    engines: Mapping[str, Ask], requests: Sequence[SearchRequest]
) -> dict[str, list[float]]:
    """Each question through every engine in turn; the first round warms and does not count."""
    times: dict[str, list[float]] = defaultdict(list)
    for turn in range(ROUNDS + 1):
        for request in requests:
            for name, ask in engines.items():
                clock = WALL if name == SERVER else CPU
                taken = timed(lambda ask=ask, request=request: ask(replace(request)), clock)
                if turn:
                    times[name].append(taken)
    return times
