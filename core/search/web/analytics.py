"""Count searches and their outcomes for the county's statistics."""

from flask import Response, request

from core.clock import today
from core.db.tree import Tenant
from core.search.analytics.counters import event_counters, flush_after
from core.search.analytics.reports import ASKED, EMPTY, PARTLY, REPAIRED, first_of_month
from core.search.answering.service import SearchAnswer
from core.search.web.params import SearchParams
from core.web.request import current_county, current_tenant


def search_county() -> Tenant:
    """Return the county that searches on this page are counted for."""
    return current_county() or current_tenant()


def count_answer(response: Response, params: SearchParams, answer: SearchAnswer) -> None:
    """Count a search on its first page, and the query where it failed (no or partial hits)."""
    if not params.plain or answer.degraded:
        return
    month, county = first_of_month(today()), search_county()
    outcomes = {
        EMPTY: answer.total == 0,
        PARTLY: answer.relaxed and answer.total > 0,
        REPAIRED: answer.corrected is not None,
    }
    event_counters().count(county, month, ASKED, *(name for name, true in outcomes.items() if true))
    if outcomes[EMPTY] or outcomes[PARTLY]:
        partly = not outcomes[EMPTY]
        event_counters().count_failed(
            county, month, params.typed, request.remote_addr or "", partly=partly
        )
    flush_after(response)
