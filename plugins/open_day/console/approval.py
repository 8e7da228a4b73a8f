"""Staff pages that move an open day through its life: approval, postponing, cancelling, closing."""

from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from core.sdk import Context, FormData, PluginBlueprint, require_version, staff_page

from ..domain.states import DayState, DayTransition
from ..events.lifecycle import change_state, has_written
from ..events.queries import approval_queue, same_series
from ..i18n import _
from ..manifest import MANIFEST, PUBLISH
from ..models.registration import OpenDay
from .pages import DAY, ActForm, attempt, blank, day_page, list_warnings, load_day, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="approval")
_STOPS = {"cancel": DayTransition.CANCEL, "postpone": DayTransition.POSTPONE}


@blueprint.post(f"{DAY}submit/")
@day_page
def submit(ctx: Context, day: OpenDay) -> Response:
    """Hand a day in for approval, with the other drafts of its series where that was asked."""
    with attempt(ctx):
        for each in _chosen(ctx, day, ActForm.read()):
            change_state(ctx, each, DayTransition.SUBMIT)
        flash(_("Handed in for approval."), "success")
    return to("days.detail", day)


def _chosen(ctx: Context, day: OpenDay, form: FormData) -> list[OpenDay]:
    """Return the day, or all of its series in the same state."""
    return same_series(ctx.session, day) if form.values["series"] else [day]


@blueprint.get("/<code>/console/open-days/approval/")
@staff_page(PUBLISH, per_organ=True)
def queue(ctx: Context) -> str:
    """Show open days that wait for approval here."""
    waiting = approval_queue(ctx)
    return render("events/queue", waiting=[(day, has_written(ctx, day)) for day in waiting])


@blueprint.get(f"{DAY}approve/")
@staff_page(PUBLISH, day=load_day)
def look(ctx: Context, day: OpenDay) -> str:
    """Show everything that is to be approved on one page, warnings first."""
    return _page(ctx, day, blank())


@blueprint.post(f"{DAY}approve/")
@staff_page(PUBLISH, day=load_day)
def decide(ctx: Context, day: OpenDay) -> Any:
    """Announce it, or return it with what is wrong; it has to be what was looked at."""
    require_version(day.version, optional=True)
    form = ActForm.read()
    returned = form.values["act"] == "return"
    transition = DayTransition.RETURN if returned else DayTransition.PUBLISH
    if day.state == DayState.POSTPONED:
        transition = DayTransition.RESUME
    with attempt(ctx, form.errors, "note"):
        note = form.require()["note"]
        for each in _chosen(ctx, day, form):
            change_state(ctx, each, transition, note)
    if not form.ok:
        return _page(ctx, day, form), 422
    flash(_("It was returned.") if returned else _("It is announced."), "success")
    return to("approval.queue")


@blueprint.get(f"{DAY}<any(cancel,postpone):act>/")
@day_page
def stop(ctx: Context, day: OpenDay, act: str) -> str:
    """Ask why it is cancelled or postponed."""
    del ctx
    return render("events/stop", day=day, act=act)


@blueprint.post(f"{DAY}<any(cancel,postpone):act>/")
@day_page
def stopped(ctx: Context, day: OpenDay, act: str) -> Any:
    """Cancel or postpone it, and tell those who have registered."""
    form = ActForm.read()
    with attempt(ctx, form.errors, "note"):
        change_state(ctx, day, _STOPS[act], form.require()["note"])
    if not form.ok:
        return render("events/stop", day=day, act=act, form=form), 422
    flash(_("Done. Those who have registered are told."), "success")
    return to("days.detail", day)


@blueprint.post(f"{DAY}close/")
@day_page
def close(ctx: Context, day: OpenDay) -> Response:
    """Close it after the day: those who did not come are marked."""
    with attempt(ctx):
        change_state(ctx, day, DayTransition.CLOSE)
        flash(_("The open day is closed."), "success")
    return to("days.detail", day)


def _page(ctx: Context, day: OpenDay, form: FormData) -> str:
    return render(
        "events/approve",
        day=day,
        form=form,
        own=has_written(ctx, day),
        series=len(same_series(ctx.session, day)),
        warnings=list_warnings(ctx, day),
    )
