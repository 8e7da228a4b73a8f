"""Staff pages on which people are entered: one by telephone, invited lists."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request

from core.sdk import (
    GongkaiError,
    Invalid,
    NotFound,
    PluginBlueprint,
    current_actor,
    current_tenant,
    record,
    session,
    staff_page,
    tenant_url,
    zone,
)
from plugins.open_day.day_desk import get_day
from plugins.open_day.homes import homes_below, read_home
from plugins.open_day.identifiers import show_code
from plugins.open_day.lives import By
from plugins.open_day.manifest import MANAGE, MANIFEST
from plugins.open_day.models import OpenDay, Slot
from plugins.open_day.people_acts import enter_people, rows_wrong
from plugins.open_day.people_files import LARGEST, rows_of
from plugins.open_day.people_lists import Outcome, pasted_rows, read_people
from plugins.open_day.plan_editing import slot_of
from plugins.open_day.registering import register
from plugins.open_day.wishes import ANSWER, Wish
from plugins.open_day.words import _

blueprint = PluginBlueprint(MANIFEST, __name__, part="entry")
HERE = "plugin_open_day_entry"


@blueprint.get("/<code>/console/open-days/<int:id>/enter/")
@staff_page(MANAGE)
def enter(id: int) -> str:  # noqa: A002 - the name that addresses use
    """The form for somebody who telephones or stands at the desk."""
    day = get_day(session(), current_tenant(), id)
    return _form(day, {"people": "1", "slot": day.slots[0].id if day.slots else ""}, {})


@blueprint.post("/<code>/console/open-days/<int:id>/enter/")
@staff_page(MANAGE)
def entered(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Register them; the form is ready for the next person."""
    day = get_day(session(), current_tenant(), id)
    try:
        slot = read_slot(day, request.form.get("slot", ""))
        made = register(session(), day, slot, _wish(), By(current_actor()))
        record(session(), current_actor(), current_tenant(), "open_day.enter", str(made.id))
    except GongkaiError as error:
        session().rollback()
        day = get_day(session(), current_tenant(), id)
        fields = error.fields if isinstance(error, Invalid) and error.fields else None
        return _form(day, request.form, fields or {"phone": error.message}), error.status
    message = _("%(name)s has a place. Ticket code: %(code)s")
    if made.state == "waiting":
        message = _("%(name)s is on the waiting list. Ticket code: %(code)s")
    flash(message % {"name": made.name, "code": show_code(made.code)}, "success")
    return redirect(tenant_url(f"{HERE}.enter", id=id))


def _wish() -> Wish:
    form = request.form
    return Wish(
        name=form.get("name", "").replace("\x00", ""),
        phone=form.get("phone", ""),
        people=form.get("people", "1"),
        category=form.get("category", ""),
        organisation=form.get("organisation", "").replace("\x00", ""),
        home_id=read_home(session(), current_tenant(), form.get("home", "")),
        needs=form.get("needs", "").replace("\x00", ""),
        answers={
            key.removeprefix(ANSWER): value.replace("\x00", "")
            for key, value in form.items()
            if key.startswith(ANSWER)
        },
        request_key=form.get("request_key", "")[:40] or None,
        source="staff",
        shares_phone=bool(form.get("shares_phone")),
    )


def read_slot(day: OpenDay, value: str) -> Slot:
    if not value.isdecimal() or len(value) > 9:
        raise Invalid({"slot": _("Choose a session.")})
    try:
        return slot_of(day, int(value))
    except NotFound as error:
        raise Invalid({"slot": _("Choose a session.")}) from error


@blueprint.get("/<code>/console/open-days/<int:id>/invite/")
@staff_page(MANAGE)
def invite(id: int) -> str:  # noqa: A002 - the name that addresses use
    """Ask for a list of people to invite."""
    return _invite_page(get_day(session(), current_tenant(), id), {}, {}, None)


@blueprint.post("/<code>/console/open-days/<int:id>/invite/")
@staff_page(MANAGE)
def invited(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Give everybody of the list a place and a ticket; say what was wrong row by row."""
    day = get_day(session(), current_tenant(), id)
    try:
        slot = read_slot(day, request.form.get("slot", ""))
        read = read_list()
        outcome = enter_people(
            session(), current_actor(), current_tenant(), slot, read.people,
            source="invitation", category=request.form.get("category", ""),
        )  # fmt: skip
    except Invalid as error:
        return _invite_page(day, request.form, error.fields, None), 422
    outcome.faults = read.faults
    return _invite_page(get_day(session(), current_tenant(), id), {}, {}, outcome)


def read_list() -> Outcome:
    """People of the pasted list or the file; raises `Invalid` where there is nothing to read."""
    text, file = request.form.get("names", ""), request.files.get("file")
    if file is not None and file.filename:
        rows = rows_of(file.stream.read(LARGEST + 1), file.filename)
    elif text.strip():
        rows = pasted_rows(text)
    else:
        raise Invalid({"names": _("Paste a list, or choose a file.")})
    return read_people(rows)


def _form(day: OpenDay, typed: Any, errors: dict[str, str]) -> str:
    return render_template(
        "open_day/console/enter.html",
        day=day,
        typed=typed,
        errors=errors,
        slots=slot_options(day),
        categories=category_options(day),
        homes=homes_below(session(), current_tenant()),
        request_key=request.form.get("request_key") or secrets.token_hex(16),
    )


def _invite_page(day: OpenDay, typed: Any, errors: dict[str, str], outcome: Outcome | None) -> str:
    return render_template(
        "open_day/console/invite.html",
        day=day,
        typed=typed,
        errors=errors,
        outcome=outcome,
        wrong=rows_wrong(outcome) if outcome else [],
        slots=slot_options(day),
        categories=category_options(day),
    )


def slot_options(day: OpenDay) -> list[dict[str, Any]]:
    """The sessions that people can be entered for, each with what is left."""
    found = []
    for slot in day.slots:
        if slot.state == "cancelled":
            continue
        left = slot.capacity - slot.taken - slot.reserved_taken
        when = slot.starts_at.astimezone(zone()).strftime("%m-%d %H:%M")
        label = _("%(name)s, %(when)s: %(n)s places left", name=slot.name, when=when, n=left)
        found.append({"value": slot.id, "label": label})
    return found


def category_options(day: OpenDay) -> list[dict[str, Any]]:
    """Categories of the day."""
    return [{"value": one.key, "label": one.label} for one in day.categories]
