"""Staff pages of nominations by units: who may name how many, their links, whom they have named."""

from typing import Any

from flask import flash, redirect, render_template, request
from sqlalchemy import select

from core.sdk import (
    Invalid,
    NotFound,
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

from ..domain.participant_lists import ListOutcome
from ..events.program import slot_of
from ..events.queries import get_day
from ..forms import FormReader
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.followup import Nomination
from ..models.registration import OpenDay
from ..registrations.bulk import enter_people, may_nominate, nominations_of, rows_wrong
from ..registrations.nominations import make_link, withdraw_link
from .entry import category_options, read_list, read_slot, slot_options

blueprint = PluginBlueprint(MANIFEST, __name__, part="nominations")
HERE = "plugin_open_day_nominations"


@blueprint.get("/<code>/console/open-days/<int:id>/nominations/")
@staff_page(MANAGE)
def nominations(id: int) -> str:  # noqa: A002 - the name that addresses use
    """Units that may nominate people, and whom they have named."""
    return _page(get_day(session(), current_tenant(), id), {}, {}, None)


@blueprint.post("/<code>/console/open-days/<int:id>/nominations/")
@staff_page(MANAGE)
def add_nominations(id: int) -> Any:  # noqa: A002 - the name that addresses use
    """Let units nominate: one on each line, with how many people."""
    day = get_day(session(), current_tenant(), id)
    read = FormReader(request.form, zone())
    due = read.day("due_on")
    try:
        slot = read_slot(day, request.form.get("slot", ""))
        units = read_units(read.raw("units"))
    except Invalid as error:
        read.errors |= error.fields
    if read.errors:
        return _page(day, request.form, read.errors, None), 422
    present = {one.unit for one, _named in nominations_of(session(), day) if one.slot_id == slot.id}
    for unit, quota in units:
        if unit not in present:
            session().add(
                Nomination(
                    tenant_id=day.tenant_id, open_day_id=day.id, slot_id=slot.id,
                    unit=unit, quota=quota, due_on=due,
                )
            )  # fmt: skip
            present.add(unit)
    record(session(), current_actor(), current_tenant(), "open_day.nominations", str(id))
    return redirect(tenant_url(f"{HERE}.nominations", id=id))


def read_units(text: str) -> list[tuple[str, int]]:
    """Units with their numbers, one on each line: 县水务局 3."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        unit, _blank, number = " ".join(line.replace("，", " ").split()).rpartition(" ")
        number = number.removesuffix("人")
        if not unit or not number.isdecimal() or not 1 <= int(number[:4]) <= 500 or len(unit) > 100:
            raise Invalid(
                {"units": _("Write each line like this: Water bureau 3. Wrong: %(line)s",
                            line=line.strip()[:60])}
            )  # fmt: skip
        found.append((unit, int(number)))
    if not found:
        raise Invalid({"units": _("Enter at least one unit.")})
    return found


@blueprint.post("/<code>/console/open-days/<int:id>/nominations/<int:number>/")
@staff_page(MANAGE)
def name_people(id: int, number: int) -> Any:  # noqa: A002 - the name that addresses use
    """Enter the people that a unit has named, or strike the unit out."""
    day = get_day(session(), current_tenant(), id)
    nomination = _nomination(day, number)
    if request.form.get("act") == "remove":
        session().delete(nomination)
        return redirect(tenant_url(f"{HERE}.nominations", id=id))
    try:
        read = read_list()
        may_nominate(session(), nomination, read.people)
        outcome = enter_people(
            session(), current_actor(), current_tenant(), slot_of(day, nomination.slot_id),
            read.people, source="nomination", unit=nomination.unit,
            category=request.form.get("category", ""),
        )  # fmt: skip
    except Invalid as error:
        wrong = {f"names-{number}": error.message}
        return _page(day, request.form, wrong, None), 422
    outcome.faults = read.faults
    return _page(get_day(session(), current_tenant(), id), {}, {}, outcome)


def _nomination(day: OpenDay, number: int) -> Nomination:
    query = select(Nomination).where(Nomination.id == number, Nomination.open_day_id == day.id)
    found = session().scalar(query)
    if found is None:
        raise NotFound(_("This is not part of the open day."))
    return found


@blueprint.post("/<code>/console/open-days/<int:id>/nominations/<int:number>/link/")
@staff_page(MANAGE)
def link(id: int, number: int) -> Any:  # noqa: A002 - the name that addresses use
    """Make the unit's link, shown this once, or withdraw it."""
    tenant, actor = current_tenant(), current_actor()
    day = get_day(session(), tenant, id)
    nomination = _nomination(day, number)
    if request.form.get("act") == "withdraw":
        withdraw_link(session(), actor, tenant, nomination)
        flash(_("The link leads nowhere any more."), "success")
        return redirect(tenant_url(f"{HERE}.nominations", id=id))
    token = make_link(session(), actor, tenant, nomination, slot_of(day, nomination.slot_id))
    address = tenant_url("plugin_open_day_units.names", token=token, _external=True)
    return _page(day, {}, {}, None, (number, address))


def _page(
    day: OpenDay,
    typed: Any,
    errors: dict[str, str],
    outcome: ListOutcome | None,
    fresh: tuple[int, str] | None = None,
) -> str:
    """The page; `fresh` is a link that was just made and is shown this once."""
    return render_template(
        "open_day/console/nominations.html",
        day=day,
        typed=typed,
        errors=errors,
        fresh=fresh,
        zone=zone(),
        now=utc_now(),
        outcome=outcome,
        wrong=rows_wrong(outcome) if outcome else [],
        nominations=nominations_of(session(), day),
        slot_names={slot.id: slot.name for slot in day.slots},
        slots=slot_options(day),
        categories=category_options(day),
    )
