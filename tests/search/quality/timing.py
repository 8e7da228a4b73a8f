"""What planning costs beside the engine's work."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

from core.search.answering.relaxation import RelaxingSearch, find_partial_matches
from core.search.query.planner import QueryVariant
from tests.search.quality.corpora import Collection
from tests.search.quality.ways import PAGE, Asker

ROUNDS = 3


@dataclass(slots=True)
class Stopwatch:
    """Seconds that went by inside."""

    seconds: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of whole searches, and of the planning within each."""

    whole: list[float]
    planning: list[float]

    @property
    def share(self) -> float:
        """Of all time, what went into planning."""
        return sum(self.planning) / sum(self.whole)

    def __str__(self) -> str:
        p95 = [quantiles(one, n=20)[-1] for one in (self.whole, self.planning)]
        return (
            f"a search {median(self.whole):.1f} / {p95[0]:.1f} ms (p50/p95), planning "
            f"{median(self.planning):.2f} / {p95[1]:.2f} ms, {self.share:.0%} of all"
        )


def cost_of_planning(engine, collection: Collection) -> Cost:
    """Ask every question some rounds; the first round warms up and does not count."""
    cost = Cost([], [])
    for turn in range(ROUNDS + 1):
        for query in collection.questions:
            whole, within = _timed(Asker(engine, collection.places[query.at]), query.text)
            if turn:
                cost.whole.append(whole)
                cost.planning.append(whole - within)
    return cost


def _timed(asker: Asker, typed: str) -> tuple[float, float]:
    engine_work, whole = Stopwatch(), Stopwatch()
    put = _watched(asker.put, engine_work)
    with whole.running():
        found = RelaxingSearch(put, asker.place.words, lambda: asker.place.learned).find(typed)
        if found:
            find_partial_matches(put, found, PAGE - found.page.total)
    return whole.seconds * 1_000, engine_work.seconds * 1_000


def _watched(put: Callable, watch: Stopwatch) -> Callable:
    def ask(question: QueryVariant):
        with watch.running():
            return put(question)

    return ask
