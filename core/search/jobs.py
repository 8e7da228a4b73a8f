"""What search does in the background."""

import structlog

from core.errors import Conflict
from core.jobs.queue import Jobs, Schedule
from core.search.backend import BackendUnavailableError
from core.search.indexer import drain
from core.search.outbox import DRAIN
from core.search.reconcile import prepare, repair
from core.search.registry import SearchEngine

log = structlog.get_logger("gongkai.search")

# Changes wake the indexer themselves; the minute's round is for rows that come due and retries.
EVERY_MINUTE = Schedule()
NIGHTLY = Schedule(minute="17", hour="19")  # 03:17 in China


def define_jobs(jobs: Jobs, engine: SearchEngine) -> None:
    """Add search's jobs to the application's."""
    jobs.define(DRAIN, lambda: _drain(engine), EVERY_MINUTE)
    jobs.define("search_repair", lambda: _repair(engine), NIGHTLY)


def _drain(engine: SearchEngine) -> None:
    try:
        prepare(engine)
        drain(engine)
    except (BackendUnavailableError, Conflict) as error:  # what waits stays in the outbox
        log.warning("indexing is held up", reason=str(error))


def _repair(engine: SearchEngine) -> None:
    drift = repair(engine)
    if not drift.none:
        log.warning(
            "index repaired",
            missing=len(drift.missing), stale=len(drift.stale), extra=len(drift.extra),
        )  # fmt: skip
