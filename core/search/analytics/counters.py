"""Count what happens at the search box, in memory first: a page never waits for statistics."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import structlog
from flask import Flask, Response, current_app
from sqlalchemy import CursorResult, Update, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from core.db.scope import Scope, open_session
from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.search.analytics.anonymity import address_bucket, enough, query_digest, to_countable_query
from core.search.models import FailedQueryCount, SearchCount

FLUSH_SECONDS = 10.0
MOST_HELD = 500

log = structlog.get_logger("gongkai.search")

Place = tuple[int, date]


@dataclass(slots=True)
class _FailureCounts:
    """How often a question was asked in vain since the last flush."""

    in_vain: int = 0
    partly: int = 0
    corners: int = 0


@dataclass(slots=True)
class _Pending:
    """What has not been written yet."""

    counts: Counter[tuple[Place, str]] = field(default_factory=Counter)
    wishes: dict[tuple[Place, str], _FailureCounts] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.counts) + len(self.wishes)


class EventCounters:
    """The counters of one process; what it holds when it is killed is lost, and no matter."""

    def __init__(self, secret: str, *, every: float = FLUSH_SECONDS) -> None:
        self._secret = secret
        self._every = every
        self._lock = threading.Lock()
        self._held = _Pending()
        self._flushed = time.monotonic()

    def count(self, county: Tenant, month: date, *measures: str) -> None:
        """Count something that happened in a county."""
        with self._lock:
            for measure in measures:
                self._held.counts[(county.id, month), measure] += 1

    def wish(self, county: Tenant, month: date, typed: str, address: str, *, partly: bool) -> None:
        """Note a question that found nothing, or only a part; personal ones are forgotten here."""
        words = to_countable_query(typed)
        if words is None:
            return
        corner = address_bucket(address, self._secret, month)
        with self._lock:
            held = self._held.wishes.setdefault(((county.id, month), words), _FailureCounts())
            held.corners |= corner
            held.partly += partly
            held.in_vain += not partly

    def is_due(self) -> bool:
        """Whether it is time to write."""
        waited = time.monotonic() - self._flushed >= self._every
        return bool(len(self._held)) and (waited or len(self._held) >= MOST_HELD)

    def flush(self) -> None:
        """Write what is held; where the database refuses, it is dropped. Needs an app context."""
        with self._lock:
            held, self._held = self._held, _Pending()
            self._flushed = time.monotonic()
        try:
            for county in {place[0] for place, _ in (*held.counts, *held.wishes)}:
                self._write(county, held)
        except OperationalError as error:
            log.warning("search statistics lost", error=str(error.orig))

    def _write(self, county: int, held: _Pending) -> None:
        with open_session(None) as directory:
            tenant = directory.get(Tenant, county)
        if tenant is None:
            return
        with open_session(Scope.own(tenant)) as session:
            for (place, measure), number in sorted(held.counts.items()):
                if place[0] == county:
                    _add_count(session, place, measure, number)
            for (place, words), wish in sorted(held.wishes.items(), key=lambda pair: pair[0]):
                if place[0] == county:
                    self._add_wish(session, place, words, wish)

    def _add_wish(self, session: Session, place: Place, words: str, wish: _FailureCounts) -> None:
        county, month = place
        digest = query_digest(words, self._secret, month)
        here = (
            FailedQueryCount.tenant_id == county,
            FailedQueryCount.month == month,
            FailedQueryCount.digest == digest,
        )
        statement = update(FailedQueryCount).where(*here).values(
            in_vain=FailedQueryCount.in_vain + wish.in_vain,
            partly=FailedQueryCount.partly + wish.partly,
            corners=FailedQueryCount.corners.bitwise_or(wish.corners),
        )  # fmt: skip
        row = FailedQueryCount(
            tenant_id=county, month=month, digest=digest, in_vain=wish.in_vain,
            partly=wish.partly, corners=wish.corners,
        )  # fmt: skip
        _change_or_add(session, statement, row)
        fresh = select(FailedQueryCount).where(*here).execution_options(populate_existing=True)
        known = session.scalars(fresh).one()
        if known.words is None and enough(known.corners):
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
    _change_or_add(session, statement, row)


def _change_or_add(
    session: Session, statement: Update, row: SearchCount | FailedQueryCount
) -> None:
    """Add to a row in one statement, or make it; another process may make it first."""
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
    """Give the application its counters; in tests they write at once."""
    app.extensions["search_counters"] = EventCounters(
        secret, every=0.0 if testing else FLUSH_SECONDS
    )


def flush_after(response: Response) -> None:
    """Write the counters, where it is time to, once the answer has been sent."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own name
    held = tally()
    if held.is_due():
        response.call_on_close(lambda: _flush(app, held))


def _flush(app: Flask, held: EventCounters) -> None:
    with app.app_context():
        held.flush()


def tally() -> EventCounters:
    """The current application's counters."""
    held: EventCounters = current_app.extensions["search_counters"]
    return held
