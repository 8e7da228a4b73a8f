"""`gongkai retention …`: what is kept of people, what goes when, and erasing one person's data."""

import click
from flask_babel import gettext as _
from flask_babel import ngettext

from core.command import command_errors, json_option, print_result
from core.db.scope import Scope, open_session
from core.errors import Invalid
from core.identifiers import parse_phone
from core.permissions import OPERATOR
from core.retention.fields import list_personal_fields
from core.retention.forecast import RetentionForecast, list_forecasts
from core.retention.person import PersonRows, erase_person, find_person
from core.retention.service import erase_due
from core.tenancy.service import get_tenant


@click.group()
def retention() -> None:
    """Personal data: how long it is kept, and erasing it."""


@retention.command()
@json_option
@command_errors
def fields(*, as_json: bool) -> None:
    """List every declared field: what it is, why it is kept and how long."""
    rows = [
        {
            "feature": feature,
            "field": str(field),
            "what": str(field.what),
            "basis": str(field.basis),
            "kept": str(field.kept),
            "action": field.action.value,
        }
        for feature, field in list_personal_fields()
    ]
    lines = [f"{row['field']}: {row['what']}; {row['basis']}; {row['kept']}" for row in rows]
    print_result({"fields": rows}, as_json=as_json, text="\n".join(lines))


@retention.command()
@click.option("--tenant", "code", metavar="CODE", help="One place; all without it.")
@json_option
@command_errors
def preview(code: str | None, *, as_json: bool) -> None:
    """Show what would be erased until when; erases nothing."""
    places = None
    if code is not None:
        with open_session(None) as session:
            places = [get_tenant(session, code)]
    found = list(list_forecasts(places))
    body = {"due": [_to_document(forecast) for forecast in found]}
    print_result(body, as_json=as_json, text="\n".join(map(_to_line, found)))


@retention.command()
@json_option
@command_errors
def run(*, as_json: bool) -> None:
    """Erase what is due now, as the worker does every night."""
    erased = [
        {
            "tenant": each.tenant.division_code,
            "table": each.group.fields[0].table,
            "rows": each.rows,
        }
        for each in erase_due()
    ]
    text = "\n".join(f"{each['tenant']} {each['table']}: {each['rows']}" for each in erased)
    print_result({"erased": erased}, as_json=as_json, text=text)


@retention.command("erase-person")
@click.option("--tenant", "code", required=True, metavar="CODE", help="Here and below.")
@click.option("--phone", required=True, help="Of the person who asks.")
@click.option("--reason", default="", help="Kept on record.")
@click.option("--dry-run", is_flag=True, help="Only say what there is.")
@json_option
@command_errors
def erase_person_command(
    code: str, phone: str, reason: str, *, dry_run: bool, as_json: bool
) -> None:
    """Erase what all features keep of one person."""
    identifier = parse_phone(phone)
    if identifier is None:
        raise Invalid({"phone": _("This is no phone number.")})
    with open_session(None) as session:
        tenant = get_tenant(session, code)
    with open_session(Scope.subtree(tenant, "erasure of one person")) as session:
        if dry_run:
            found = find_person(session, identifier)
        else:
            found = erase_person(session, tenant, OPERATOR, identifier, reason=reason)
    rows = {each.table: len(each.rows) for each in found}
    print_result({"rows": rows, "dry_run": dry_run}, as_json=as_json, text=_summary(found))


def _summary(found: list[PersonRows]) -> str:
    number = sum(len(each.rows) for each in found)
    return str(ngettext("%(num)d row", "%(num)d rows", number))


def _to_document(forecast: RetentionForecast) -> dict[str, object]:
    return {
        "tenant": forecast.tenant.division_code,
        "feature": forecast.group.feature,
        "table": forecast.group.fields[0].table,
        "fields": forecast.group.names,
        "rows": {day.isoformat(): rows for day, rows in forecast.due},
    }


def _to_line(forecast: RetentionForecast) -> str:
    due = ", ".join(f"{day.isoformat()}: {rows}" for day, rows in forecast.due)
    return f"{forecast.tenant.division_code} {forecast.group.fields[0].table}  {due}"
