"""One staff page for all that is to be decided: registrations and nominations of every open day."""

from typing import Any

from flask import render_template, request

from core.sdk import Invalid, PluginBlueprint, current_actor, current_tenant, session, staff_page

from ..domain.identifiers import masked_phone
from ..domain.states import SOURCES
from ..events.queries import free_seats
from ..labels import SOURCES as SOURCE_LABELS
from ..manifest import MANAGE, MANIFEST
from ..registrations.bulk import BulkResult, decide
from ..registrations.queries import DecisionFilter, chosen_in_queue, queue_of

blueprint = PluginBlueprint(MANIFEST, __name__, part="decisions")
ACTS = ("accept", "decline")
ADDRESS = "/<code>/console/open-days/decisions/"


@blueprint.get(ADDRESS)
@staff_page(MANAGE)
def index() -> str:
    """What waits for a decision here, the session that begins first on top."""
    return _page({}, None)


@blueprint.post(ADDRESS)
@staff_page(MANAGE)
def act() -> Any:
    """Accept or decline those that were ticked, or all that the filter shows."""
    form = request.form
    ids = None if form.get("every") else form.getlist("chosen")
    chosen = chosen_in_queue(session(), current_tenant(), _narrowed(), ids)
    act_ = form.get("act", "")
    try:
        done = decide(
            session(), current_actor(), current_tenant(), chosen,
            act=act_ if act_ in ACTS else "", reason=form.get("reason", ""),
        )  # fmt: skip
    except Invalid as error:
        return _page(error.fields, None), 422
    return _page({}, done)


def _narrowed() -> DecisionFilter:
    day, source = request.args.get("day", ""), request.args.get("source", "")
    return DecisionFilter(
        int(day) if day.isdecimal() and len(day) < 10 else None,
        source if source in SOURCES else "",
    )


def _page(errors: dict[str, str], done: BulkResult | None) -> str:
    page = request.args.get("page", "1")
    number = int(page) if page.isdecimal() and len(page) < 6 else 1
    wanted = _narrowed()
    return render_template(
        "open_day/console/decisions.html",
        queue=queue_of(session(), current_tenant(), wanted, number),
        wanted=wanted,
        errors=errors,
        done=done,
        typed=request.form if errors else {},
        ticked=request.form.getlist("chosen") if errors else [],
        sources={key: SOURCE_LABELS[key] for key in ("self", "nomination")},
        source_labels=SOURCE_LABELS,
        masked_phone=masked_phone,
        free_seats=free_seats,
    )
