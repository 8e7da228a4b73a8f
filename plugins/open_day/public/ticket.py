"""A registration's own pages: ticket, look-up, change, cancel, accept; no account is needed."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Response, abort, flash, redirect, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from core import sdk
from core.sdk import Context, PluginBlueprint

from ..domain.identifiers import read_code, show_code
from ..domain.states import DayState, RegistrationState, RegistrationTransition, Window
from ..i18n import _, _n
from ..manifest import MANIFEST
from ..models.registration import EventSession, Registration
from ..registrations import service
from ..registrations.capacity import free_seats
from ..registrations.changes import change_by_citizen, check_wish, is_late
from ..registrations.queries import find_ticket, list_wishes
from ..registrations.transitions import WORKFLOW
from ..registrations.validation import phone_digest
from ..registrations.waitlist import accept_offer, rank
from . import access
from .ical import build_calendar
from .labels import StatusLabel, format_span, long_time, seats_label, ticket_status

blueprint = PluginBlueprint(MANIFEST, __name__, part="tickets")
TICKET = "/<code>/open-days/tickets/<ticket>/"
_CHANGEABLE = (RegistrationState.PENDING, RegistrationState.CONFIRMED, RegistrationState.WAITING)


@dataclass(frozen=True, slots=True)
class TicketPage:
    """What the page shows; `slots` are those one can change to, the present one included."""

    status: StatusLabel
    explained: str
    pairs: list[dict[str, object]]
    day_url: str
    rank: int | None
    can_change: bool
    can_edit: bool
    can_resize: bool
    is_late: bool
    requested: list[tuple[str, str]]
    can_cancel: bool
    can_accept: bool
    shows_code: bool
    slots: list[dict[str, object]]
    draw_url: str


def _build_page(ctx: Context, registration: Registration) -> TicketPage:
    day, slot = registration.day, registration.slot
    place, state = rank(ctx.session, registration), RegistrationState(registration.state)
    ahead = slot.starts_at > sdk.utc_now() and day.state in {DayState.PUBLISHED, DayState.POSTPONED}
    confirmed = state is RegistrationState.CONFIRMED
    late = is_late(registration)
    slots = _other_slots(slot, late=late) if ahead and confirmed else []
    can_edit = ahead and state in _CHANGEABLE
    drawn = registration.lottery_number is not None
    return TicketPage(
        status=ticket_status(registration),
        explained=_explain(registration, place),
        pairs=_facts(registration),
        day_url=sdk.tenant_url("plugin_open_day.show", day_id=day.id),
        rank=place,
        can_change=access.is_granted(registration),
        can_edit=can_edit,
        can_resize=can_edit and max(day.max_party, registration.head_count) > 1,
        is_late=late,
        requested=list_wishes(registration),
        can_cancel=ahead and WORKFLOW.can(state, RegistrationTransition.CANCEL),
        can_accept=ahead and state is RegistrationState.OFFERED,
        shows_code=confirmed or state is RegistrationState.ATTENDED,
        slots=slots if len(slots) > 1 else [],
        draw_url=sdk.tenant_url("plugin_open_day.draw", day_id=day.id) if drawn else "",
    )


def _explain(registration: Registration, place: int | None) -> str:
    """Say what the state means, and what to do now."""
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
        RegistrationState.CANCELLED: _explain_cancelled(registration.state_reason),
        RegistrationState.ATTENDED: _("Thank you for coming."),
        RegistrationState.NO_SHOW: _("You were registered, but were not seen at the entrance."),
    }[RegistrationState(registration.state)]


def _explain_cancelled(reason: str) -> str:
    if reason == "offer_expired":
        return _("The place offered to you was not accepted in time and went to the next.")
    if reason == "slot_cancelled":
        return _("This session will not take place.")
    return _("The place has been given to others. You can register again while there are places.")


def _facts(registration: Registration) -> list[dict[str, object]]:
    day, slot, category = registration.day, registration.slot, registration.category
    pairs = (
        (_("Session"), slot.name),
        (_("Time"), format_span([slot])),
        (_("Place"), slot.place or day.place),
        (_("Guide"), slot.guide),
        (_("Name"), sdk.mask_name(registration.name)),
        (_("People"), registration.head_count),
        (_("Taking part as"), category.label if category else ""),
        (_("Number in the draw"), str(registration.lottery_number or "")),
        (_("Contact"), " ".join(filter(None, (day.contact, day.phone)))),
    )
    return [{"label": label, "value": value} for label, value in pairs]


def _other_slots(present: EventSession, *, late: bool) -> list[dict[str, object]]:
    """List the sessions to change to; after the deadline those that one can ask for."""
    day, now = present.day, sdk.utc_now()
    possible = [
        slot
        for slot in day.slots
        if slot.id == present.id
        or (late and slot.state != "cancelled" and slot.starts_at > now)
        or (service.to_window(day, slot) is Window.OPEN and free_seats(slot))
    ]
    hints = [f"{format_span([slot])} {seats_label(day, slot)}" for slot in possible]
    return [
        {"value": slot.id, "label": slot.name, "hint": hint}
        for slot, hint in zip(possible, hints, strict=True)
    ]


def load_ticket(ctx: Context, ticket: str) -> Registration:
    """Load the registration of the address; raises `NotFound`."""
    registration = find_ticket(ctx.session, ctx.tenant, ticket)
    if registration is None:
        raise sdk.NotFound
    return registration


def load_own_ticket(ctx: Context, ticket: str) -> Registration:
    """Load the registration, if this browser may change it; else show the way to the look-up."""
    registration = load_ticket(ctx, ticket)
    if not access.is_granted(registration):
        abort(redirect(sdk.tenant_url("plugin_open_day_tickets.look_up", ticket=ticket)))
    return registration


class LookUpForm(sdk.Form):
    """With what a registration is found again."""

    phone = sdk.fields.LineField(100)
    ticket = sdk.fields.LineField(100)


class TicketChangeForm(sdk.Form):
    """Who comes, how many, to which session; what is not sent stays."""

    slot = sdk.fields.NumberField(0, 10**9)
    people = sdk.fields.LineField(100)
    name = sdk.fields.LineField(500)
    phone = sdk.fields.LineField(100)
    companions = sdk.fields.TextField(50_000)


own_form = sdk.public_form(registration=load_own_ticket)


@blueprint.get(TICKET)
@sdk.public_page(registration=load_ticket)
def show(ctx: Context, registration: Registration) -> str:
    """Show the ticket: where the registration stands, the QR code, and what can be done."""
    return _page(ctx, registration)


@blueprint.get(f"{TICKET}qr.svg")
@sdk.public_page(registration=load_ticket)
def qr(ctx: Context, registration: Registration) -> Response:
    """Send the ticket's address as a QR code; readable with 15 % of it damaged."""
    import segno  # few answers are pictures

    del ctx
    buffer, url = BytesIO(), _url("show", registration, _external=True)
    segno.make(url, error="m", micro=False).save(buffer, kind="svg", scale=5, border=4)
    return Response(buffer.getvalue(), mimetype="image/svg+xml")


@blueprint.get(f"{TICKET}calendar.ics")
@sdk.public_page(registration=load_ticket)
def calendar(ctx: Context, registration: Registration) -> Response:
    """Send the session, for the visitor's own calendar."""
    url = _url("show", registration, _external=True)
    return build_calendar(registration.day.title, [(ctx.tenant, registration.slot, url)])


@blueprint.get("/<code>/open-days/look-up/")
@sdk.public_page
def look_up(ctx: Context) -> str:
    """Show where one finds a registration by phone and ticket code."""
    del ctx
    return _look_up_page({"ticket": sdk.params.text("ticket")})


@blueprint.post("/<code>/open-days/look-up/")
@sdk.public_form
def find(ctx: Context) -> Any:
    """Open a registration by phone and code; failures are counted, guessing is slow."""
    form = LookUpForm.read()
    if access.is_exceeded(ctx, "look_up"):
        sorry = {"phone": _("Too many attempts from your network. Try again in ten minutes.")}
        return _look_up_page(form.typed, sorry), 429
    phone = sdk.parse_phone(form.values["phone"])
    code = read_code(form.values["ticket"])
    errors = {}
    if phone is None:
        errors["phone"] = _("Enter the phone number that you registered with.")
    if code is None:
        errors["ticket"] = _("Enter the 12 characters of the ticket code.")
    if phone is None or code is None:
        return _look_up_page(form.typed, errors), 422
    query = select(Registration).where(
        Registration.tenant_id == ctx.tenant.id,
        Registration.code == code,
        Registration.phone_digest == phone_digest(phone),
    )
    found = ctx.session.scalar(query)
    if found is None:
        access.hit(ctx, "look_up")
        nothing = {"ticket": _("No registration has this phone and ticket code. Check both.")}
        return _look_up_page(form.typed, nothing), 422
    access.grant(found)
    return redirect(_url("show", found), 303)


@blueprint.post(f"{TICKET}change/")
@own_form
def change(ctx: Context, registration: Registration) -> Any:
    """Change names, phone, people or session; after the deadline the office is asked."""
    form = TicketChangeForm.read()
    if access.is_exceeded(ctx, "registered"):
        sorry = _("Too many attempts from your network. Try again in ten minutes.")
        return _page(ctx, registration, form, refusal=sorry), 429
    try:
        with sdk.savepoint(ctx.session):
            wish = check_wish(registration, form.require(), form.sent)
            done = change_by_citizen(ctx.session, registration, wish)
    except sdk.Invalid as error:
        return _page(ctx, registration, form, errors=error.fields), error.status
    except sdk.Conflict as error:
        if error.where == service.REGISTERED:
            access.hit_after_answer(ctx, "registered")
        return _page(ctx, registration, form, refusal=error.message), error.status
    if done:
        flash(_("Your registration has been changed."), "success")
    else:
        flash(_("The deadline is over: the office decides on your change and will tell you."))
    return redirect(_url("show", registration), 303)


@blueprint.get(f"{TICKET}cancel/")
@sdk.public_page(registration=load_own_ticket)
def ask_cancel(ctx: Context, registration: Registration) -> str:
    """Ask before a registration is given up."""
    return render_template(
        "open_day/cancel.html",
        registration=registration,
        page=_build_page(ctx, registration),
        ticket_url=_url("show", registration),
    )


@blueprint.post(f"{TICKET}cancel/")
@own_form
def give_up(ctx: Context, registration: Registration) -> BaseResponse:
    """Give a registration up; the place goes to the next."""
    service.cancel(ctx.session, registration)
    flash(_("Your registration is cancelled. Thank you for telling us."), "success")
    return redirect(_url("show", registration), 303)


@blueprint.post(f"{TICKET}accept/")
@own_form
def accept(ctx: Context, registration: Registration) -> BaseResponse:
    """Take the place that was offered from the waiting list."""
    accept_offer(ctx.session, registration)
    flash(_("The place is yours."), "success")
    return redirect(_url("show", registration), 303)


def _page(
    ctx: Context,
    registration: Registration,
    form: sdk.FormData | None = None,
    *,
    errors: dict[str, str] | None = None,
    refusal: str = "",
) -> str:
    companions = "\n".join(each.name for each in registration.companions)
    now = {
        "slot": registration.slot_id,
        "people": registration.head_count,
        "companions": companions,
    }
    return render_template(
        "open_day/ticket.html",
        typed=form.typed if form else now,
        masked={
            "name": sdk.mask_name(registration.name),
            "phone": sdk.mask_phone(registration.phone),
        },
        registration=registration,
        page=_build_page(ctx, registration),
        code=show_code(registration.code),
        errors=errors or {},
        refusal=refusal,
    )


def _look_up_page(typed: Any, errors: dict[str, str] | None = None) -> str:
    return render_template("open_day/look_up.html", typed=typed, errors=errors or {})


def _url(page: str, registration: Registration, **values: Any) -> str:
    return sdk.tenant_url(f"plugin_open_day_tickets.{page}", ticket=registration.code, **values)
