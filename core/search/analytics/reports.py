"""What the catalog office learns from the search box: by month, without any person."""

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
# Clicks below this place are counted together.
LAST_PLACE = 10
KEPT_MONTHS = 24
MOST_WISHES = 200


@dataclass(frozen=True, slots=True)
class FailedQuery:
    """A question asked in vain: how often, and the known word that it may be another word for."""

    words: str
    in_vain: int
    partly: int
    known: bool
    candidate: str


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """One month of a county's search box; `unnamed` questions came from too few people to show."""

    month: date
    counts: dict[str, int]
    wishes: tuple[FailedQuery, ...]
    unnamed: int

    @property
    def places(self) -> list[tuple[str, int]]:
        """How often the first, second … result was opened."""
        names = [str(place) for place in range(1, LAST_PLACE + 1)] + ["more"]
        return [(name, self.counts.get(f"{CLICK}:{name}", 0)) for name in names]


def first_of_month(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def click_measure(place: str) -> str | None:
    """What a click on a result is counted as: its place, or what else stood there."""
    if place in {"answer", "promoted"}:
        return f"{CLICK}:{place}"
    if not (place.isascii() and place.isdigit() and 0 < len(place) < 5 and int(place)):
        return None
    return f"{CLICK}:{place.lstrip('0') if int(place) <= LAST_PLACE else 'more'}"


def months(session: Session, tenant: Tenant) -> list[date]:
    """Months that something was counted in, the newest first."""
    query = select(SearchCount.month).where(SearchCount.tenant_id == tenant.id).distinct()
    return sorted(session.scalars(query), reverse=True)


def report(session: Session, tenant: Tenant, month: date, words: Lexicon) -> MonthlyReport:
    """What was looked for, and not found, in a month."""
    counted = select(SearchCount.measure, SearchCount.number).where(
        SearchCount.tenant_id == tenant.id, SearchCount.month == month
    )
    wished = and_(FailedQueryCount.tenant_id == tenant.id, FailedQueryCount.month == month)
    named = (
        select(FailedQueryCount)
        .where(wished, FailedQueryCount.words.is_not(None))
        .order_by(
            (FailedQueryCount.in_vain * 2 + FailedQueryCount.partly).desc(), FailedQueryCount.words
        )
        .limit(MOST_WISHES)
    )
    unnamed = (
        select(func.count())
        .select_from(FailedQueryCount)
        .where(wished, FailedQueryCount.words.is_(None))
    )
    return MonthlyReport(
        month=month,
        counts={row.measure: row.number for row in session.execute(counted)},
        wishes=tuple(_wish(row, words) for row in session.scalars(named)),
        unnamed=session.scalar(unnamed) or 0,
    )


def _wish(row: FailedQueryCount, words: Lexicon) -> FailedQuery:
    asked = row.words or ""
    return FailedQuery(
        asked, row.in_vain, row.partly, asked in words.synonyms, candidate(asked, words)
    )


def candidate(asked: str, words: Lexicon) -> str:
    """The known word that shares most characters with a question, at least half of its own."""

    def shared(term: str) -> int:
        return len(set(term) & set(asked))

    near = [term for term in words.terms if term != asked and shared(term) * 2 >= len(set(term))]
    best = max(near, key=lambda term: (shared(term), -len(term), term), default="")
    return best if len(set(best) & set(asked)) > 1 or len(asked) == 1 else ""


def forget(session: Session, now: date) -> int:
    """Delete what is older than it may be; questions of too few people go with their month."""
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
