"""The registration form: the same page again with what was typed, where something is wrong."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, render_template
from sqlalchemy.exc import OperationalError

from core import sdk
from core.sdk import Context, PluginBlueprint

from ..domain.states import Window
from ..events.queries import load_public_day
from ..i18n import _
from ..manifest import MANIFEST
from ..models.registration import EventSession, FormField, OpenDay, Registration
from ..registrations.forms import list_residences, read_registration, to_request
from ..registrations.service import REGISTERED, register, to_window
from ..registrations.validation import ANSWER, RegistrationRequest
from . import access
from .events import DAY, paragraphs
from .labels import format_span, mode_label, seats_label

blueprint = PluginBlueprint(MANIFEST, __name__, part="registration")
ADDRESS = f"{DAY}slots/<int:slot_id>/register/"
TRIES = 4


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


def _view_questions(questions: Sequence[FormField]) -> list[QuestionView]:
    by_key = {field.key: field for field in questions}
    return [_view(field, by_key.get(field.condition_key or "")) for field in questions]


def _view(field: FormField, asked_if: FormField | None) -> QuestionView:
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
    label, value = asked_if.label, field.condition_value
    if asked_if.kind == "checkbox":
        return _("Only if you ticked “%(label)s”.", label=label)
    return _("Only if you chose “%(value)s” for “%(label)s”.", value=value, label=label)


def _bounds(field: FormField) -> str:
    if field.kind != "number":
        return ""
    if field.minimum is not None and field.maximum is not None:
        return _("From %(least)s to %(most)s.", least=field.minimum, most=field.maximum)
    if field.minimum is not None:
        return _("At least %(least)s.", least=field.minimum)
    return _("At most %(most)s.", most=field.maximum) if field.maximum is not None else ""


def load_slot(ctx: Context, day: OpenDay, slot_id: int) -> EventSession:
    """Load the session of the address; raises `NotFound`."""
    del ctx
    slot = next((slot for slot in day.slots if slot.id == slot_id), None)
    if slot is None:
        raise sdk.NotFound
    return slot


@blueprint.get(ADDRESS)
@sdk.public_page(day=load_public_day, slot=load_slot)
def form(ctx: Context, day: OpenDay, slot: EventSession) -> Any:
    """Show the empty form; where registration is not open, the day's page says why."""
    if to_window(day, slot) is not Window.OPEN:
        return redirect(sdk.tenant_url("plugin_open_day.show", day_id=day.id))
    return _page(ctx, slot, {"people": "1", "request_key": secrets.token_urlsafe(16)})


@blueprint.post(ADDRESS)
@sdk.public_form(day=load_public_day, slot=load_slot)
def send(ctx: Context, day: OpenDay, slot: EventSession) -> Any:
    """Register, and show the ticket."""
    form = read_registration(day)
    if access.is_exceeded(ctx, "register") or access.is_exceeded(ctx, "registered"):
        sorry = _("Very many registrations come from your network. Try again in ten minutes.")
        return _page(ctx, slot, form.typed, refusal=sorry), 429
    try:
        wanted = to_request(ctx, form, "self")
        own_key = access.bind_to_browser(wanted.request_key)
        registration = _register(ctx, day, slot, replace(wanted, request_key=own_key))
    except sdk.Invalid as error:
        return _page(ctx, slot, form.typed, errors=error.fields), error.status
    except sdk.Conflict as error:
        if error.where == REGISTERED:
            access.hit_after_answer(ctx, "registered")
        return _page(ctx, slot, form.typed, refusal=error.message), error.status
    access.hit_after_commit(ctx, "register")
    access.grant(registration)
    return redirect(sdk.tenant_url("plugin_open_day_tickets.show", ticket=registration.code), 303)


def _register(
    ctx: Context, day: OpenDay, slot: EventSession, request: RegistrationRequest
) -> Registration:
    """Register; where too many write at once for SQLite's patience, get in line again (retry)."""
    for _attempt in range(TRIES - 1):
        try:
            with sdk.savepoint(ctx.session):
                return register(ctx.session, day, slot, request)
        except OperationalError:
            continue
    return register(ctx.session, day, slot, request)


def _page(
    ctx: Context,
    slot: EventSession,
    typed: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    refusal: str = "",
) -> str:
    day = slot.day
    categories = [category for category in day.categories if not category.by_invitation]
    return render_template(
        "open_day/register.html",
        day=day,
        slot=slot,
        when=format_span([slot]),
        seats=seats_label(day, slot),
        mode=mode_label(day),
        typed=typed,
        errors={name: errors[name] for name in (*typed, *errors) if name in errors}
        if errors
        else {},
        refusal=refusal,
        categories=[{"value": each.key, "label": each.label} for each in categories],
        residences=list_residences(ctx.tenant, villages_only=True),
        questions=_view_questions(day.fields),
        consent=paragraphs(day.consent_text),
    )
