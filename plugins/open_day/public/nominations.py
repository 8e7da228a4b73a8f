"""The page behind a unit's link: whom it may name for an open day, and whom it has named."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, PluginBlueprint

from ..i18n import _
from ..labels import STATES
from ..manifest import MANIFEST
from ..models.followup import Nomination
from ..models.registration import EventSession
from ..registrations import nominations as service
from ..registrations.participant_lists import ListOutcome, read_people
from . import access
from .events import paragraphs
from .labels import format_span

blueprint = PluginBlueprint(MANIFEST, __name__, part="units")
ADDRESS = "/<code>/open-days/units/<token>/"
LONGEST_LIST = 20_000


class NamesForm(sdk.Form):
    """The people whom a unit names, one a line, who have agreed.

    A list that is confirmed has in `rows` what was read, in `names` the rows that had faults.
    """

    act = sdk.fields.LineField(20)
    names = sdk.fields.TextField(LONGEST_LIST)
    rows = sdk.fields.TextField(2 * LONGEST_LIST)
    agreed = sdk.fields.ButtonField()


class WithdrawForm(sdk.Form):
    """Which of those named is withdrawn."""

    number = sdk.fields.NumberField(0, 10**9, default=0)


def load_nomination(ctx: Context, token: str) -> Nomination:
    """Load the nomination that the link opens; raises `NotFound`."""
    nomination: Nomination = service.LINKS.load(ctx, token)
    return nomination


@blueprint.get(ADDRESS)
@sdk.public_page(nomination=load_nomination)
def names(ctx: Context, nomination: Nomination, token: str) -> str:
    """Show whom the unit may name, and whom it has named, masked."""
    return _page(ctx, nomination, token, {}, {})


@blueprint.post(ADDRESS)
@sdk.public_form(nomination=load_nomination)
def send(ctx: Context, nomination: Nomination, token: str) -> Any:
    """Show the list as it was read; once confirmed, register those whom the unit names."""
    form = NamesForm.read()
    confirmed = form.values["act"] == "confirm"
    if access.is_exceeded(ctx, "nominate"):
        sorry = _("Very many lists come from your network. Try again in ten minutes.")
        return _page(ctx, nomination, token, form.typed, {"names": sorry}), 429
    read = read_people(sdk.read_pasted_list(form.values["rows" if confirmed else "names"]))
    errors = form.errors
    if not read.people and not read.faults:
        errors.setdefault("names", _("Enter at least one person."))
    if not form.values["agreed"]:
        errors["agreed"] = _("Confirm that those whom you name have agreed.")
    if errors:
        return _page(ctx, nomination, token, form.typed, errors), 422
    if not confirmed:
        preview = read.to_preview() | {"faulty": "\n".join(row.text for row in read.faults)}
        return _page(ctx, nomination, token, form.typed, {}, preview=preview)
    access.hit(ctx, "nominate")
    outcome = service.name_people(ctx.session, nomination, read.people)
    outcome.faults = read.faults
    # Rows that were not taken stay in the field, to be corrected there.
    refused = [f"{person.name} {person.phone}" for person, _why in outcome.refused]
    faulty = [form.values["names"], *(row.text for row in outcome.faults)]
    left = "\n".join(filter(None, [*faulty, *refused]))
    return _page(ctx, nomination, token, {"names": left}, {}, outcome)


@blueprint.post(f"{ADDRESS}take-back/")
@sdk.public_form(nomination=load_nomination)
def withdraw(ctx: Context, nomination: Nomination, token: str) -> Response:
    """Withdraw somebody whom the unit has named."""
    number = WithdrawForm.read().values["number"]
    try:
        with sdk.savepoint(ctx.session):
            service.withdraw_nominee(ctx.session, nomination, number)
        flash(_("Withdrawn."), "success")
    except sdk.Conflict as error:
        flash(error.message, "error")
    return redirect(sdk.tenant_url("plugin_open_day_units.names", token=token), 303)


def _page(  # noqa: PLR0913, PLR0917 - the unit, its link, and what was sent
    ctx: Context,
    nomination: Nomination,
    token: str,
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
    outcome: ListOutcome | None = None,
    preview: Mapping[str, Any] | None = None,
) -> str:
    slot = ctx.session.get_one(EventSession, nomination.slot_id)
    named = service.list_named(ctx.session, nomination)
    return render_template(
        "open_day/nominate.html",
        nomination=nomination,
        token=token,
        day=slot.day,
        slot=slot,
        when=format_span([slot]),
        open=service.is_open(nomination, slot),
        left=service.places_left(ctx.session, nomination),
        named=[(one, sdk.mask_name(one.name), sdk.mask_phone(one.phone)) for one in named],
        states=STATES,
        withdrawable=service.WITHDRAWABLE,
        consent=paragraphs(slot.day.consent_text),
        typed=typed,
        errors=errors,
        outcome=outcome,
        preview=preview,
        wrong=outcome.to_findings() if outcome else [],
    )
