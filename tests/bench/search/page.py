"""What a visitor waits for: the results page, with planning, facets, highlighting and the rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from flask import current_app
from werkzeug.test import create_environ, run_wsgi_app

from core.search.answering import relaxation
from core.search.answering import service as searching
from core.search.registry import SearchEngine
from tests.bench.search.figures import CPU, Clock, both, p95, timed, verdict

ROUNDS = 3
# ms at this many documents, at most; planning's share of a search, at most.
WITHIN = {100_000: 20, 1_000_000: 80}
PLANNING = 0.2


class Watch:
    """Time spent in some functions, in ms."""

    def __init__(self) -> None:
        self.spent = 0.0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time added up here."""

        def watched(*arguments: Any, **options: Any) -> Any:
            answer: list[Any] = []
            self.spent += timed(lambda: answer.append(function(*arguments, **options)))
            return answer[0]

        return watched


def report(
    engine: SearchEngine,
    size: int,
    classes: Mapping[str, Sequence[str]],
    codes: Mapping[str, str],
    clock: Clock = CPU,
) -> float:
    """Print the page's times by class and scope; return p95 over all classes together."""
    print(
        f"{'class':<10}{'scope':<8}{'page p50/p95 ms':>24}{'planning':>12}   ({size:,} documents)"
    )
    together: list[float] = []
    for label, texts in classes.items():
        for place, code in codes.items():
            addresses = [f"/{code}/search/?q={quote(text)}" for text in texts]
            times, share = _visit_all(addresses, clock)
            together += times
            print(
                f"{label:<10}{place:<8}{both(times):>24}{share:>12.0%}{verdict(share, PLANNING)}",
                flush=True,
            )
    slowest = p95(together)
    goal = verdict(slowest, WITHIN.get(size, float("inf")))
    print(f"{'together':<18}{both(together):>24}{goal}", flush=True)
    return slowest


def _visit_all(addresses: Sequence[str], clock: Clock) -> tuple[list[float], float]:
    times: list[float] = []
    with _watched() as (planning, whole):
        for turn in range(ROUNDS + 1):
            if turn == 1:
                planning.spent = whole.spent = 0.0
            for address in addresses:
                taken = _visit(address, clock)
                if turn:
                    times.append(taken)
    return times, planning.spent / whole.spent


def _visit(address: str, clock: Clock) -> float:
    """How long the application takes to answer; to make up a request is the browser's part."""
    environment = create_environ(address, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    answered: list[str] = []
    application = current_app.wsgi_app
    taken = timed(lambda: answered.append(run_wsgi_app(application, environment, True)[1]), clock)
    assert answered == ["200 OK"], f"{address}: {answered}"
    return taken


@contextmanager
def _watched() -> Iterator[tuple[Watch, Watch]]:
    """Time of planning, and of the whole search that it belongs to."""
    planning, whole = Watch(), Watch()
    places = [(relaxation, "plan_query", planning), (relaxation, "correct", planning),
              (searching._SingleSearch, "answer", whole)]  # fmt: skip
    kept = [getattr(owner, name) for owner, name, _ in places]
    for (owner, name, watch), function in zip(places, kept, strict=True):
        setattr(owner, name, watch.around(function))
    yield planning, whole
    for (owner, name, _), function in zip(places, kept, strict=True):
        setattr(owner, name, function)
