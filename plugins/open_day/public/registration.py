"""The registration form: the same page again with what was typed, where something is wrong.

The form's own questions, as the page asks them; each condition is said in words.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.sdk import (
    Conflict,
    Invalid,
    PluginBlueprint,
    Tenant,
    below,
    current_tenant,
    directory,
    public_form,
    public_page,
    session,
    short_name,
    tenant_url,
)

from ..domain.states import Window
from ..events.queries import find_day, free_seats
from ..i18n import _
from ..manifest import MANIFEST
from ..models.registration import EventSession, FormField, OpenDay, Registration
from ..registrations.service import register, window_of
from ..registrations.validation import ANSWER, RegistrationRequest
from . import access
from .access import count_attempt, too_many
from .events import paragraphs
from .labels import mode_label, seats_label, span


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its control and hint; `only_if` says when it needs an answer."""

    name: str
    label: str
    kind: str
    hint: str
    required: bool
    only_if: str
    options: list[dict[str, str]]
    inputmode: str | None


def questions_shown(fields: Sequence[FormField]) -> list[QuestionView]:
    """The questions in their order."""
    by_key = {field.key: field for field in fields}
    return [_shown(field, by_key.get(field.condition_key or "")) for field in fields]


def _shown(field: FormField, asked_if: FormField | None) -> QuestionView:
    only_if = _condition(field, asked_if) if asked_if else ""
    return QuestionView(
        name=ANSWER + field.key,
        label=field.label,
        kind=field.kind,
        hint=" ".join(filter(None, (only_if, field.help, _bounds(field)))),
        required=field.required and not only_if,
        only_if=only_if,
        options=[{"value": choice, "label": choice} for choice in field.choices],
        inputmode={"number": "numeric", "phone": "tel"}.get(field.kind),
    )


def _condition(field: FormField, asked_if: FormField) -> str:
    if asked_if.kind == "checkbox":
        return _("Only if you ticked “%(label)s”.", label=asked_if.label)
    return _(
        "Only if you chose “%(value)s” for “%(label)s”.",
        value=field.condition_value,
        label=asked_if.label,
    )


def _bounds(field: FormField) -> str:
    if field.kind != "number":
        return ""
    if field.minimum is not None and field.maximum is not None:
        return _("From %(least)s to %(most)s.", least=field.minimum, most=field.maximum)
    if field.minimum is not None:
        return _("At least %(least)s.", least=field.minimum)
    return _("At most %(most)s.", most=field.maximum) if field.maximum is not None else ""


blueprint = PluginBlueprint(MANIFEST, __name__, part="registration")

ADDRESS = "/<code>/open-days/<int:day_id>/slots/<int:slot_id>/register/"
TRIES = 4
TEXTS = ("name", "phone", "people", "category", "companions", "organisation", "language", "needs")


@blueprint.get(ADDRESS)
@public_page
def form(day_id: int, slot_id: int) -> Any:
    """The empty form; where registration is not open, the day's page says why."""
    day, slot = _day_and_slot(day_id, slot_id)
    if window_of(day, slot) is not Window.OPEN:
        return redirect(tenant_url("plugin_open_day.show", day_id=day.id))
    return _page(day, slot, {"people": "1", "request_key": secrets.token_urlsafe(16)})


@blueprint.post(ADDRESS)
@public_form
def send(day_id: int, slot_id: int) -> Any:
    """Register, and show the ticket."""
    day, slot = _day_and_slot(day_id, slot_id)
    address = request.remote_addr or ""
    if too_many(session(), current_tenant(), "register", address):
        sorry = _("Very many registrations come from your network. Try again in ten minutes.")
        return _page(day, slot, request.form, refusal=sorry), 429
    try:
        registration = _register(day, slot, _wish())
    except Invalid as error:
        return _page(day, slot, request.form, errors=error.fields), error.status
    except Conflict as error:
        day, slot = _day_and_slot(day_id, slot_id)
        return _page(day, slot, request.form, refusal=error.message), error.status
    count_attempt(session(), current_tenant(), "register", address)
    access.grant(registration)
    return redirect(_ticket(registration), 303)


def _register(day: OpenDay, slot: EventSession, requested: RegistrationRequest) -> Registration:
    """Register; where too many write at once for SQLite's patience, get in line again."""
    for _again in range(TRIES - 1):
        try:
            return register(session(), day, slot, requested)
        except OperationalError:
            session().rollback()
    return register(session(), day, slot, requested)


def _ticket(registration: Registration) -> str:
    return tenant_url("plugin_open_day_tickets.show", ticket=registration.code)


def _day_and_slot(day_id: int, slot_id: int) -> tuple[OpenDay, EventSession]:
    day = find_day(session(), current_tenant(), day_id)
    slot = next((slot for slot in day.slots if slot.id == slot_id), None) if day else None
    if day is None or slot is None:
        abort(404)
    return day, slot


def _wish() -> RegistrationRequest:
    typed: dict[str, Any] = {name: request.form.get(name, "") for name in TEXTS}
    answers = {
        name.removeprefix(ANSWER): value
        for name, value in request.form.items()
        if name.startswith(ANSWER)
    }
    return RegistrationRequest(
        **typed,
        residence_id=_residence_id(request.form.get("home", type=int)),
        answers=answers,
        consent="consent" in request.form,
        eligible="eligible" in request.form,
        request_key=request.form.get("request_key", "")[:40] or None,
    )


def _page(
    day: OpenDay,
    slot: EventSession,
    typed: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    refusal: str = "",
) -> str:
    return render_template(
        "open_day/register.html",
        day=day,
        slot=slot,
        when=span(slot.starts_at, slot.ends_at),
        seats=seats_label(day, slot, free_seats(slot)),
        mode=mode_label(day),
        typed=typed,
        errors=errors or {},
        refusal=refusal,
        categories=[
            {"value": found.key, "label": found.label}
            for found in day.categories
            if not found.by_invitation
        ],
        residences=_residences(),
        questions=questions_shown(day.fields),
        consent=paragraphs(day.consent_text),
    )


def _places() -> list[Tenant]:
    """Townships and villages of this place, in the order of their codes."""
    here = current_tenant()
    query = select(Tenant).where(
        below(here.path),
        Tenant.id != here.id,
        Tenant.status == "active",
        Tenant.level.in_(("township", "village")),
    )
    return list(directory().scalars(query.order_by(Tenant.division_code)))


def _residences() -> list[dict[str, Any]]:
    """Where somebody may come from: villages under the name of their township."""
    places = _places()
    towns = {place.id: short_name(place.name) for place in places if place.level == "township"}
    return [
        {
            "value": place.id,
            "label": short_name(place.name),
            "group": towns.get(place.parent_id or 0, ""),
        }
        for place in places
        if place.level == "village"
    ]


def _residence_id(chosen: int | None) -> int | None:
    return chosen if chosen in {place.id for place in _places()} else None
