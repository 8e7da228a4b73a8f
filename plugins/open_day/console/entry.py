"""Staff pages on which people are entered: one by telephone, invited lists."""

import secrets
from typing import Any

from flask import flash, redirect

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, fields

from ..domain.identifiers import show_code
from ..events.program import get_part
from ..i18n import _
from ..labels import format_when
from ..manifest import MANIFEST
from ..models.registration import EventSession, OpenDay
from ..registrations.bulk import enter_people
from ..registrations.capacity import OPEN, RESERVED, free_seats
from ..registrations.forms import list_residences, read_registration, to_request
from ..registrations.participant_lists import ListOutcome, read_people
from ..registrations.service import register
from ..registrations.transitions import Cause
from .pages import DAY, attempt, blank, day_page, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="entry")
LARGEST = 5 * 2**20


@blueprint.get(f"{DAY}enter/")
@day_page
def enter(ctx: Context, day: OpenDay) -> str:
    """Show the form for somebody who telephones or stands at the desk."""
    return _form(ctx, day, blank({"people": "1", "slot": day.slots[0].id if day.slots else ""}))


@blueprint.post(f"{DAY}enter/")
@day_page
def entered(ctx: Context, day: OpenDay) -> Any:
    """Register them; the form is ready for the next person."""
    form = read_registration(day)
    with attempt(ctx, form.errors, "phone"):
        request = to_request(ctx, form, "staff")
        made = register(ctx.session, day, choose_slot(day, form), request, Cause(ctx.actor))
        ctx.audit("open_day.enter", str(made.id))
    if not form.ok:
        return _form(ctx, day, form), 422
    message = _("%(name)s has a place. Ticket code: %(code)s")
    if made.state == "waiting":
        message = _("%(name)s is on the waiting list. Ticket code: %(code)s")
    flash(message % {"name": made.name, "code": show_code(made.code)}, "success")
    return to("entry.enter", day)


def choose_slot(day: OpenDay, form: FormData) -> EventSession:
    """Return the session that a form names; raises `Invalid`."""
    try:
        return get_part(day.slots, form.values["slot"] or 0)
    except sdk.NotFound as error:
        raise sdk.Invalid({"slot": _("Choose a session.")}) from error


@blueprint.get(f"{DAY}invite/")
@day_page
def invite(ctx: Context, day: OpenDay) -> Any:
    """Ask for a list of people to invite; show one whose file was converted."""
    form = FormData({}, {}, {name: sdk.params.text(name, 100) for name in ("slot", "category")})
    read = read_converted_list(ctx, form)
    page = _invite_page(day, form, preview=read.to_preview() if read else None)
    return (page, 422) if form.errors else page


@blueprint.post(f"{DAY}invite/")
@day_page
def invited(ctx: Context, day: OpenDay) -> Any:
    """Show the list as it was read; once confirmed, give everybody a place and a ticket."""
    form, outcome = ListForm.read(), None
    here = {"slot": form.values["slot"] or "", "category": form.values["category"]}
    back = sdk.tenant_url("plugin_open_day_entry.invite", id=day.id, **here)
    if waits := queue_file(ctx, form, back):
        return redirect(waits)
    with attempt(ctx, form.errors):
        slot, read = choose_slot(day, form), read_list(form)
        if not is_confirmed(form):
            return _invite_page(day, form, preview=read.to_preview())
        category = form.values["category"]
        outcome = enter_people(ctx, slot, read.people, source="invitation", category=category)
        outcome.faults = read.faults
    return _invite_page(day, outcome=outcome) if form.ok else (_invite_page(day, form), 422)


class ListForm(Form):
    """A pasted list of people, or a file; for which session, as what."""

    act = fields.LineField(20)
    slot = fields.NumberField(0, 10**9)
    category = fields.LineField(100)
    names = fields.TextField(1_000_000)
    rows = fields.TextField(2_000_000)
    file = fields.FileField()


def is_confirmed(form: FormData) -> bool:
    """Say whether the list was shown as it was read, and confirmed."""
    return form.values.get("act") == "confirm"


def read_list(form: FormData) -> ListOutcome:
    """Read people of the pasted list or the file; raises `Invalid` where there is none."""
    values = form.require()
    if is_confirmed(form):
        return read_people(sdk.read_pasted_list(values["rows"]))
    text, file = values["names"], values["file"]
    if file is None:
        if not text:
            raise sdk.Invalid({"names": _("Paste a list, or choose a file.")})
        return read_people(sdk.read_pasted_list(text))
    try:
        return read_people(sdk.read_list_file(file.stream.read(LARGEST + 1), file.filename))
    except sdk.UnreadableFile as error:
        raise sdk.Invalid({"file": error.message()}) from error


def queue_file(ctx: Context, form: FormData, back: str) -> str | None:
    """Have an old document converted first; return where to wait for it, `None` for other files."""
    file = form.values["file"]
    if file is None or is_confirmed(form) or not form.ok:
        return None
    data = file.stream.read(LARGEST + 1)
    file.stream.seek(0)
    return sdk.queue_conversion(ctx, data, file.filename, back) if len(data) <= LARGEST else None


def read_converted_list(ctx: Context, form: FormData, field: str = "file") -> ListOutcome | None:
    """Read the converted document that the address names; what is wrong goes into the form."""
    try:
        taken = sdk.take_converted(ctx)
        if taken is None:
            return None
        return read_people(sdk.read_list_file(*taken, max_bytes=sdk.MAX_CONVERTED))
    except sdk.UnreadableFile as error:
        form.errors[field] = error.message()
    except sdk.Conflict as error:
        form.errors[field] = error.message
    return None


def _form(ctx: Context, day: OpenDay, form: FormData) -> str:
    key = form.typed.get("request_key") or secrets.token_hex(16)
    residences = list_residences(ctx.tenant)
    options = list_options(day)
    return render(
        "participants/enter", form, day=day, request_key=key, residences=residences, **options
    )


def _invite_page(
    day: OpenDay,
    form: FormData | None = None,
    outcome: ListOutcome | None = None,
    preview: dict[str, Any] | None = None,
) -> str:
    shown = list_options(day) | show_outcome(outcome)
    return render("participants/invite", form, day=day, preview=preview, **shown)


def show_outcome(outcome: ListOutcome | None) -> dict[str, Any]:
    """Return what the page shows of a list that was entered, with what was wrong row by row."""
    return {"outcome": outcome, "wrong": outcome.to_findings() if outcome else []}


def list_options(day: OpenDay) -> dict[str, list[dict[str, Any]]]:
    """List the sessions that people can be entered for, with what is left; the categories."""
    slots = [
        {
            "value": slot.id,
            "label": _(
                "%(name)s, %(when)s: %(n)s places left",
                name=slot.name,
                when=format_when(slot),
                n=free_seats(slot, (OPEN, RESERVED)),
            )
            if slot.is_counted
            else f"{slot.name} {format_when(slot)}",
        }
        for slot in day.slots
        if slot.state != "cancelled"
    ]
    categories = [{"value": each.key, "label": each.label} for each in day.categories]
    return {"slots": slots, "categories": categories}
