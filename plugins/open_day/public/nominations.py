"""The page behind a unit's link: whom it may name for an open day, and whom it has named."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from core.sdk import (
    Conflict,
    PluginBlueprint,
    current_tenant,
    public_form,
    public_page,
    session,
    tenant_url,
)

from ..domain.identifiers import masked_name, masked_phone
from ..domain.participant_lists import ListOutcome, pasted_rows, read_people
from ..domain.states import RegistrationState
from ..i18n import _
from ..labels import STATES
from ..manifest import MANIFEST
from ..models.followup import Nomination
from ..models.registration import EventSession
from ..registrations.bulk import rows_wrong
from ..registrations.nominations import (
    WITHDRAWABLE,
    find_link,
    is_open,
    name_people,
    named_by,
    places_left,
    withdraw_nominee,
)
from .access import count_attempt, too_many
from .events import paragraphs
from .labels import span

blueprint = PluginBlueprint(MANIFEST, __name__, part="units")
HERE = "plugin_open_day_units"
ADDRESS = "/<code>/open-days/units/<token>/"
LONGEST_LIST = 20_000


@blueprint.get(ADDRESS)
@public_page
def names(token: str) -> str:
    """Whom the unit may name, and whom it has named, masked."""
    return _page(token, {}, {}, None)


@blueprint.post(ADDRESS)
@public_form
def send(token: str) -> Any:
    """Register those whom the unit names; say row by row what was wrong."""
    nomination = _nomination(token)
    address = request.remote_addr or ""
    if too_many(session(), current_tenant(), "nominate", address):
        sorry = _("Very many lists come from your network. Try again in ten minutes.")
        return _page(token, request.form, {"names": sorry}, None), 429
    read = read_people(pasted_rows(request.form.get("names", "")[:LONGEST_LIST]))
    faults = _faults(read)
    if faults:
        return _page(token, request.form, faults, None), 422
    count_attempt(session(), current_tenant(), "nominate", address)
    outcome = name_people(session(), nomination, read.people)
    outcome.faults = read.faults
    return _page(token, {"names": _left_over(outcome)}, {}, outcome)


@blueprint.post(f"{ADDRESS}take-back/")
@public_form
def withdraw(token: str) -> Response:
    """Withdraw somebody whom the unit has named."""
    number = request.form.get("number", default=0, type=int)
    try:
        withdraw_nominee(session(), _nomination(token), number)
        flash(_("Withdrawn."), "success")
    except Conflict as error:
        session().rollback()
        flash(error.message, "error")
    return redirect(tenant_url(f"{HERE}.names", token=token), 303)


def _faults(read: ListOutcome) -> dict[str, str]:
    faults = {}
    if not read.people and not read.faults:
        faults["names"] = _("Enter at least one person.")
    if "agreed" not in request.form:
        faults["agreed"] = _("Confirm that those whom you name have agreed.")
    return faults


def _left_over(outcome: ListOutcome) -> str:
    """Rows that were not taken, to be mended where they stand."""
    refused = [f"{person.name} {person.phone}" for person, _why in outcome.refused]
    return "\n".join([*(row.text for row in outcome.faults), *refused])


def _nomination(token: str) -> Nomination:
    found = find_link(session(), current_tenant(), token)
    if found is None:
        abort(404)
    return found


def _page(
    token: str, typed: Mapping[str, str], errors: Mapping[str, str], outcome: ListOutcome | None
) -> str:
    nomination = _nomination(token)
    slot = session().get_one(EventSession, nomination.slot_id)
    return render_template(
        "open_day/nominate.html",
        nomination=nomination,
        token=token,
        day=slot.day,
        slot=slot,
        when=span(slot.starts_at, slot.ends_at),
        open=is_open(nomination, slot.day, slot),
        left=places_left(session(), nomination),
        named=[
            (
                one,
                masked_name(one.name),
                masked_phone(one.phone),
                STATES[RegistrationState(one.state)],
            )
            for one in named_by(session(), nomination)
        ],
        withdrawable=WITHDRAWABLE,
        consent=paragraphs(slot.day.consent_text),
        typed=typed,
        errors=errors,
        outcome=outcome,
        wrong=rows_wrong(outcome) if outcome else [],
    )
