"""`gongkai catalog refine|lock|withdraw|define`: one change of a tenant's layer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.catalog.cli.options import ChangeRequest, changing, kind_option, read_json, reason_option
from core.catalog.domain.changes import Change, JsonValue
from core.catalog.editing.changes import (
    build_definitions,
    build_domain_withdrawal,
    build_locks,
    build_refinements,
    build_withdrawal,
)
from core.catalog.schemas import parse_value
from core.db.tree import Tenant
from core.errors import Invalid

SET_HELP = "FIELD=VALUE; lists split at `;`, nothing after `=` is unknown."


@click.command()
@click.argument("item")
@click.option("--set", "settings", multiple=True, required=True, help=SET_HELP)
@reason_option
@kind_option
@changing
def refine(
    request: ChangeRequest, item: str, settings: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    """Give fields of ITEM other values here and below."""

    def plan(session: Session, tenant: Tenant) -> list[Change]:
        values = parse_settings(settings)
        return build_refinements(session, tenant, item, values, kinds=kinds)

    request.submit(plan)


@click.command()
@click.argument("item")
@click.option("--field", "fields", multiple=True, help="A field that stays as it is.")
@click.option("--set", "settings", multiple=True, help=SET_HELP)
@reason_option
@kind_option
@changing
def lock(
    request: ChangeRequest,
    item: str,
    fields: tuple[str, ...],
    settings: tuple[str, ...],
    kinds: tuple[str, ...],
) -> None:
    """Forbid those below to refine fields of ITEM; --set gives a value and locks it."""
    if not fields and not settings:
        raise click.UsageError("--field or --set is needed.")

    def plan(session: Session, tenant: Tenant) -> list[Change]:
        values = parse_settings(settings)
        names = dict.fromkeys((*values, *(field_name(name) for name in fields)))
        refined = build_refinements(session, tenant, item, values, kinds=kinds)
        return refined + build_locks(session, tenant, item, names, kinds=kinds)

    request.submit(plan)


@click.command()
@click.argument("item", required=False)
@click.option("--domain", help="Declare a whole domain (name or key) not applicable.")
@reason_option
@kind_option
@changing
def withdraw(
    request: ChangeRequest, item: str | None, domain: str | None, kinds: tuple[str, ...]
) -> None:
    """Take ITEM, or a domain, out of the catalog here and below."""
    if (item is None) == (domain is None):
        raise click.UsageError("Give ITEM or --domain, not both.")

    def plan(session: Session, tenant: Tenant) -> list[Change]:
        if domain is not None:
            return build_domain_withdrawal(session, tenant, domain, kinds=kinds)
        return build_withdrawal(session, tenant, str(item), kinds=kinds)

    request.submit(plan)


@click.command()
@click.option(
    "--from",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    help='JSON: an item, a list of items, or {"domains": […], "items": […]}.',
)
@click.option("--reason", help="Why; shown beside the change.")
@kind_option
@changing
def define(request: ChangeRequest, file: Path, kinds: tuple[str, ...]) -> None:
    """Define items of the tenant's own, from a JSON file."""
    domains, items = read_definitions(file)

    def plan(session: Session, tenant: Tenant) -> list[Change]:
        return build_definitions(session, tenant, items, domains, kinds=kinds)

    request.submit(plan)


def parse_settings(settings: Sequence[str]) -> dict[str, JsonValue]:
    """Parse `FIELD=VALUE` texts into values by field."""
    values = {}
    for setting in settings:
        name, found, text = setting.partition("=")
        if not found:
            raise click.BadParameter(f"{setting}: FIELD=VALUE", param_hint="--set")
        values[name.strip()] = parse_value(name.strip(), text)
    return values


def field_name(name: str) -> str:
    """Return the name of a field; raises `Invalid` for an unknown one."""
    parse_value(name, "")
    return name


def read_definitions(file: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Read domains and items from a JSON file; raises `Invalid` naming the file."""
    data = read_json(file)
    if isinstance(data, dict) and ("items" in data or "domains" in data):
        domains, items = data.get("domains", []), data.get("items", [])
    else:
        domains, items = [], data if isinstance(data, list) else [data]
    groups = (domains, items)
    if not all(isinstance(group, list) for group in groups) or not all(
        isinstance(part, dict) for group in groups for part in group
    ):
        message = _("%(file)s must hold items as JSON objects.", file=str(file))
        raise Invalid(message, where=str(file))
    return domains, items
