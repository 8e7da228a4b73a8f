"""Monthly reports of a county's search: counts, clicks, failed queries. No personal data."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import CursorResult, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.search.models import FailedQueryCount, SearchCount, SearchPromotion
from core.search.query.lexicon import Lexicon

ASKED, EMPTY, PARTLY, REPAIRED = "asked", "empty", "partly", "repaired"
CLICK = "click"
# Clicks below this position are counted together.
LAST_PLACE = 10
KEPT_MONTHS = 24
MAX_FAILED_QUERIES = 200


@dataclass(frozen=True, slots=True)
class FailedQuery:
    """A query without (full) hits: how often, and the known word that it may be a synonym of."""

    words: str
    in_vain: int
    partly: int
    known: bool
    candidate: str


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """One month of a county's search; `unnamed` queries came from too few people to show."""

    month: date
    counts: dict[str, int]
    failed_queries: tuple[FailedQuery, ...]
    unnamed: int

    @property
    def places(self) -> list[tuple[str, int]]:
        """Clicks by position of the result."""
        names = [str(place) for place in range(1, LAST_PLACE + 1)] + ["more"]
        return [(name, self.counts.get(f"{CLICK}:{name}", 0)) for name in names]


def first_of_month(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def click_measure(place: str) -> str | None:
    """Return the measure that a click is counted as; `None` for what is no position."""
    if place in {"answer", "promoted"}:
        return f"{CLICK}:{place}"
    if not (place.isascii() and place.isdigit() and 0 < len(place) < 5 and int(place)):
        return None
    return f"{CLICK}:{place.lstrip('0') if int(place) <= LAST_PLACE else 'more'}"


def months(session: Session, tenant: Tenant) -> list[date]:
    """List months with counts, the newest first."""
    query = select(SearchCount.month).where(SearchCount.tenant_id == tenant.id).distinct()
    return sorted(session.scalars(query), reverse=True)


def report(session: Session, tenant: Tenant, month: date, words: Lexicon) -> MonthlyReport:
    """Build the report of a month."""
    counted = select(SearchCount.measure, SearchCount.number).where(
        SearchCount.tenant_id == tenant.id, SearchCount.month == month
    )
    failed_here = and_(FailedQueryCount.tenant_id == tenant.id, FailedQueryCount.month == month)
    named = (
        select(FailedQueryCount)
        .where(failed_here, FailedQueryCount.words.is_not(None))
        .order_by(
            (FailedQueryCount.in_vain * 2 + FailedQueryCount.partly).desc(), FailedQueryCount.words
        )
        .limit(MAX_FAILED_QUERIES)
    )
    unnamed = (
        select(func.count())
        .select_from(FailedQueryCount)
        .where(failed_here, FailedQueryCount.words.is_(None))
    )
    return MonthlyReport(
        month=month,
        counts={row.measure: row.number for row in session.execute(counted)},
        failed_queries=tuple(_failed_query(row, words) for row in session.scalars(named)),
        unnamed=session.scalar(unnamed) or 0,
    )


def _failed_query(row: FailedQueryCount, words: Lexicon) -> FailedQuery:
    typed = row.words or ""
    return FailedQuery(
        typed, row.in_vain, row.partly, typed in words.synonyms, similar_term(typed, words)
    )


def similar_term(typed: str, words: Lexicon) -> str:
    """Return the known word that shares most characters with a query, at least half of its own."""

    def shared(term: str) -> int:
        return len(set(term) & set(typed))

    near = [term for term in words.terms if term != typed and shared(term) * 2 >= len(set(term))]
    best = max(near, key=lambda term: (shared(term), -len(term), term), default="")
    return best if len(set(best) & set(typed)) > 1 or len(typed) == 1 else ""


def delete_expired(session: Session, now: date) -> int:
    """Delete what is past its retention; unnamed failed queries when their month ends."""
    months_ago = now.year * 12 + now.month - KEPT_MONTHS
    oldest = date(months_ago // 12, months_ago % 12 + 1, 1)
    gone = 0
    for model, old in (
        (SearchCount, SearchCount.month < oldest),
        (
            FailedQueryCount,
            or_(
                FailedQueryCount.month < oldest,
                and_(
                    FailedQueryCount.month < first_of_month(now), FailedQueryCount.words.is_(None)
                ),
            ),
        ),
        (SearchPromotion, SearchPromotion.ends_on < oldest),
    ):
        done = cast(CursorResult[Any], session.execute(delete(model).where(old)))
        gone += done.rowcount
    return gone
