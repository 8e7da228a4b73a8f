"""Staff pages of the day itself: the check-in list, one ticket, walk-ins, what is printed."""

import secrets
from pathlib import Path
from typing import Any

from flask import flash, jsonify
from werkzeug.wrappers import Response

from core.sdk import (
    Context,
    Form,
    FormData,
    Invalid,
    PluginBlueprint,
    fields,
    params,
    staff_page,
    utc_now,
)

from ..domain.checkin import Scan, ScanKind
from ..events.queries import running_days
from ..i18n import _
from ..manifest import CHECK_IN, MANIFEST
from ..models.registration import OpenDay, Registration
from ..registrations import checkin
from ..registrations.checkin import CheckInOutcome, CheckInSource
from ..registrations.queries import find_own_ticket, list_holders
from ..registrations.validation import RegistrationRequest
from .entry import choose_slot, list_options
from .pages import DAY, attempt, load_day, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="door")
door_page = staff_page(CHECK_IN, day=load_day)
TICKET = "/<code>/console/open-days/check-in/<ticket>/"


class CheckInForm(Form):
    """Whom to check in, with how many; or whose check-in to undo."""

    act = fields.LineField(20)
    ticket = fields.LineField(100)
    undo = fields.LineField(100)
    heads = fields.NumberField(1, checkin.MOST_HEADS)
    nonce = fields.LineField(64)


class WalkInForm(Form):
    """Somebody who just came."""

    name = fields.LineField(100)
    phone = fields.LineField(100)
    people = fields.LineField(20)
    category = fields.LineField(100)
    slot = fields.NumberField(0, 10**9)
    nonce = fields.LineField(64)


@blueprint.get("/<code>/console/open-days/door/")
@staff_page(CHECK_IN, per_organ=True)
def today(ctx: Context) -> str:
    """List the open days whose check-in is near: today's first."""
    return render("checkin/today", days=running_days(ctx))


@blueprint.get(f"{DAY}door/")
@door_page
def index(ctx: Context, day: OpenDay) -> str:
    """List who is expected and who has come; works without network once it is open."""
    return _page(ctx, day)


@blueprint.get(f"{DAY}door/worker.js")
@door_page
def worker(ctx: Context, day: OpenDay) -> Response:
    """Send the service worker that keeps the list on the device; its address is its scope."""
    del ctx, day
    script = Path(__file__).parents[1] / "static" / "door-worker.js"
    return Response(script.read_text(encoding="utf-8"), mimetype="text/javascript")


@blueprint.post(f"{DAY}door/")
@door_page
def note(ctx: Context, day: OpenDay) -> Any:
    """Check somebody of the list in, undo it, or open the ticket whose code was typed."""
    form = CheckInForm.read()
    undo = form.values["undo"]
    registration = find_own_ticket(ctx, form.values["ticket"] or undo)
    if registration is None:
        form.errors["ticket"] = _no_such_ticket()
        return _page(ctx, day, form), 422
    if form.values["act"] == "look":
        return to("door.ticket", ticket=registration.code)
    kind = ScanKind.OUT if undo else ScanKind.IN
    _record(ctx, registration, kind, registration.head_count, form)
    return to("door.index", day, slot=params.number("slot") or "")


def _no_such_ticket() -> str:
    return _("No registration has this ticket code. Check it, or search by name.")


@blueprint.get(TICKET)
@staff_page(CHECK_IN, per_organ=True)
def ticket(ctx: Context, ticket: str) -> Any:
    """Show one ticket, large enough for a phone."""
    registration = find_own_ticket(ctx, ticket)
    if registration is None:
        flash(_no_such_ticket(), "error")
        return to("door.today")
    return render(
        "checkin/ticket",
        registration=registration,
        day=registration.day,
        presence=checkin.load_presence(ctx.session, registration),
        missed=checkin.missed_before(ctx.session, registration),
    )


@blueprint.post(TICKET)
@staff_page(CHECK_IN, per_organ=True)
def check_in(ctx: Context, ticket: str) -> Response:
    """Check them in, or undo it."""
    registration = find_own_ticket(ctx, ticket)
    if registration is None:
        return to("door.today")
    form = CheckInForm.read()
    heads = form.values["heads"] or registration.head_count
    kind = ScanKind.OUT if form.values["act"] == "out" else ScanKind.IN
    _record(ctx, registration, kind, heads, form)
    return to("door.ticket", ticket=registration.code)


def _record(
    ctx: Context, registration: Registration, kind: ScanKind, heads: int, form: FormData
) -> None:
    nonce = form.values["nonce"] or secrets.token_hex(16)
    name = registration.name
    scan = Scan(nonce, kind, utc_now(), heads if kind is ScanKind.IN else 0)
    outcome = checkin.record_event(ctx.session, registration, scan, CheckInSource(ctx.actor))
    if outcome is CheckInOutcome.NO_PLACE:
        flash(_("%(name)s has no place: look at the registration.", name=name), "error")
    elif kind is ScanKind.OUT:
        flash(_("Undone: %(name)s.", name=name))
    elif outcome is CheckInOutcome.DONE:
        flash(_("Checked in: %(name)s.", name=name), "success")
    else:
        flash(_("%(name)s was checked in already.", name=name), "warning")


@blueprint.post(f"{DAY}door/notes/")
@door_page
def upload(ctx: Context, day: OpenDay) -> Any:
    """Take the scans that a device made without network; each counts once (nonce)."""
    try:
        device, scans = checkin.read_scans(params.json_body())
    except Invalid as error:
        return jsonify({"error": error.message}), 422

    def find(code: str) -> Registration | None:
        found = find_own_ticket(ctx, code)
        return found if found is not None and found.open_day_id == day.id else None

    source = CheckInSource(ctx.actor, device, offline=True)
    outcomes = checkin.record_events(ctx.session, scans, source, find)
    unknown = sum(outcome is CheckInOutcome.UNKNOWN for _nonce, outcome in outcomes)
    ctx.audit("open_day.door", str(day.id), notes=len(outcomes), unknown=unknown)
    return jsonify({"notes": [{"nonce": nonce, "outcome": out} for nonce, out in outcomes]})


@blueprint.post(f"{DAY}door/walk-in/")
@door_page
def came(ctx: Context, day: OpenDay) -> Any:
    """Let somebody in who has not registered, while there are places."""
    form = WalkInForm.read()
    values = form.values
    request_ = RegistrationRequest(
        name=values["name"] or _("Visitor"),
        phone=values["phone"],
        people=values["people"] or "1",
        category=values["category"],
        request_key=values["nonce"][:40] or None,
        source="walk_in",
        shares_phone=True,
    )
    with attempt(ctx, form.errors, "people"):
        form.require()
        slot = choose_slot(day, form)
        checkin.walk_in(ctx.session, day, slot, request_, CheckInSource(ctx.actor))
    if not form.ok:
        return _page(ctx, day, form), 422
    flash(_("Checked in: %(name)s.", name=request_.name), "success")
    return to("door.index", day)


@blueprint.get(f"{DAY}print/<any('sign-in',names,badges):what>/")
@door_page
def printed(ctx: Context, day: OpenDay, what: str) -> str:
    """Show the sign-in sheet, the name list or badges, for paper; printing them goes on record."""
    ctx.audit(f"open_day.print_{what}", str(day.id))
    chosen, people = params.number("slot"), list_holders(ctx.session, day)
    slots = [slot for slot in day.slots if chosen in {0, slot.id}]
    sheets = [(slot, [person for person in people if person.slot_id == slot.id]) for slot in slots]
    return render(f"checkin/print_{what.replace('-', '_')}", day=day, what=what, sheets=sheets)


def _page(ctx: Context, day: OpenDay, form: FormData | None = None) -> str:
    people, exceptions = list_holders(ctx.session, day), checkin.list_exceptions(ctx.session, day)
    chosen, query = params.number("slot"), params.text("q")
    return render(
        "checkin/door",
        form,
        day=day,
        people=[one for one in people if chosen in {0, one.slot_id} and _fits(one, query)],
        chosen=chosen,
        query=query,
        expected=sum(one.head_count for one in people),
        came=sum(one.attended_count or 0 for one in (*people, *dict(exceptions))),
        exceptions=exceptions,
        nonce=secrets.token_hex(16),
        **list_options(day),
    )


def _fits(registration: Registration, query: str) -> bool:
    by_name = query in registration.name or query in registration.organisation
    return by_name or (len(query) >= 4 and registration.phone.endswith(query))
