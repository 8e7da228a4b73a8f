"""Search statistics: counters in memory, flushed to the database after the response."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from flask import Flask, Response, current_app
from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from core.db.scope import Scope, open_session
from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.log.logger import get_logger
from core.search.analytics.anonymity import (
    address_bucket,
    has_enough_askers,
    query_digest,
    to_countable_query,
)
from core.search.models import FailedQueryCount, SearchCount

# Seconds between flushes, and entries that cause one earlier.
FLUSH_SECONDS = 10.0
MAX_PENDING = 500

log = get_logger("gongkai.search")

Place = tuple[int, date]


@dataclass(slots=True)
class _FailureCounts:
    """How often a query failed since the last flush, and the address buckets of its askers."""

    in_vain: int = 0
    partly: int = 0
    buckets: int = 0


@dataclass(slots=True)
class _PendingCounts:
    """Counts that are not flushed yet."""

    counts: Counter[tuple[Place, str]] = field(default_factory=Counter)
    failed: dict[tuple[Place, str], _FailureCounts] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.counts) + len(self.failed)


class EventCounters:
    """The counters of one process; a kill loses what is not flushed, which is accepted."""

    def __init__(self, secret: str, *, every: float = FLUSH_SECONDS) -> None:
        self._secret = secret
        self._every = every
        self._lock = threading.Lock()
        self._pending = _PendingCounts()
        self._flushed = time.monotonic()

    def count(self, county: int, month: date, *measures: str) -> None:
        """Count events in a county (its id)."""
        with self._lock:
            for measure in measures:
                self._pending.counts[(county, month), measure] += 1

    def count_failed(
        self, county: int, month: date, typed: str, address: str, *, partly: bool
    ) -> None:
        """Count a query that had no hits, or partial ones; drop it where it looks personal."""
        words = to_countable_query(typed)
        if words is None:
            return
        bucket = address_bucket(address, self._secret, month)
        with self._lock:
            counts = self._pending.failed.setdefault(((county, month), words), _FailureCounts())
            counts.buckets |= bucket
            counts.partly += partly
            counts.in_vain += not partly

    def is_due(self) -> bool:
        """Return whether it is time to flush."""
        waited = time.monotonic() - self._flushed >= self._every
        return bool(len(self._pending)) and (waited or len(self._pending) >= MAX_PENDING)

    def flush(self) -> None:
        """Write the counts; drop them on a database error. Needs an application context."""
        with self._lock:
            pending, self._pending = self._pending, _PendingCounts()
            self._flushed = time.monotonic()
        try:
            for county in {place[0] for place, _ in (*pending.counts, *pending.failed)}:
                self._write(county, pending)
        except OperationalError as error:
            log.warning("search statistics lost", error=str(error.orig))

    def _write(self, county: int, pending: _PendingCounts) -> None:
        with open_session(None) as directory:
            tenant = directory.get(Tenant, county)
        if tenant is None:
            return
        with open_session(Scope.own(tenant)) as session:
            for (place, measure), number in sorted(pending.counts.items()):
                if place[0] == county:
                    _add_count(session, place, measure, number)
            for (place, words), counts in sorted(pending.failed.items(), key=lambda pair: pair[0]):
                if place[0] == county:
                    self._add_failed(session, place, words, counts)

    def _add_failed(
        self, session: Session, place: Place, words: str, counts: _FailureCounts
    ) -> None:
        county, month = place
        digest = query_digest(words, self._secret, month)
        here = (
            FailedQueryCount.tenant_id == county,
            FailedQueryCount.month == month,
            FailedQueryCount.digest == digest,
        )
        statement = update(FailedQueryCount).where(*here).values(
            in_vain=FailedQueryCount.in_vain + counts.in_vain,
            partly=FailedQueryCount.partly + counts.partly,
            corners=FailedQueryCount.corners.bitwise_or(counts.buckets),
        )  # fmt: skip
        row = FailedQueryCount(
            tenant_id=county, month=month, digest=digest, in_vain=counts.in_vain,
            partly=counts.partly, corners=counts.buckets,
        )  # fmt: skip
        _update_or_insert(session, statement, row)
        refreshed = select(FailedQueryCount).where(*here).execution_options(populate_existing=True)
        known = session.scalars(refreshed).one()
        if known.words is None and has_enough_askers(known.corners):
            known.words = words


def _add_count(session: Session, place: Place, measure: str, number: int) -> None:
    county, month = place
    statement = (
        update(SearchCount)
        .where(
            SearchCount.tenant_id == county,
            SearchCount.month == month,
            SearchCount.measure == measure,
        )
        .values(number=SearchCount.number + number)
    )
    row = SearchCount(tenant_id=county, month=month, measure=measure, number=number)
    _update_or_insert(session, statement, row)


def _update_or_insert(
    session: Session, statement: Update, row: SearchCount | FailedQueryCount
) -> None:
    """Update a row atomically, or insert it; another process may insert it first."""
    options = {"synchronize_session": False}
    changed = cast(CursorResult[Any], session.execute(statement, execution_options=options))
    if changed.rowcount:
        return
    try:
        with savepoint(session):
            session.add(row)
    except IntegrityError:
        session.execute(statement, execution_options=options)


def init_counters(app: Flask, secret: str, *, testing: bool) -> None:
    """Attach counters to the application; in tests they flush at once."""
    app.extensions["search_counters"] = EventCounters(
        secret, every=0.0 if testing else FLUSH_SECONDS
    )


def flush_after(response: Response) -> None:
    """Flush the counters, if it is time to, once the response has been sent."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own name
    counters = event_counters()
    if counters.is_due():
        response.call_on_close(lambda: _flush(app, counters))


def _flush(app: Flask, counters: EventCounters) -> None:
    with app.app_context():
        counters.flush()


def event_counters() -> EventCounters:
    """Return the current application's counters."""
    counters: EventCounters = current_app.extensions["search_counters"]
    return counters
