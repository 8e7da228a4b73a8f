"""Staff pages of the people of an open day: lists, one registration, decisions, the draw."""

from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from core.sdk import Context, FormData, Invalid, PluginBlueprint, fields, params, require_version

from ..events.queries import people_by_state
from ..i18n import _
from ..manifest import MANIFEST
from ..models.registration import EventSession, OpenDay, Registration
from ..registrations import lottery, queries
from ..registrations.bulk import BulkResult, decide
from ..registrations.changes import change_people, decide_change
from ..registrations.transitions import Cause
from .pages import DAY, ActForm, attempt, day_page, person_page, render, slot_page, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="people")


class PersonForm(ActForm):
    """A decision on one registration, or how many people come."""

    people = fields.NumberField(0, 9_999, default=0)


@blueprint.get(f"{DAY}people/")
@day_page
def index(ctx: Context, day: OpenDay) -> str:
    """List who has registered: to be decided first; filter, search, decide in bulk."""
    return _page(ctx, day)


@blueprint.post(f"{DAY}people/")
@day_page
def act(ctx: Context, day: OpenDay) -> Any:
    """Accept, decline or cancel those who were ticked."""
    form, done = ActForm.read(), None
    chosen = queries.choose(ctx.session, day, form.values["chosen"])
    with attempt(ctx, form.errors):
        form.require()
        done = decide(ctx, chosen, form.values["act"], form.values["reason"])
    return _page(ctx, day, done=done) if form.ok else (_page(ctx, day, form), 422)


@blueprint.get(f"{DAY}people/<int:number>/")
@person_page
def show(ctx: Context, day: OpenDay, registration: Registration) -> str:
    """Show one registration in full; that it was read goes on record."""
    ctx.audit("open_day.read_person", str(registration.id))
    return render(
        "participants/person",
        day=day,
        registration=registration,
        history=queries.list_history(ctx.session, registration),
        wishes=queries.list_wishes(registration),
    )


@blueprint.post(f"{DAY}people/<int:number>/")
@person_page
def change(ctx: Context, day: OpenDay, registration: Registration) -> Response:
    """Decide on one person, or change how many come."""
    require_version(registration.version, optional=True)
    form = PersonForm.read()
    with attempt(ctx):
        values = form.require()
        if values["act"] == "people":
            change_people(ctx.session, registration, values["people"], Cause(ctx.actor))
        elif values["act"] in {"accept_change", "refuse_change"}:
            accepted, note = values["act"] == "accept_change", " ".join(values["note"].split())
            cause = Cause(ctx.actor, note[:200])
            decide_change(ctx.session, registration, cause, accepted=accepted)
            ctx.audit("open_day.change", str(registration.id), accepted=accepted)
        else:
            done = decide(ctx, [registration], values["act"], values["reason"])
            if done.failed:
                raise Invalid(done.failed[0][1])
        flash(_("Saved."), "success")
    return to("people.show", day, number=registration.id)


@blueprint.get(f"{DAY}draw/")
@day_page
def draw(ctx: Context, day: OpenDay) -> str:
    """Show the lottery: what was promised, what can be drawn, what was drawn."""
    return render(
        "program/draw",
        day=day,
        seed_commitment=lottery.seed_commitment(day),
        draws=lottery.list_draws(ctx.session, day),
        ready={slot.id: lottery.may_draw(ctx.session, day, slot) for slot in day.slots},
    )


@blueprint.post(f"{DAY}draw/<int:slot_id>/")
@slot_page
def run_draw(ctx: Context, day: OpenDay, slot: EventSession) -> Response:
    """Draw a session; the outcome cannot be changed and is public at once."""
    with attempt(ctx):
        drawn = lottery.draw_lottery(ctx.session, day, slot, Cause(ctx.actor))
        ctx.audit("open_day.draw", str(slot.id))
        flash(_("Drawn: %(n)s registrations have places.", n=len(drawn.winners)), "success")
    return to("people.draw", day)


def _page(
    ctx: Context, day: OpenDay, form: FormData | None = None, done: BulkResult | None = None
) -> str:
    wanted = queries.RegistrationFilter.read()
    page, people = queries.list_people(ctx.session, day, wanted, params.page_number())
    counts = people_by_state(ctx.session, day)
    return render(
        "participants/people",
        form,
        day=day,
        page=page,
        people=people,
        wanted=wanted,
        counts=counts,
        done=done,
    )
