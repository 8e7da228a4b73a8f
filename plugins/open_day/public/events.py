"""What the page of an open day shows, put together from its parts.

Public pages of open days: the list, one day, its draw, calendar files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, render_template, request
from sqlalchemy.orm import Session

from core.sdk import (
    PluginBlueprint,
    Publication,
    Tenant,
    current_tenant,
    public_page,
    session,
    tenant_url,
)

from ..domain.states import DayState, Window
from ..events.queries import (
    ON_A_PAGE,
    CategorySeats,
    find_day,
    free_seats,
    past,
    quotas_left,
    upcoming,
)
from ..i18n import _
from ..manifest import MANIFEST
from ..models.registration import Category, EventSession, OpenDay
from ..registrations.lottery import draw_records, draws_of, seed_commitment
from ..registrations.service import window_of
from .blocks import listed_rows
from .ical import calendar_of
from .labels import StatusLabel, day_status, long_time, mode_label, seats_label, span, window_label


@dataclass(frozen=True, slots=True)
class SessionView:
    """A slot with what is left, and the way to register if it is open."""

    slot: EventSession
    when: str
    place: str
    seats: str
    quotas: Sequence[CategorySeats]
    register_url: str
    why_not: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """The page."""

    said: StatusLabel
    pairs: list[dict[str, object]]
    slots: list[SessionView]
    paragraphs: list[str]
    visit: list[dict[str, object]]
    results: dict[str, str] | None
    seed_commitment: str
    drawn: bool
    over: bool


def page_of(session: Session, day: OpenDay) -> EventPage:
    """Everything the page shows."""
    left = sum(free_seats(slot) for slot in day.slots)
    quotas = quotas_left(session, day)
    said = day_status(day, left)
    return EventPage(
        said=said,
        pairs=_pairs(day),
        slots=[_slot(day, slot, quotas.get(slot.id, [])) for slot in day.slots],
        paragraphs=paragraphs(day.body),
        visit=_visit(day),
        results=_results(session, day),
        seed_commitment=seed_commitment(day) if day.mode == "lottery" else "",
        drawn=day.mode == "lottery" and bool(draws_of(session, day)),
        over=day.state == DayState.CLOSED or said.text == _("Over"),
    )


def paragraphs(text: str) -> list[str]:
    """Plain text as it was typed: an empty line divides paragraphs."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip() for block in blocks if block.strip()]


def _pairs(day: OpenDay) -> list[dict[str, object]]:
    organ = day.organ.name if day.organ else ""
    contact = " ".join(filter(None, (day.contact, day.phone)))
    whole = span(day.starts_at, day.ends_at) if day.state != DayState.POSTPONED else ""
    return [
        {"label": _("Theme"), "value": day.theme},
        {"label": _("Organiser"), "value": organ or current_tenant().name},
        {"label": _("Time"), "value": whole},
        {"label": _("Place"), "value": day.place},
        {"label": _("Contact"), "value": contact},
        {"label": _("Places"), "value": mode_label(day)},
        {"label": _("Registration"), "value": _registration_time(day)},
        {"label": _("Who may come"), "value": _whom(day.categories, day.eligibility)},
    ]


def _registration_time(day: OpenDay) -> str:
    if day.mode in {"none", "invitation"}:
        return ""
    opens, closes = long_time(day.opens_at), long_time(day.closes_at)
    if opens and closes:
        return _("%(first)s to %(last)s", first=opens, last=closes)
    return _("until %(last)s", last=closes) if closes else _("until the session begins")


def _whom(categories: Sequence[Category], eligibility: str) -> str:
    names = _(", ").join(category.label for category in categories)
    return " · ".join(filter(None, (names, eligibility)))


def _visit(day: OpenDay) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        {"label": _("Getting there"), "value": day.transport},
        {"label": _("Parking"), "value": day.parking},
        {"label": _("Accessibility"), "value": day.accessibility},
    ]
    return [pair for pair in found if pair["value"]]


def _slot(day: OpenDay, slot: EventSession, quotas: Sequence[CategorySeats]) -> SessionView:
    window = window_of(day, slot)
    seats = seats_label(day, slot, free_seats(slot))
    is_open = window is Window.OPEN
    return SessionView(
        slot=slot,
        when=span(slot.starts_at, slot.ends_at),
        place=slot.place or day.place,
        seats=_("Cancelled") if slot.state == "cancelled" else seats,
        quotas=quotas,
        register_url=tenant_url("plugin_open_day_registration.form", day_id=day.id, slot_id=slot.id)
        if is_open
        else "",
        why_not="" if is_open else window_label(day, window),
    )


def _results(session: Session, day: OpenDay) -> dict[str, str] | None:
    """The published text about the day, once the public may read it."""
    if day.publication_id is None:
        return None
    found = session.get(Publication, day.publication_id)
    if found is None or found.state != "published":
        return None
    return {"title": found.title, "url": tenant_url("publishing.show", id=found.id)}


blueprint = PluginBlueprint(MANIFEST, __name__)


@blueprint.get("/<code>/open-days/")
@public_page
def index() -> str:
    """What is coming, and what there was."""
    page = max(1, request.args.get("page", 1, type=int))
    gone, total = past(session(), page)
    coming = upcoming(session()) if page == 1 else []
    return render_template(
        "open_day/index.html",
        coming=listed_rows(coming),
        gone=listed_rows(gone),
        page=page,
        pages=max(1, -(-total // ON_A_PAGE)),
        total=total,
    )


@blueprint.get("/<code>/open-days/<int:day_id>/")
@public_page
def show(day_id: int) -> str:
    """One open day: what, when, where, who may come, how many places are left."""
    day = _day(day_id)
    return render_template("open_day/show.html", day=day, page=page_of(session(), day))


@blueprint.get("/<code>/open-days/<int:day_id>/draw/")
@public_page
def draw(day_id: int) -> str:
    """The record of a day's draws, with all that is needed to repeat them."""
    day = _day(day_id)
    if day.mode != "lottery":
        abort(404)
    return render_template("open_day/draw.html", day=day, draws=draw_records(session(), day))


@blueprint.get("/<code>/open-days/<int:day_id>/calendar.ics")
@public_page
def calendar(day_id: int) -> Response:
    """The day's slots, or one of them (`?slot=`), for the visitor's own calendar."""
    day = _day(day_id)
    chosen = request.args.get("slot", type=int)
    slots = [slot for slot in day.slots if chosen in {None, slot.id}]
    if not slots:
        abort(404)
    tenant = current_tenant()
    return calendar_of(day.title, ((tenant, day, slot, _address(tenant, day)) for slot in slots))


@blueprint.get("/<code>/open-days/calendar.ics")
@public_page
def feed() -> Response:
    """Everything that is coming, to subscribe to."""
    tenant = current_tenant()
    entries = [
        (found.tenant, found.day, slot, _address(found.tenant, found.day))
        for found in upcoming(session())
        for slot in found.day.slots
    ]
    return calendar_of(_("Open days of %(place)s", place=tenant.name), entries)


def _day(day_id: int) -> OpenDay:
    day = find_day(session(), current_tenant(), day_id)
    if day is None:
        abort(404)
    return day


def _address(tenant: Tenant, day: OpenDay) -> Any:
    return tenant_url("plugin_open_day.show", tenant, day_id=day.id, _external=True)
