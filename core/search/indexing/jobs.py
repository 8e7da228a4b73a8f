"""Background jobs: drain the outbox, compare and repair nightly, delete old statistics."""

from collections.abc import Iterable

from core.clock import today
from core.db.scope import Scope, open_session
from core.errors import Conflict
from core.jobs.queue import Jobs, Schedule
from core.log.logger import get_logger
from core.search.analytics.reports import delete_expired
from core.search.engines.base import BackendUnavailableError
from core.search.indexing.indexer import drain
from core.search.indexing.outbox import DRAIN
from core.search.indexing.reconcile import Drift, prepare, repair
from core.search.registry import SearchEngine

log = get_logger("gongkai.search")

# Changes wake the indexer; the schedule is for rows that become due and for retries.
EVERY_MINUTE = Schedule()
NIGHTLY = Schedule(minute="17", hour="19")  # 03:17 in China


def define_jobs(jobs: Jobs, engine: SearchEngine) -> None:
    """Define search's jobs."""
    jobs.define(DRAIN, lambda: _drain(engine), EVERY_MINUTE)
    jobs.define("search_repair", lambda: _repair(engine), NIGHTLY)
    jobs.define("search_forget", delete_old_statistics, NIGHTLY)


def delete_old_statistics() -> None:
    """Delete statistics past their retention."""
    with open_session(Scope.platform("statistics that are too old")) as session:
        if count := delete_expired(session, today()):
            log.info("search statistics deleted", count=count)


def _drain(engine: SearchEngine) -> None:
    for single in _local_first(engine):
        try:
            prepare(single)
            drain(single)
        except (BackendUnavailableError, Conflict) as error:  # what waits stays in the outbox
            log.warning("indexing is held up", engine=single.backend.name, reason=str(error))


def _repair(engine: SearchEngine) -> None:
    for single in _local_first(engine):
        try:
            _report(single, repair(single))
        except BackendUnavailableError as error:
            log.warning("index not compared", engine=single.backend.name, reason=str(error))


def _local_first(engine: SearchEngine) -> Iterable[SearchEngine]:
    """Return the local backend first: it must not wait for a server that may be down."""
    return reversed(engine.per_backend())


def _report(single: SearchEngine, drift: Drift) -> None:
    if not drift.none:
        log.warning(
            "index repaired", engine=single.backend.name,
            missing=len(drift.missing), stale=len(drift.stale), extra=len(drift.extra),
        )  # fmt: skip
