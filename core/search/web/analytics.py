"""Count searches and their outcomes for the county's statistics."""

from typing import TYPE_CHECKING, Any

from flask import Response, request

from core.clock import today
from core.db.tree import Tenant
from core.search.analytics.counters import event_counters
from core.search.analytics.reports import ASKED, EMPTY, PARTLY, REPAIRED, first_of_month
from core.validity.answers import count_each_time
from core.web.request import current_county, current_tenant

if TYPE_CHECKING:
    from core.search.answering.service import SearchAnswer
    from core.search.web.params import SearchParams

#: The name of `count_kept`, which counts searches that are answered from memory.
COUNTER = "search"


def search_county() -> Tenant:
    """Return the county that searches on this page are counted for."""
    return current_county() or current_tenant()


def count_answer(response: Response, params: "SearchParams", answer: "SearchAnswer") -> None:
    """Count a search on its first page, and the query where it failed (no or partial hits)."""
    if not params.plain or answer.degraded:
        return
    outcomes = {
        EMPTY: answer.total == 0,
        PARTLY: answer.relaxed and answer.total > 0,
        REPAIRED: answer.corrected is not None,
    }
    measures = (ASKED, *(name for name, true in outcomes.items() if true))
    failed = params.typed if outcomes[EMPTY] or outcomes[PARTLY] else ""
    county = search_county().id
    _count(county, measures, failed, request.remote_addr or "")
    count_each_time(COUNTER, county, measures, failed)
    event_counters().flush_after(response)


def count_kept(
    environ: dict[str, Any], county: int, measures: tuple[str, ...], failed: str
) -> None:
    """Count a search once more that was answered from memory; needs an application context."""
    _count(county, measures, failed, environ.get("REMOTE_ADDR", ""))
    event_counters().flush_if_due()


def _count(county: int, measures: tuple[str, ...], failed: str, address: str) -> None:
    month = first_of_month(today())
    event_counters().count(county, month, *measures)
    if failed:
        partly = PARTLY in measures
        event_counters().count_failed(county, month, failed, address, partly=partly)
