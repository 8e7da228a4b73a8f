"""One staff page for all that is to be decided: registrations and nominations of every open day."""

from typing import Any

from core.sdk import Context, FormData, PluginBlueprint, params, staff_page

from ..manifest import MANAGE, MANIFEST
from ..registrations import queries
from ..registrations.bulk import BulkResult, decide
from ..registrations.capacity import free_seats
from ..registrations.queries import RegistrationFilter
from .pages import ActForm, attempt, render

blueprint = PluginBlueprint(MANIFEST, __name__, part="decisions")
ADDRESS = "/<code>/console/open-days/decisions/"


@blueprint.get(ADDRESS)
@staff_page(MANAGE, per_organ=True)
def index(ctx: Context) -> str:
    """List what waits for a decision here, the session that begins first on top."""
    return _page(ctx)


@blueprint.post(ADDRESS)
@staff_page(MANAGE, per_organ=True)
def act(ctx: Context) -> Any:
    """Accept or decline those that were ticked, or all that the filter shows."""
    form, done = ActForm.read(), None
    ids = None if form.values["every"] else form.values["chosen"]
    with attempt(ctx, form.errors):
        form.require()
        chosen = queries.choose_undecided(ctx, RegistrationFilter.read(), ids)
        act_ = form.values["act"] if form.values["act"] in {"accept", "decline"} else ""
        done = decide(ctx, chosen, act_, form.values["reason"])
    return _page(ctx, done=done) if form.ok else (_page(ctx, form), 422)


def _page(ctx: Context, form: FormData | None = None, done: BulkResult | None = None) -> str:
    wanted = RegistrationFilter.read()
    return render(
        "participants/decisions",
        form,
        queue=queries.list_undecided(ctx, wanted, params.page_number()),
        changes=queries.list_changes_asked(ctx),
        list_wishes=queries.list_wishes,
        days=queries.list_undecided_days(ctx),
        wanted=wanted,
        done=done,
        ticked=form.typed["chosen"] if form else [],
        free_seats=free_seats,
    )
