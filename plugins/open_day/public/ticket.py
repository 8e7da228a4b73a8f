"""A registration's own pages: ticket, look-up, change, cancel, accept; no account is needed.

QR codes as pictures.

What a ticket's page shows, and what can still be done with the registration.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno
from flask import Response, abort, flash, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import (
    Conflict,
    Invalid,
    PluginBlueprint,
    Scope,
    current_tenant,
    open_session,
    public_form,
    public_page,
    session,
    tenant_url,
    utc_now,
)

from ..domain.identifiers import masked_name, read_code, read_phone, show_code
from ..domain.states import DayState, RegistrationState, RegistrationTransition, Window, can
from ..events.queries import find_ticket, free_seats
from ..i18n import _, _n
from ..manifest import MANIFEST
from ..models.registration import EventSession, OpenDay, Registration
from ..registrations.digests import phone_digest
from ..registrations.service import cancel, change_people, change_slot, window_of
from ..registrations.waitlist import accept_offer, rank
from . import access
from .access import count_attempt, too_many
from .ical import calendar_of
from .labels import StatusLabel, long_time, seats_label, span, ticket_status


def qr_picture(text: str) -> Response:
    """A QR code as SVG, with its quiet zone; readable with 15 % of it damaged."""
    buffer = BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", scale=5, border=4)
    return Response(buffer.getvalue(), mimetype="image/svg+xml")


@dataclass(frozen=True, slots=True)
class TicketPage:
    """The page; `slots` are those one can change to, the present one included."""

    said: StatusLabel
    explained: str
    pairs: list[dict[str, object]]
    day_url: str
    rank: int | None
    can_change: bool
    can_resize: bool
    can_cancel: bool
    can_accept: bool
    shows_code: bool
    slots: list[dict[str, object]]
    draw_url: str


def page_of(session: Session, registration: Registration, *, can_change: bool) -> TicketPage:
    """Everything the page shows; `can_change`: this browser holds the key."""
    day, slot = registration.day, registration.slot
    place = rank(session, registration)
    ahead = slot.starts_at > utc_now() and day.state in {DayState.PUBLISHED, DayState.POSTPONED}
    state = RegistrationState(registration.state)
    resizable = ahead and state in {
        RegistrationState.PENDING,
        RegistrationState.CONFIRMED,
        RegistrationState.WAITING,
    }
    slots = _other_slots(day, slot) if ahead and state is RegistrationState.CONFIRMED else []
    return TicketPage(
        said=ticket_status(registration),
        explained=_explained(registration, place),
        pairs=_pairs(registration),
        day_url=tenant_url("plugin_open_day.show", day_id=day.id),
        rank=place,
        can_change=can_change,
        can_resize=resizable and day.max_party > 1,
        can_cancel=ahead and can(state, RegistrationTransition.CANCEL),
        can_accept=ahead and state is RegistrationState.OFFERED,
        shows_code=state in {RegistrationState.CONFIRMED, RegistrationState.ATTENDED},
        slots=slots if len(slots) > 1 else [],
        draw_url=tenant_url("plugin_open_day.draw", day_id=day.id)
        if registration.lottery_number
        else "",
    )


def _explained(registration: Registration, place: int | None) -> str:
    """What the state means, and what to do now."""
    if registration.day.state in {DayState.CANCELLED, DayState.POSTPONED}:
        return registration.day.state_reason
    until = long_time(registration.offer_expires_at)
    return {
        RegistrationState.PENDING: _("You will be told the outcome. You need do nothing now."),
        RegistrationState.CONFIRMED: _(
            "Show this page or the code at the entrance. A photograph is enough."
        ),
        RegistrationState.WAITING: _n(
            "You are number %(num)s on the waiting list. If a place becomes free, you are told.",
            "You are number %(num)s on the waiting list. If a place becomes free, you are told.",
            place or 0,
        ),
        RegistrationState.OFFERED: _(
            "Accept the place by %(until)s, or it goes to the next.", until=until
        ),
        RegistrationState.DECLINED: _("There was no place for you this time."),
        RegistrationState.CANCELLED: _cancelled(registration),
        RegistrationState.ATTENDED: _("Thank you for coming."),
        RegistrationState.NO_SHOW: _("You were registered, but were not seen at the entrance."),
    }[RegistrationState(registration.state)]


def _cancelled(registration: Registration) -> str:
    if registration.state_reason == "offer_expired":
        return _("The place offered to you was not accepted in time and went to the next.")
    if registration.state_reason == "slot_cancelled":
        return _("This session will not take place.")
    return _("The place has been given to others. You can register again while there are places.")


def _pairs(registration: Registration) -> list[dict[str, object]]:
    day, slot = registration.day, registration.slot
    category = registration.category
    lot = registration.lottery_number
    return [
        {"label": _("Session"), "value": slot.name},
        {"label": _("Time"), "value": span(slot.starts_at, slot.ends_at)},
        {"label": _("Place"), "value": slot.place or day.place},
        {"label": _("Guide"), "value": slot.guide},
        {"label": _("Name"), "value": masked_name(registration.name)},
        {"label": _("People"), "value": registration.head_count},
        {"label": _("Taking part as"), "value": category.label if category else ""},
        {"label": _("Number in the draw"), "value": str(lot) if lot else ""},
        {"label": _("Contact"), "value": " ".join(filter(None, (day.contact, day.phone)))},
    ]


def _other_slots(day: OpenDay, present: EventSession) -> list[dict[str, object]]:
    return [
        {"value": slot.id, "label": slot.name, "hint": f"{when} {seats}"}
        for slot in day.slots
        if slot.id == present.id or (window_of(day, slot) is Window.OPEN and free_seats(slot))
        for when in (span(slot.starts_at, slot.ends_at),)
        for seats in (seats_label(day, slot, free_seats(slot)),)
    ]


blueprint = PluginBlueprint(MANIFEST, __name__, part="tickets")

TICKET = "/<code>/open-days/tickets/<ticket>/"


@blueprint.get(TICKET)
@public_page
def show(ticket: str) -> str:
    """The ticket: where the registration stands, the QR code, and what can be done."""
    return _page(_registration(ticket))


@blueprint.get(f"{TICKET}qr.svg")
@public_page
def qr(ticket: str) -> Response:
    """The ticket's address as a QR code, read at the entrance."""
    registration = _registration(ticket)
    return qr_picture(_url("show", registration, _external=True))


@blueprint.get(f"{TICKET}calendar.ics")
@public_page
def calendar(ticket: str) -> Response:
    """The slot, for the visitor's own calendar."""
    found = _registration(ticket)
    url = _url("show", found, _external=True)
    return calendar_of(found.day.title, [(current_tenant(), found.day, found.slot, url)])


@blueprint.get("/<code>/open-days/look-up/")
@public_page
def look_up() -> str:
    """Where one finds a registration by phone and ticket code."""
    return _look_up_page({"ticket": request.args.get("ticket", "")})


@blueprint.post("/<code>/open-days/look-up/")
@public_form
def find() -> Any:
    """Open a registration by phone and code; failures are counted, guessing is slow."""
    address = request.remote_addr or ""
    if too_many(session(), current_tenant(), "look_up", address):
        sorry = {"phone": _("Too many attempts from your network. Try again in ten minutes.")}
        return _look_up_page(request.form, sorry), 429
    errors = _look_up_faults()
    if errors:
        return _look_up_page(request.form, errors), 422
    found = _found()
    if found is None:
        with open_session(Scope.own(current_tenant())) as counting:
            count_attempt(counting, current_tenant(), "look_up", address)
        nothing = {"ticket": _("No registration has this phone and ticket code. Check both.")}
        return _look_up_page(request.form, nothing), 422
    access.grant(found)
    return redirect(_url("show", found), 303)


@blueprint.post(f"{TICKET}change/")
@public_form
def change(ticket: str) -> Any:
    """Come with more or fewer people, or to another slot."""
    registration = _own(ticket)
    try:
        _change(registration)
    except Invalid as error:
        session().rollback()
        return _page(_registration(ticket), errors=error.fields), error.status
    except Conflict as error:
        session().rollback()
        return _page(_registration(ticket), refusal=error.message), error.status
    flash(_("Your registration has been changed."), "success")
    return redirect(_url("show", registration), 303)


@blueprint.get(f"{TICKET}cancel/")
@public_page
def ask_cancel(ticket: str) -> str:
    """Ask before a registration is given up."""
    registration = _own(ticket)
    return render_template(
        "open_day/cancel.html",
        registration=registration,
        page=page_of(session(), registration, can_change=True),
        ticket_url=_url("show", registration),
    )


@blueprint.post(f"{TICKET}cancel/")
@public_form
def give_up(ticket: str) -> Any:
    """Give a registration up; the place goes to the next."""
    registration = _own(ticket)
    cancel(session(), registration)
    flash(_("Your registration is cancelled. Thank you for telling us."), "success")
    return redirect(_url("show", registration), 303)


@blueprint.post(f"{TICKET}accept/")
@public_form
def accept(ticket: str) -> Any:
    """Take the place that was offered from the waiting list."""
    registration = _own(ticket)
    accept_offer(session(), registration)
    flash(_("The place is yours."), "success")
    return redirect(_url("show", registration), 303)


def _change(registration: Registration) -> None:
    """What differs from now is changed: the slot first, as it may have more places."""
    slot_id = request.form.get("slot", registration.slot_id, type=int)
    slot = next((s for s in registration.day.slots if s.id == slot_id), None)
    if slot is None:
        raise Invalid({"slot": _("Choose one of the sessions.")})
    change_slot(session(), registration, slot)
    typed = request.form.get("people", str(registration.head_count)).strip()
    if not typed.isdecimal() or len(typed) > 4:
        raise Invalid({"people": _("Enter a whole number in digits.")})
    if int(typed) != registration.head_count:
        change_people(session(), registration, int(typed))


def _registration(ticket: str) -> Registration:
    found = find_ticket(session(), current_tenant(), ticket)
    if found is None:
        abort(404)
    return found


def _own(ticket: str) -> Registration:
    """The registration, if this browser may change it; else the way to the look-up."""
    registration = _registration(ticket)
    if not access.is_granted(registration):
        abort(redirect(tenant_url("plugin_open_day_tickets.look_up", ticket=ticket)))
    return registration


def _page(
    registration: Registration, *, errors: dict[str, str] | None = None, refusal: str = ""
) -> str:
    return render_template(
        "open_day/ticket.html",
        registration=registration,
        page=page_of(session(), registration, can_change=access.is_granted(registration)),
        code=show_code(registration.code),
        errors=errors or {},
        refusal=refusal,
    )


def _look_up_page(typed: Any, errors: dict[str, str] | None = None) -> str:
    return render_template("open_day/look_up.html", typed=typed, errors=errors or {})


def _look_up_faults() -> dict[str, str]:
    faults = {}
    if read_phone(request.form.get("phone", "")) is None:
        faults["phone"] = _("Enter the phone number that you registered with.")
    if read_code(request.form.get("ticket", "")) is None:
        faults["ticket"] = _("Enter the 12 characters of the ticket code.")
    return faults


def _found() -> Registration | None:
    code = read_code(request.form.get("ticket", "")) or ""
    phone = read_phone(request.form.get("phone", "")) or ""
    return session().scalar(
        select(Registration).where(
            Registration.tenant_id == current_tenant().id,
            Registration.code == code,
            Registration.phone_digest == phone_digest(phone),
        )
    )


def _url(page: str, registration: Registration, **values: Any) -> str:
    return tenant_url(f"plugin_open_day_tickets.{page}", ticket=registration.code, **values)
