"""Public pages of open days: the list, one day, its draw, calendar files."""

from typing import Any

from flask import Response, abort, render_template, request

from core.sdk import PluginBlueprint, Tenant, current_tenant, public_page, session, tenant_url
from plugins.open_day.calendars import calendar_of
from plugins.open_day.day_page import page_of
from plugins.open_day.draws import draw_records
from plugins.open_day.manifest import MANIFEST
from plugins.open_day.models import OpenDay
from plugins.open_day.queries import ON_A_PAGE, find_day, past, upcoming
from plugins.open_day.rows import listed_rows
from plugins.open_day.words import _

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
