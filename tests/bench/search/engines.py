"""Engines side by side: each question goes to every engine in turn, without pages around."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import getloadavg
from statistics import median
from typing import Any

from core.db.base import utc_now
from core.search.engines.base import SearchRequest
from core.search.query.planner import plan_query
from core.search.scope import SearchScope
from tests.bench.search.figures import Times, both, p95, verdict

ROUNDS = 5
FACETS, SERVER, OURS = "facets", "Meilisearch", "embedded"
QueryVariant = Callable[[SearchRequest], object]
# Share of FTS5's p95 that the embedded engine may take, over everything and over one county; what
# it may take of Meilisearch's, and in how many classes its median must be the better one.
OF_FTS5 = {"all": 0.3, "county": 0.5}
OF_MEILI, BETTER_IN = 3.0, 3


def report(
    engines: Mapping[str, QueryVariant],
    classes: Mapping[str, Sequence[str]],
    chains: Mapping[str, tuple[int, ...]],
) -> None:
    """Print p50 and p95 of every engine by class and scope, and what the embedded one takes.

    Engines of this process are compared by processor time, with the server by the clock.
    """
    heads = "".join(f"{name + ' p50/p95 ms':>24}" for name in _columns(engines))
    print(f"{'class':<10}{'scope':<8}{heads}  p95 of the others'   load {getloadavg()[0]:.1f}")
    better: dict[str, int] = dict.fromkeys(chains, 0)
    for label, texts in (*classes.items(), (FACETS, classes["2char"])):
        for place, chain in chains.items():
            facets = ("kind", "topic") if label == FACETS else ()
            times = _ask_all(engines, [_request(text, chain, facets) for text in texts])
            columns = "".join(f"{both(taken):>24}" for taken in _columns(times).values())
            print(f"{label:<10}{place:<8}{columns}{_shares(times, place)}", flush=True)
            if SERVER in times and label in classes:
                better[place] += median(times[OURS].wall) < median(times[SERVER].wall)
    if SERVER in engines:
        print(f"load {getloadavg()[0]:.1f}")
        for place, number in better.items():
            goal = "" if number >= BETTER_IN else f"  LESS THAN {BETTER_IN}"
            print(f"better median than Meilisearch's, {place}: {number} of {len(classes)}{goal}")


def _columns(engines: Mapping[str, Any]) -> dict[str, Any]:
    """What is printed of each engine; the embedded one by the clock too, beside the server."""
    made = {
        name: getattr(times, "wall" if name == SERVER else "cpu", times)
        for name, times in engines.items()
    }
    if SERVER in engines:
        made[f"{OURS}, clock"] = getattr(engines[OURS], "wall", None)
    return made


def _shares(times: Mapping[str, Times], place: str) -> str:
    """The embedded engine's p95 as a share of the others'."""
    shares: list[str] = []
    if "FTS5" in times:
        share, most = p95(times[OURS].cpu) / p95(times["FTS5"].cpu), OF_FTS5[place]
        shares.append(f"{share:>9.2f}{verdict(share, most)}")
    if SERVER in times:
        share = p95(times[OURS].wall) / p95(times[SERVER].wall)
        shares.append(f"{share:>9.2f}{verdict(share, OF_MEILI)}")
    return "".join(shares)


def _request(typed: str, chain: tuple[int, ...], facets: tuple[str, ...]) -> SearchRequest:
    ask = plan_query(typed).variants[0]
    scope = SearchScope(chain, chain, with_above=False)
    return SearchRequest(variant=ask, scope=scope, now=utc_now(), facets=facets)


def _ask_all(
    engines: Mapping[str, QueryVariant], requests: Sequence[SearchRequest]
) -> dict[str, Times]:
    """Each question through every engine in turn; the first round warms and does not count."""
    times: dict[str, Times] = defaultdict(Times)
    for turn in range(ROUNDS + 1):
        for request in requests:
            for name, ask in engines.items():
                taken = times[name] if turn else Times()
                taken.take(lambda ask=ask, request=request: ask(replace(request)))
    return times
