"""Staff pages that move an open day through its life: approval, postponing, cancelling, closing."""

from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    GongkaiError,
    Invalid,
    PluginBlueprint,
    current_actor,
    current_tenant,
    session,
    staff_page,
    tenant_url,
    zone,
)

from ..domain.states import DayState, DayTransition
from ..events.lifecycle import APPROVE, change_state, has_written
from ..events.program import find_issues
from ..events.queries import approval_queue, get_day, same_series
from ..i18n import _
from ..labels import DAY_STATES, ISSUES, MODES
from ..manifest import MANAGE, MANIFEST
from ..models.registration import OpenDay
from .events import HERE as DAYS
from .events import to_day

blueprint = PluginBlueprint(MANIFEST, __name__, part="approval")
HERE = "plugin_open_day_approval"
_STOPS = {"cancel": DayTransition.CANCEL, "postpone": DayTransition.POSTPONE}


@blueprint.post("/<code>/console/open-days/<int:id>/submit/")
@staff_page(MANAGE)
def submit(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Hand a day in for approval, with the other drafts of its series where that was asked."""
    day = get_day(session(), current_tenant(), id)
    try:
        for one in _chosen(day, DayState.DRAFT):
            change_state(session(), current_actor(), current_tenant(), one, DayTransition.SUBMIT)
        flash(_("Handed in for approval."), "success")
    except Invalid as error:
        session().rollback()
        flash(error.message, "error")
    return to_day(day)


def _chosen(day: OpenDay, state: DayState) -> list[OpenDay]:
    """The day, or all of its series in the same state."""
    if not request.form.get("series") or not day.series:
        return [day]
    return [one for one in same_series(session(), day) if one.state == state]


@blueprint.get("/<code>/console/open-days/approval/")
@staff_page(APPROVE)
def queue() -> str:
    """Open days that wait for approval here."""
    tenant, actor = current_tenant(), current_actor()
    waiting = approval_queue(session(), tenant)
    return render_template(
        "open_day/console/queue.html",
        waiting=[(day, has_written(session(), actor, day)) for day in waiting],
        day_states=DAY_STATES,
    )


@blueprint.get("/<code>/console/open-days/<int:id>/approve/")
@staff_page(APPROVE)
def look(id: int) -> str:  # noqa: A002 - the name that addresses use
    """Everything that is to be approved on one page, warnings first."""
    return _page(get_day(session(), current_tenant(), id), "", {})


@blueprint.post("/<code>/console/open-days/<int:id>/approve/")
@staff_page(APPROVE)
def decide(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Announce it, or return it with what is wrong."""
    day = get_day(session(), current_tenant(), id)
    note = request.form.get("note", "")
    returned = request.form.get("act") == "return"
    move = DayTransition.RETURN if returned else DayTransition.PUBLISH
    if day.state == DayState.POSTPONED:
        move = DayTransition.RESUME
    state = DayState(day.state)
    try:
        for one in _chosen(day, state):
            change_state(session(), current_actor(), current_tenant(), one, move, note=note)
    except Invalid as error:
        session().rollback()
        return _page(get_day(session(), current_tenant(), id), note, error.fields), 422
    flash(_("It was returned.") if returned else _("It is announced."), "success")
    return redirect(tenant_url(f"{HERE}.queue"))


@blueprint.get("/<code>/console/open-days/<int:id>/<any(cancel,postpone):act>/")
@staff_page(MANAGE)
def stop(id: int, act: str) -> str:  # noqa: A002 - the name that addresses use
    """Ask why it is cancelled or postponed."""
    return _stop_page(get_day(session(), current_tenant(), id), act, "", {})


@blueprint.post("/<code>/console/open-days/<int:id>/<any(cancel,postpone):act>/")
@staff_page(MANAGE)
def stopped(id: int, act: str) -> Any:  # noqa: A002 - the name that addresses use
    """Cancel or postpone it, and tell those who have registered."""
    day = get_day(session(), current_tenant(), id)
    note = request.form.get("note", "")
    try:
        change_state(session(), current_actor(), current_tenant(), day, _STOPS[act], note=note)
    except Invalid as error:
        return _stop_page(day, act, note, error.fields), 422
    flash(_("Done. Those who have registered are told."), "success")
    return to_day(day)


@blueprint.post("/<code>/console/open-days/<int:id>/close/")
@staff_page(MANAGE)
def close(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """After the day: those who did not come are marked, and the day is closed."""
    day = get_day(session(), current_tenant(), id)
    try:
        change_state(session(), current_actor(), current_tenant(), day, DayTransition.CLOSE)
        flash(_("The open day is closed."), "success")
    except GongkaiError as error:
        flash(error.message, "error")
    return to_day(day)


def _page(day: OpenDay, note: str, errors: dict[str, str]) -> str:
    return render_template(
        "open_day/console/approve.html",
        day=day,
        zone=zone(),
        mode=str(MODES[day.mode]),
        note=note,
        errors=errors,
        own=has_written(session(), current_actor(), day),
        series=len(_series_waiting(day)),
        warnings=[
            {"severity": "warning", "message": ISSUES[issue], "where": where}
            for issue, where in find_issues(session(), day)
        ],
        back=tenant_url(f"{DAYS}.detail", id=day.id),
    )


def _series_waiting(day: OpenDay) -> list[OpenDay]:
    return [one for one in same_series(session(), day) if one.state == day.state]


def _stop_page(day: OpenDay, act: str, note: str, errors: dict[str, str]) -> str:
    return render_template("open_day/console/stop.html", day=day, act=act, note=note, errors=errors)
