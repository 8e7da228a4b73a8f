"""Public pages of open days: the list, one day, its draw, calendar files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template

from core import sdk
from core.sdk import Context, PluginBlueprint

from ..domain.states import ONLINE, DayState, Window
from ..events import queries
from ..i18n import _
from ..manifest import MANIFEST
from ..models.registration import EventSession, OpenDay
from ..registrations import lottery
from ..registrations.capacity import free_seats
from ..registrations.service import to_window
from . import labels
from .blocks import to_rows
from .ical import build_calendar

blueprint = PluginBlueprint(MANIFEST, __name__)
DAY = "/<code>/open-days/<int:day_id>/"
event_page = sdk.public_page(day=queries.load_public_day)
Pairs = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session with what is left, and the way to register if it is open."""

    slot: EventSession
    when: str
    place: str
    seats: str
    quotas: Sequence[tuple[str, int]]
    register_url: str
    why_not: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """What the page of an open day shows."""

    status: labels.StatusLabel
    pairs: Pairs
    slots: list[SessionView]
    paragraphs: list[str]
    visit: Pairs
    results: dict[str, str] | None
    seed_commitment: str
    drawn: bool
    over: bool


def _build_page(ctx: Context, day: OpenDay) -> EventPage:
    quotas = queries.quotas_left(ctx.session, day)
    status = labels.day_status(day, sum(free_seats(slot) for slot in day.slots))
    visit = _pairs(
        (_("Getting there"), day.transport),
        (_("Parking"), day.parking),
        (_("Accessibility"), day.accessibility),
    )
    by_lot = day.mode == "lottery"
    return EventPage(
        status=status,
        pairs=_facts(ctx, day),
        slots=[_view(day, slot, quotas.get(slot.id, [])) for slot in day.slots],
        paragraphs=paragraphs(day.body),
        visit=[pair for pair in visit if pair["value"]],
        results=_find_results(ctx, day),
        seed_commitment=lottery.seed_commitment(day) if by_lot else "",
        drawn=by_lot and bool(lottery.list_draws(ctx.session, day)),
        over=day.state == DayState.CLOSED or status.text == _("Over"),
    )


def paragraphs(text: str) -> list[str]:
    """Split plain text as it was typed: an empty line divides paragraphs."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip() for block in blocks if block.strip()]


def _pairs(*pairs: tuple[str, object]) -> Pairs:
    return [{"label": label, "value": value} for label, value in pairs]


def _facts(ctx: Context, day: OpenDay) -> Pairs:
    postponed = day.state == DayState.POSTPONED
    whom = _(", ").join(category.label for category in day.categories)
    return _pairs(
        (_("Theme"), day.theme),
        (_("Organiser"), day.organ.name if day.organ else ctx.tenant.name),
        (_("Time"), "" if postponed else labels.format_span(day.slots)),
        (_("Place"), day.place),
        (_("Contact"), " ".join(filter(None, (day.contact, day.phone)))),
        (_("Places"), labels.mode_label(day)),
        (_("Registration"), _registration_time(day)),
        (_("Who may come"), " · ".join(filter(None, (whom, day.eligibility)))),
    )


def _registration_time(day: OpenDay) -> str:
    if day.signup in {"none", "invitation"} or not (day.closes_at or day.mode in ONLINE):
        return ""
    opens, closes = labels.long_time(day.opens_at), labels.long_time(day.closes_at)
    if opens and closes:
        return _("%(first)s to %(last)s", first=opens, last=closes)
    return _("until %(last)s", last=closes) if closes else _("until the session begins")


def _view(day: OpenDay, slot: EventSession, quotas: Sequence[tuple[str, int]]) -> SessionView:
    window = to_window(day, slot)
    is_open, cancelled = window is Window.OPEN, slot.state == "cancelled"
    url = sdk.tenant_url("plugin_open_day_registration.form", day_id=day.id, slot_id=slot.id)
    return SessionView(
        slot=slot,
        when=labels.format_span([slot]),
        place=slot.place or day.place,
        seats=_("Cancelled") if cancelled else labels.seats_label(day, slot),
        quotas=quotas,
        register_url=url if is_open else "",
        why_not="" if is_open else labels.window_label(day, window),
    )


def _find_results(ctx: Context, day: OpenDay) -> dict[str, str] | None:
    """Find the published text about the day, once the public may read it."""
    found = ctx.session.get(sdk.Publication, day.publication_id) if day.publication_id else None
    if found is None or found.state != "published":
        return None
    return {"title": found.title, "url": sdk.tenant_url("publishing.show", id=found.id)}


@blueprint.get("/<code>/open-days/")
@sdk.public_page
def index(ctx: Context) -> str:
    """List what is coming, and what there was."""
    number = sdk.params.page_number()
    gone, total = queries.past(ctx.session, number)
    return render_template(
        "open_day/index.html",
        coming=to_rows(queries.upcoming(ctx.session)) if number == 1 else [],
        gone=to_rows(gone),
        page=number,
        pages=max(1, -(-total // queries.PER_PAGE)),
        total=total,
    )


@blueprint.get(DAY)
@event_page
def show(ctx: Context, day: OpenDay) -> str:
    """Show one open day: what, when, where, who may come, how many places are left."""
    return render_template("open_day/show.html", day=day, page=_build_page(ctx, day))


@blueprint.get(f"{DAY}draw/")
@event_page
def draw(ctx: Context, day: OpenDay) -> str:
    """Show the record of a day's draws, with all that is needed to repeat them."""
    if day.mode != "lottery":
        raise sdk.NotFound
    draws = lottery.draw_records(ctx.session, day)
    return render_template("open_day/draw.html", day=day, draws=draws)


@blueprint.get(f"{DAY}calendar.ics")
@event_page
def calendar(ctx: Context, day: OpenDay) -> Response:
    """Send the day's sessions, or one of them (`?slot=`), for the visitor's own calendar."""
    chosen = sdk.params.number("slot")
    slots = [slot for slot in day.slots if chosen in {0, slot.id}]
    if not slots:
        raise sdk.NotFound
    address = _address(ctx.tenant, day)
    return build_calendar(day.title, ((ctx.tenant, slot, address) for slot in slots))


@blueprint.get("/<code>/open-days/calendar.ics")
@sdk.public_page
def feed(ctx: Context) -> Response:
    """Send everything that is coming, to subscribe to."""
    name = _("Open days of %(place)s", place=ctx.tenant.name)
    entries = [
        (event.tenant, slot, _address(event.tenant, event.day))
        for event in queries.upcoming(ctx.session)
        for slot in event.day.slots
    ]
    return build_calendar(name, entries)


def _address(tenant: Any, day: OpenDay) -> str:
    return sdk.tenant_url("plugin_open_day.show", tenant, day_id=day.id, _external=True)
