"""A registration's own pages: ticket, look-up, change, cancel, accept; no account is needed."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request
from sqlalchemy import select

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
)
from plugins.open_day import keys
from plugins.open_day.calendars import calendar_of
from plugins.open_day.digests import phone_digest
from plugins.open_day.identifiers import read_code, read_phone, show_code
from plugins.open_day.limits import count_attempt, too_many
from plugins.open_day.manifest import MANIFEST
from plugins.open_day.models import Registration
from plugins.open_day.pictures import qr_picture
from plugins.open_day.queries import find_ticket
from plugins.open_day.registering import cancel, change_people, change_slot
from plugins.open_day.ticket_page import page_of
from plugins.open_day.waiting import accept_offer
from plugins.open_day.words import _

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
    keys.hand_over(found)
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
        raise Invalid({"slot": _("Choose one of the slots.")})
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
    if not keys.holds(registration):
        abort(redirect(tenant_url("plugin_open_day_tickets.look_up", ticket=ticket)))
    return registration


def _page(
    registration: Registration, *, errors: dict[str, str] | None = None, refusal: str = ""
) -> str:
    return render_template(
        "open_day/ticket.html",
        registration=registration,
        page=page_of(session(), registration, can_change=keys.holds(registration)),
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
