"""Staff pages of nominations by units: who may name how many, their links, whom they have named."""

from typing import Any

from flask import flash, redirect

from core.sdk import (
    Context,
    Form,
    FormData,
    PluginBlueprint,
    fields,
    params,
    staff_page,
    tenant_url,
)

from ..events.program import get_part
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.followup import Nomination
from ..models.registration import OpenDay
from ..registrations import nominations as service
from ..registrations.bulk import enter_people
from ..registrations.participant_lists import ListOutcome
from .entry import (
    ListForm,
    choose_slot,
    is_confirmed,
    list_options,
    queue_file,
    read_converted_list,
    read_list,
    show_outcome,
)
from .pages import DAY, ActForm, attempt, blank, day_page, load_day, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="nominations")


class NominationForm(Form):
    """Units with how many people each may name, and by when."""

    slot = fields.NumberField(1, 10**9)
    units = fields.TextField(20_000)
    due_on = fields.DayField()


def load_nomination(ctx: Context, day: OpenDay, number: int) -> Nomination:
    """Load the nomination of the address; raises `NotFound`."""
    return service.get_nomination(ctx.session, day, number)


unit_page = staff_page(MANAGE, day=load_day, nomination=load_nomination)


@blueprint.get(f"{DAY}nominations/")
@day_page
def nominations(ctx: Context, day: OpenDay) -> Any:
    """List units that may nominate people, and whom they have named; show a converted list."""
    number = params.number("nomination")
    if not number:
        return _page(ctx, day)
    nomination, form = service.get_nomination(ctx.session, day, number), blank()
    read = read_converted_list(ctx, form, f"file-{nomination.id}")
    page = _page(ctx, day, form, preview=(nomination.id, read.to_preview()) if read else None)
    return (page, 422) if form.errors else page


@blueprint.post(f"{DAY}nominations/")
@day_page
def add_nominations(ctx: Context, day: OpenDay) -> Any:
    """Let units nominate: one on each line, with how many people."""
    form = NominationForm.read()
    if form.ok:
        with attempt(ctx, form.errors):
            units = service.read_units(form.values["units"])
            slot = choose_slot(day, form)
            service.add_nominations(ctx, slot, units, form.values["due_on"])
    return to("nominations.nominations", day) if form.ok else (_page(ctx, day, form), 422)


@blueprint.post(f"{DAY}nominations/<int:number>/")
@unit_page
def name_people(ctx: Context, day: OpenDay, nomination: Nomination) -> Any:
    """Show the people that a unit has named as read; enter them once confirmed.

    Strike the unit out where that was asked for.
    """
    form, outcome = ListForm.read(), None
    if form.values["act"] == "remove":
        ctx.session.delete(nomination)
        return to("nominations.nominations", day)
    back = tenant_url(
        "plugin_open_day_nominations.nominations", id=day.id, nomination=nomination.id
    )
    if waits := queue_file(ctx, form, back):
        return redirect(waits)
    wrong: dict[str, str] = {}
    with attempt(ctx, wrong, "names"):
        read = read_list(form)
        service.check_quota(ctx.session, nomination, read.people)
        if not is_confirmed(form):
            return _page(ctx, day, form, preview=(nomination.id, read.to_preview()))
        outcome = enter_people(
            ctx, get_part(day.slots, nomination.slot_id), read.people, source="nomination",
            unit=nomination.unit, category=form.values["category"],
        )  # fmt: skip
        outcome.faults = read.faults
    if wrong:
        of_file = wrong.pop("file", "")
        found = {"names": " ".join(wrong.values()), "file": of_file}
        form.errors.update(
            {f"{name}-{nomination.id}": text for name, text in found.items() if text}
        )
        return _page(ctx, day, form), 422
    return _page(ctx, day, outcome=outcome)


@blueprint.post(f"{DAY}nominations/<int:number>/link/")
@unit_page
def link(ctx: Context, day: OpenDay, nomination: Nomination) -> Any:
    """Make the unit's link, shown this once, or withdraw it."""
    if ActForm.read().values["act"] == "withdraw":
        service.withdraw_link(ctx, nomination)
        flash(_("The link leads nowhere any more."), "success")
        return to("nominations.nominations", day)
    token = service.make_link(ctx, nomination, get_part(day.slots, nomination.slot_id))
    address = tenant_url("plugin_open_day_units.names", token=token, _external=True)
    return _page(ctx, day, fresh=(nomination.id, address))


def _page(  # noqa: PLR0913 - what one page shows, each by name
    ctx: Context,
    day: OpenDay,
    form: FormData | None = None,
    outcome: ListOutcome | None = None,
    *,
    fresh: tuple[int, str] | None = None,
    preview: tuple[int, dict[str, Any]] | None = None,
) -> str:
    """Show the page; `fresh` is a link that was just made and is shown this once.

    `preview` is a list that waits to be confirmed, with the nomination that it is for.
    """
    return render(
        "participants/nominations",
        form,
        day=day,
        fresh=fresh,
        preview=preview,
        nominations=service.list_nominations(ctx.session, day),
        slot_names={slot.id: slot.name for slot in day.slots},
        **list_options(day),
        **show_outcome(outcome),
    )
