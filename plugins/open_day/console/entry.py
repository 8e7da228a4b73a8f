"""Staff pages on which people are entered: one by telephone, invited lists.

Where people come from: the villages and towns below a tenant, and the tenant itself.
"""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import (
    GongkaiError,
    Invalid,
    NotFound,
    PluginBlueprint,
    Tenant,
    below,
    current_actor,
    current_tenant,
    record,
    session,
    short_name,
    staff_page,
    tenant_url,
    zone,
)

from ..domain.identifiers import show_code
from ..domain.participant_lists import ListOutcome, pasted_rows, read_people
from ..events.program import slot_of
from ..events.queries import get_day
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.registration import EventSession, OpenDay
from ..registrations.bulk import LARGEST, enter_people, rows_of, rows_wrong
from ..registrations.service import register
from ..registrations.transitions import Cause
from ..registrations.validation import ANSWER, RegistrationRequest

MOST_RESIDENCES = 2_000


def list_residences(session: Session, tenant: Tenant) -> list[dict[str, Any]]:
    """Places to choose from, villages under their town, in the order of the tree."""
    query = select(Tenant).where(below(tenant.path), Tenant.status == "active")
    found = list(session.scalars(query.order_by(Tenant.path).limit(MOST_RESIDENCES)))
    names = {place.id: place.name for place in found}
    return [
        {
            "value": place.id,
            "label": short_name(place.name),
            "group": names.get(place.parent_id or 0),
        }
        for place in sorted(found, key=lambda place: (place.parent_id or 0, place.division_code))
        if place.id != tenant.id or tenant.level == "village"
    ]


def find_residence(session: Session, tenant: Tenant, value: str) -> int | None:
    """A place that was chosen; whatever lies elsewhere is none."""
    if not value.isdecimal() or len(value) > 9:
        return None
    query = select(Tenant.id).where(Tenant.id == int(value), below(tenant.path))
    return session.scalar(query)


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
        made = register(session(), day, slot, _wish(), Cause(current_actor()))
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


def _wish() -> RegistrationRequest:
    form = request.form
    return RegistrationRequest(
        name=form.get("name", "").replace("\x00", ""),
        phone=form.get("phone", ""),
        people=form.get("people", "1"),
        category=form.get("category", ""),
        organisation=form.get("organisation", "").replace("\x00", ""),
        residence_id=find_residence(session(), current_tenant(), form.get("home", "")),
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


def read_slot(day: OpenDay, value: str) -> EventSession:
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


def read_list() -> ListOutcome:
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
        residences=list_residences(session(), current_tenant()),
        request_key=request.form.get("request_key") or secrets.token_hex(16),
    )


def _invite_page(
    day: OpenDay, typed: Any, errors: dict[str, str], outcome: ListOutcome | None
) -> str:
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
