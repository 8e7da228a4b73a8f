"""Search statistics: counters in memory, flushed to the database after the response."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from flask import Flask, current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.search.analytics.anonymity import (
    address_bucket,
    has_enough_askers,
    query_digest,
    to_countable_query,
)
from core.search.models import FailedQueryCount, SearchCount
from core.usage.flushing import FLUSH_SECONDS, FlushedCounters, update_or_insert

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


class EventCounters(FlushedCounters[_PendingCounts]):
    """The counters of one process; a kill loses what is not flushed, which is accepted."""

    def __init__(self, secret: str, *, every: float = FLUSH_SECONDS) -> None:
        super().__init__(_PendingCounts, self._write_all, every=every)
        self._secret = secret

    def count(self, county: int, month: date, *measures: str) -> None:
        """Count events in a county (its id)."""
        events = [((county, month), measure) for measure in measures]
        self.add(lambda pending: pending.counts.update(events))

    def count_failed(
        self, county: int, month: date, typed: str, address: str, *, partly: bool
    ) -> None:
        """Count a query that had no hits, or partial ones; drop it where it looks personal."""
        words = to_countable_query(typed)
        if words is None:
            return
        bucket = address_bucket(address, self._secret, month)

        def count(pending: _PendingCounts) -> None:
            counts = pending.failed.setdefault(((county, month), words), _FailureCounts())
            counts.buckets |= bucket
            counts.partly += partly
            counts.in_vain += not partly

        self.add(count)

    def _write_all(self, pending: _PendingCounts) -> None:
        for county in {place[0] for place, _ in (*pending.counts, *pending.failed)}:
            self._write_county(county, pending)

    def _write_county(self, county: int, pending: _PendingCounts) -> None:
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
        update_or_insert(session, statement, row)
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
    update_or_insert(session, statement, row)


def init_counters(app: Flask, secret: str, *, testing: bool) -> None:
    """Attach counters to the application; in tests they flush at once."""
    app.extensions["search_counters"] = EventCounters(
        secret, every=0.0 if testing else FLUSH_SECONDS
    )


def event_counters() -> EventCounters:
    """Return the current application's counters."""
    counters: EventCounters = current_app.extensions["search_counters"]
    return counters
