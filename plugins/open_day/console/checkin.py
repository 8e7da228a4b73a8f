"""Staff pages of the day itself: the door's list, one ticket, walk-ins, what is printed."""

import secrets
from pathlib import Path
from typing import Any

from flask import flash, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    GongkaiError,
    Invalid,
    PluginBlueprint,
    current_actor,
    current_tenant,
    record,
    session,
    staff_page,
    tenant_url,
    utc_now,
    zone,
)

from ..domain.checkin import Scan, ScanKind
from ..domain.identifiers import masked_name, masked_phone, show_code
from ..events.program import slot_of
from ..events.queries import find_ticket, get_day, running_days
from ..i18n import _
from ..labels import STATES
from ..manifest import CHECK_IN, MANIFEST
from ..models.registration import OpenDay, Registration
from ..registrations.checkin import (
    MOST_HEADS,
    CheckInOutcome,
    CheckInSource,
    missed_before,
    presence_of,
    read_scans,
    record_event,
    record_events,
    walk_in,
)
from ..registrations.queries import everybody
from ..registrations.validation import RegistrationRequest
from .entry import category_options, slot_options

blueprint = PluginBlueprint(MANIFEST, __name__, part="door")
HERE = "plugin_open_day_door"


@blueprint.get("/<code>/console/open-days/door/")
@staff_page(CHECK_IN)
def today() -> str:
    """Open days whose door is near: today's first."""
    days = running_days(session(), current_tenant())
    return render_template("open_day/console/today.html", days=days, zone=zone())


@blueprint.get("/<code>/console/open-days/<int:id>/door/")
@staff_page(CHECK_IN)
def index(id: int) -> str:  # noqa: A002 - the name that addresses use
    """The door's list: who is expected, who has come; works without network once it is open."""
    return _page(get_day(session(), current_tenant(), id), {}, {})


@blueprint.get("/<code>/console/open-days/<int:id>/door/worker.js")
@staff_page(CHECK_IN)
def worker(id: int) -> Response:  # noqa: A002 - the name that addresses use
    """The script that keeps the door's list on the device; its address is its reach."""
    get_day(session(), current_tenant(), id)
    script = Path(__file__).parents[1] / "static" / "door-worker.js"
    return Response(script.read_text(encoding="utf-8"), mimetype="text/javascript")


@blueprint.post("/<code>/console/open-days/<int:id>/door/")
@staff_page(CHECK_IN)
def note(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Check somebody of the list in, undo it, or open the ticket whose code was typed."""
    day = get_day(session(), current_tenant(), id)
    typed = request.form.get("ticket", "") or request.form.get("undo", "")
    registration = find_ticket(session(), current_tenant(), typed)
    if registration is None:
        wrong = {"ticket": _("No registration has this ticket code. Check it, or search by name.")}
        return _page(day, request.form, wrong), 422
    if request.form.get("act") == "look":
        return redirect(tenant_url(f"{HERE}.ticket", ticket=registration.code))
    act = ScanKind.OUT if request.form.get("undo") else ScanKind.IN
    _note(registration, act, registration.head_count)
    return redirect(tenant_url(f"{HERE}.index", id=id, slot=request.args.get("slot", "")))


@blueprint.get("/<code>/console/open-days/check-in/<ticket>/")
@staff_page(CHECK_IN)
def ticket(ticket: str) -> Any:
    """One ticket at the door, large enough for a phone."""
    registration = find_ticket(session(), current_tenant(), ticket)
    if registration is None:
        flash(_("No registration has this ticket code. Check it, or search by name."), "error")
        return redirect(tenant_url(f"{HERE}.today"))
    return render_template(
        "open_day/console/ticket.html",
        registration=registration,
        day=registration.day,
        zone=zone(),
        code=show_code(registration.code),
        states=STATES,
        presence=presence_of(session(), registration),
        missed=missed_before(session(), registration),
        now=utc_now(),
    )


@blueprint.post("/<code>/console/open-days/check-in/<ticket>/")
@staff_page(CHECK_IN)
def check_in(ticket: str) -> Response:
    """Check them in, or undo it."""
    registration = find_ticket(session(), current_tenant(), ticket)
    if registration is None:
        return redirect(tenant_url(f"{HERE}.today"))
    heads = request.form.get("heads", "")
    number = int(heads) if heads.isdecimal() and len(heads) < 4 else registration.head_count
    act = ScanKind.OUT if request.form.get("act") == "out" else ScanKind.IN
    _note(registration, act, min(max(number, 1), MOST_HEADS))
    return redirect(tenant_url(f"{HERE}.ticket", ticket=registration.code))


def _note(registration: Registration, act: ScanKind, heads: int) -> None:
    nonce = request.form.get("nonce", "")[:64] or secrets.token_hex(16)
    name = registration.name
    made = Scan(nonce, act, utc_now(), heads if act is ScanKind.IN else 0)
    outcome = record_event(session(), registration, made, CheckInSource(current_actor()))
    if outcome is CheckInOutcome.NO_PLACE:
        flash(_("%(name)s has no place: look at the registration.", name=name), "error")
    elif act is ScanKind.OUT:
        flash(_("Undone: %(name)s.", name=name))
    elif outcome is CheckInOutcome.DONE:
        flash(_("Checked in: %(name)s.", name=name), "success")
    else:
        flash(_("%(name)s was checked in already.", name=name), "warning")


@blueprint.post("/<code>/console/open-days/<int:id>/door/notes/")
@staff_page(CHECK_IN)
def upload(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Take the notes that a device made without network; each counts once."""
    day = get_day(session(), current_tenant(), id)
    try:
        device, notes = read_scans(request.get_json(silent=True))
    except Invalid as error:
        return jsonify({"error": error.message}), 422
    told = record_events(
        session(), notes, CheckInSource(current_actor(), device), lambda code: _of_day(day.id, code)
    )
    record(session(), current_actor(), current_tenant(), "open_day.door", str(id), notes=len(told))
    return jsonify({"notes": [{"nonce": nonce, "outcome": out} for nonce, out in told]})


def _of_day(day_id: int, code: str) -> Registration | None:
    found = find_ticket(session(), current_tenant(), code)
    return found if found is not None and found.open_day_id == day_id else None


@blueprint.post("/<code>/console/open-days/<int:id>/door/walk-in/")
@staff_page(CHECK_IN)
def came(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Let somebody in who has not registered, while there are places."""
    day = get_day(session(), current_tenant(), id)
    form = request.form
    requested = RegistrationRequest(
        name=form.get("name", "").replace("\x00", "") or _("Visitor"),
        phone=form.get("phone", ""),
        people=form.get("people", "1") or "1",
        category=form.get("category", ""),
        request_key=form.get("nonce", "")[:40] or None,
        source="walk_in",
        shares_phone=True,
    )
    try:
        slot = slot_of(day, int(form.get("slot", "0") or 0))
        made = walk_in(session(), day, slot, requested, CheckInSource(current_actor()))
    except (GongkaiError, ValueError) as error:
        session().rollback()
        day = get_day(session(), current_tenant(), id)
        fields = error.fields if isinstance(error, Invalid) else {}
        wrong = fields or {"people": str(getattr(error, "message", "")) or _("Choose a session.")}
        return _page(day, form, wrong), 422
    flash(_("Checked in: %(name)s.", name=made.name), "success")
    return redirect(tenant_url(f"{HERE}.index", id=id))


@blueprint.get("/<code>/console/open-days/<int:id>/print/<any('sign-in',names,badges):what>/")
@staff_page(CHECK_IN)
def printed(id: int, what: str) -> str:  # noqa: A002 - the name that addresses use
    """The sign-in sheet, the name list or badges, for paper; printing them goes on record."""
    day = get_day(session(), current_tenant(), id)
    record(session(), current_actor(), current_tenant(), f"open_day.print_{what}", str(id))
    chosen = request.args.get("slot", "")
    people = everybody(session(), day)
    slots = [slot for slot in day.slots if chosen in {"", str(slot.id)}]
    return render_template(
        f"open_day/console/print_{what.replace('-', '_')}.html",
        day=day,
        zone=zone(),
        what=what,
        sheets=[(slot, [one for one in people if one.slot_id == slot.id]) for slot in slots],
        masked_phone=masked_phone,
    )


def _page(day: OpenDay, typed: Any, errors: dict[str, str]) -> str:
    people = everybody(session(), day)
    chosen = request.args.get("slot", "")
    shown = [one for one in people if chosen in {"", str(one.slot_id)}]
    query = request.args.get("q", "").strip()
    if query:
        shown = [one for one in shown if query in one.name or query in one.organisation
                 or (len(query) >= 4 and one.phone.endswith(query))]  # fmt: skip
    return render_template(
        "open_day/console/door.html",
        day=day,
        zone=zone(),
        people=shown,
        chosen=chosen,
        query=query,
        expected=sum(one.head_count for one in people),
        came=sum(one.attended_count or 0 for one in people),
        typed=typed,
        errors=errors,
        slots=slot_options(day),
        categories=category_options(day),
        nonce=secrets.token_hex(16),
        masked_name=masked_name,
        show_code=show_code,
    )
