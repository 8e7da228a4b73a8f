"""Staff pages of the people of an open day: lists, one registration, decisions, the draw."""

from typing import Any

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    GongkaiError,
    Invalid,
    PluginBlueprint,
    current_actor,
    current_tenant,
    record,
    session,
    staff_page,
    tenant_url,
    zone,
)

from ..domain.identifiers import masked_phone, show_code
from ..events.program import slot_of
from ..events.queries import get_day, people_by_state
from ..i18n import _
from ..labels import REASONS, SOURCES, STATES, TRANSITIONS
from ..manifest import MANAGE, MANIFEST
from ..models.registration import OpenDay
from ..registrations.bulk import BulkResult, decide
from ..registrations.lottery import draw_lottery, draws_of, may_draw, seed_commitment
from ..registrations.queries import (
    chosen_registrations,
    get_registration,
    history_of,
    list_people,
    read_filter,
)
from ..registrations.service import change_people
from ..registrations.transitions import Cause

blueprint = PluginBlueprint(MANIFEST, __name__, part="people")
HERE = "plugin_open_day_people"


@blueprint.get("/<code>/console/open-days/<int:id>/people/")
@staff_page(MANAGE)
def index(id: int) -> str:  # noqa: A002 - the name that addresses use
    """Who has registered: to be decided first; filter, search, decide in bulk."""
    return _list(get_day(session(), current_tenant(), id), {}, None)


@blueprint.post("/<code>/console/open-days/<int:id>/people/")
@staff_page(MANAGE)
def act(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Accept, decline or cancel those who were ticked."""
    day = get_day(session(), current_tenant(), id)
    chosen = chosen_registrations(session(), day, request.form.getlist("chosen"))
    try:
        done = decide(
            session(), current_actor(), current_tenant(), chosen,
            act=request.form.get("act", ""), reason=request.form.get("reason", ""),
        )  # fmt: skip
    except Invalid as error:
        return _list(day, error.fields, None), 422
    day = get_day(session(), current_tenant(), id)
    return _list(day, {}, done)


@blueprint.get("/<code>/console/open-days/<int:id>/people/<int:number>/")
@staff_page(MANAGE)
def show(id: int, number: int) -> str:  # noqa: A002 - the name that addresses use
    """One registration in full; that it was read goes on record."""
    day = get_day(session(), current_tenant(), id)
    registration = get_registration(session(), day, number)
    record(session(), current_actor(), current_tenant(), "open_day.read_person", str(number))
    return render_template(
        "open_day/console/person.html",
        day=day,
        zone=zone(),
        registration=registration,
        code=show_code(registration.code),
        states=STATES,
        sources=SOURCES,
        moves=TRANSITIONS,
        reasons=REASONS,
        history=history_of(session(), registration),
        answers=[(answer.field.label, answer.value) for answer in registration.answers],
    )


@blueprint.post("/<code>/console/open-days/<int:id>/people/<int:number>/")
@staff_page(MANAGE)
def change(id: int, number: int) -> Response:  # noqa: A002 - the name that addresses use
    """Decide on one person, or change how many come."""
    day = get_day(session(), current_tenant(), id)
    registration = get_registration(session(), day, number)
    try:
        if request.form.get("act") == "people":
            people = request.form.get("people", "")
            change_people(session(), registration, int(people) if people.isdecimal() else 0)
        else:
            _decide_on(day, [registration.id])
        flash(_("Saved."), "success")
    except GongkaiError as error:
        session().rollback()
        flash(error.message, "error")
    return redirect(tenant_url(f"{HERE}.show", id=id, number=number))


def _decide_on(day: OpenDay, ids: list[int]) -> None:
    chosen = chosen_registrations(session(), day, [str(one) for one in ids])
    act_, reason = request.form.get("act", ""), request.form.get("reason", "")
    done = decide(session(), current_actor(), current_tenant(), chosen, act=act_, reason=reason)
    if done.failed:
        raise Invalid(done.failed[0][1])


@blueprint.get("/<code>/console/open-days/<int:id>/draw/")
@staff_page(MANAGE)
def draw(id: int) -> str:  # noqa: A002 - the name that addresses use
    """The lottery: what was promised, what can be drawn, what was drawn."""
    return _draw_page(get_day(session(), current_tenant(), id))


@blueprint.post("/<code>/console/open-days/<int:id>/draw/<int:slot_id>/")
@staff_page(MANAGE)
def run_draw(id: int, slot_id: int) -> Response:  # noqa: A002 - the name that addresses use
    """Draw a session; the outcome cannot be changed and is public at once."""
    day = get_day(session(), current_tenant(), id)
    try:
        made = draw_lottery(session(), day, slot_of(day, slot_id), Cause(current_actor()))
        record(session(), current_actor(), current_tenant(), "open_day.draw", str(slot_id))
        flash(_("Drawn: %(n)s registrations have places.", n=len(made.winners)), "success")
    except GongkaiError as error:
        session().rollback()
        flash(error.message, "error")
    return redirect(tenant_url(f"{HERE}.draw", id=id))


def _list(day: OpenDay, errors: dict[str, str], done: BulkResult | None) -> str:
    wanted = read_filter(request.args)
    page = request.args.get("page", "1")
    number = int(page) if page.isdecimal() and len(page) < 6 else 1
    return render_template(
        "open_day/console/people.html",
        day=day,
        desk=list_people(session(), day, wanted, number),
        wanted=wanted,
        counts=people_by_state(session(), day),
        errors=errors,
        done=done,
        states=STATES,
        sources=SOURCES,
        masked_phone=masked_phone,
        typed_reason=request.form.get("reason", "") if errors else "",
    )


def _draw_page(day: OpenDay) -> str:
    return render_template(
        "open_day/console/draw.html",
        day=day,
        zone=zone(),
        seed_commitment=seed_commitment(day),
        draws=draws_of(session(), day),
        ready={slot.id: may_draw(session(), day, slot) for slot in day.slots},
    )
