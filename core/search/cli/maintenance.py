"""`gongkai search status | drain | rebuild | verify`: maintenance of each backend's index."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from core.command import print_result
from core.search.engines.base import BackendUnavailableError
from core.search.indexing import reconcile
from core.search.indexing.indexer import drain_all
from core.search.registry import SearchEngine

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OperationReport:
    """The result of an operation, and whether all is well."""

    body: Body
    ok: bool


def finish(report: OperationReport, *, as_json: bool) -> None:
    """Print a report; exit with 1 unless all is well."""
    print_result(report.body, as_json=as_json, text=lambda: "\n".join(_lines(report.body)))
    if not report.ok:
        sys.exit(1)


def _lines(body: Mapping[str, Any], margin: str = "") -> Iterator[str]:
    for name, value in body.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{margin}{name}:"
            for state in value:
                yield from _lines(state, margin + "  ")
        else:
            yield f"{margin}{name}: {value}"


def _for_each_backend(engine: SearchEngine, work: Callable[[SearchEngine], Body]) -> list[Body]:
    """Run work for every backend; raise for one that is down once the others are done."""
    done: dict[str, Body] = {}
    down: BackendUnavailableError | None = None
    for single in reversed(engine.per_backend()):
        try:
            done[single.backend.name] = work(single)
        except BackendUnavailableError as error:
            down = error
    if down is not None:
        raise down
    return [done[backend.name] for backend in engine.backends]


def _status(engine: SearchEngine) -> OperationReport:
    """Report the state of backends and outbox; not well with a backend down or parked changes."""
    states = [reconcile.status(single) for single in engine.per_backend()]
    given_up = [
        asdict(change)
        for single in engine.per_backend()
        for change in reconcile.parked_changes(single)
    ]
    body = {
        **asdict(states[0]),
        "engines": [asdict(state) for state in states],
        "given_up": given_up,
    }
    return OperationReport(body, ok=all(state.ok for state in states) and not given_up)


def _drain(engine: SearchEngine) -> OperationReport:
    """Index until the outbox is empty."""
    settled: list[int] = []

    def work(single: SearchEngine) -> Body:
        reconcile.prepare(single)
        settled.append(drain_all(single))
        return asdict(reconcile.status(single))

    states = _for_each_backend(engine, work)
    body = {"settled": sum(settled), **states[0], "engines": states}
    return OperationReport(body, ok=not any(state["parked"] for state in states))


def _rebuild(engine: SearchEngine) -> OperationReport:
    """Build new indexes from the database, then catch up with what changed meanwhile."""

    def work(single: SearchEngine) -> Body:
        single.backend.ensure()
        built = reconcile.rebuild(single)
        drain_all(single)
        return {"built": built, **asdict(reconcile.status(single))}

    states = _for_each_backend(engine, work)
    return OperationReport({**states[0], "engines": states}, ok=True)


def _verify(engine: SearchEngine) -> OperationReport:
    """Compare indexes and database; not well where they differ."""
    engines = _for_each_backend(engine, _differences)
    counts = ("missing", "stale", "extra")
    body: Body = {name: sum(state[name] for state in engines) for name in counts}
    body["differing"] = sorted({thing for state in engines for thing in state["differing"]})
    return OperationReport({**body, "engines": engines}, ok=not any(body[name] for name in counts))


def _differences(single: SearchEngine) -> Body:
    drift = reconcile.verify(single)
    differing = sorted({*drift.missing, *drift.stale, *drift.extra})
    return {
        "backend": single.backend.name,
        "missing": len(drift.missing),
        "stale": len(drift.stale),
        "extra": len(drift.extra),
        "differing": differing[:100],
    }


OPERATIONS: dict[str, Callable[[SearchEngine], OperationReport]] = {
    "status": _status,
    "drain": _drain,
    "rebuild": _rebuild,
    "verify": _verify,
}
