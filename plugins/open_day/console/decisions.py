"""One staff page for all that is to be decided: registrations and nominations of every open day."""

from typing import Any

from flask import request

from core.sdk import Context, FormData, PluginBlueprint, params, staff_page

from ..manifest import MANAGE, MANIFEST
from ..registrations import queries
from ..registrations.bulk import BulkResult, decide
from ..registrations.capacity import free_seats
from ..registrations.queries import RegistrationFilter
from .pages import attempt, posted, render

blueprint = PluginBlueprint(MANIFEST, __name__, part="decisions")
ADDRESS = "/<code>/console/open-days/decisions/"


@blueprint.get(ADDRESS)
@staff_page(MANAGE)
def index(ctx: Context) -> str:
    """List what waits for a decision here, the session that begins first on top."""
    return _page(ctx)


@blueprint.post(ADDRESS)
@staff_page(MANAGE)
def act(ctx: Context) -> Any:
    """Accept or decline those that were ticked, or all that the filter shows."""
    form, done = posted(), None
    ids = None if form.typed.get("every") else request.form.getlist("chosen")
    act_ = form.typed.get("act", "")
    with attempt(ctx, form.errors):
        chosen = queries.choose_undecided(ctx, RegistrationFilter.read(), ids)
        act_ = act_ if act_ in {"accept", "decline"} else ""
        done = decide(ctx, chosen, act_, form.typed.get("reason", ""))
    return _page(ctx, done=done) if form.ok else (_page(ctx, form), 422)


def _page(ctx: Context, form: FormData | None = None, done: BulkResult | None = None) -> str:
    wanted = RegistrationFilter.read()
    return render(
        "participants/decisions",
        form,
        queue=queries.list_undecided(ctx, wanted, params.page_number()),
        days=queries.list_undecided_days(ctx),
        wanted=wanted,
        done=done,
        ticked=request.form.getlist("chosen") if form else [],
        free_seats=free_seats,
    )
