"""Note what became of a question on the results page, for the county's statistics."""

from flask import Response, request

from core.clock import today
from core.db.tree import Tenant
from core.search.analytics.counters import flush_after, tally
from core.search.analytics.reports import ASKED, EMPTY, PARTLY, REPAIRED, first_of_month
from core.search.answering.service import SearchAnswer
from core.search.web.params import Asked
from core.web.request import current_county, current_tenant


def county_here() -> Tenant:
    """Return the county whose search box this is."""
    return current_county() or current_tenant()


def note_answer(response: Response, asked: Asked, answer: SearchAnswer) -> None:
    """Count a question once, on its first page; what found too little is a wish."""
    if not asked.plain or answer.degraded:
        return
    month, county = first_of_month(today()), county_here()
    outcomes = {
        EMPTY: answer.total == 0,
        PARTLY: answer.relaxed and answer.total > 0,
        REPAIRED: answer.corrected is not None,
    }
    tally().count(county, month, ASKED, *(name for name, true in outcomes.items() if true))
    if outcomes[EMPTY] or outcomes[PARTLY]:
        partly = not outcomes[EMPTY]
        tally().wish(county, month, asked.typed, request.remote_addr or "", partly=partly)
    flush_after(response)
