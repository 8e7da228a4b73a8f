"""`gongkai catalog …`: show, approve, compare; the group that all catalog commands belong to."""

from datetime import datetime

import click

from core.accounts.acting import acting_as, as_option, get_tenant_by_code, tenant_option
from core.catalog.cli.editing import define, lock, refine, withdraw
from core.catalog.cli.options import (
    answer_revision,
    at_option,
    change_number,
    chosen_items,
    parse_day,
)
from core.catalog.cli.tables import export, import_table, read
from core.catalog.cli.upstream import changes, decide, impact
from core.catalog.comparison import list_drift
from core.catalog.domain.changes import NAME_FIELDS
from core.catalog.domain.naming import to_one_line
from core.catalog.editing.changes import get_item
from core.catalog.editing.review import approve_revision, get_revision
from core.catalog.effective import effective_catalog
from core.catalog.serialization import (
    Document,
    to_catalog_document,
    to_drift_document,
    to_revision_document,
)
from core.command import command_errors, json_option, print_result
from core.db.scope import Scope, open_session


@click.group(help="Standard catalogs: layers, what they change, and what a tenant has of them.")
def catalog() -> None:
    """Group the catalog commands."""


EDITING = (refine, lock, withdraw, define)
UPSTREAM = (changes, decide, impact)
TABLES = (read, import_table, export)
for command in (*TABLES, *EDITING, *UPSTREAM):
    catalog.add_command(command)


@catalog.command()
@tenant_option
@at_option
@click.option("--domain", help="Only this domain (name or key).")
@click.option("--item", "item_id", metavar="ID", help="Only this item, whatever its levels.")
@click.option("--all-levels", is_flag=True, help="Items of every level, not the tenant's only.")
@json_option
@command_errors
def show(  # noqa: PLR0913 - one parameter per option
    code: str,
    at: datetime | None,
    domain: str | None,
    item_id: str | None,
    *,
    all_levels: bool,
    as_json: bool,
) -> None:
    """Show the effective catalog of a tenant."""
    tenant = get_tenant_by_code(code)
    with open_session(Scope.own(tenant)) as session:
        shown = effective_catalog(session, tenant, at=parse_day(at))
    one = item_id is not None
    items = chosen_items(shown.catalog, None if all_levels or one else tenant.level, domain)
    if item_id is not None:
        wanted = get_item(shown.catalog, item_id)
        items = [item for item in items if item is wanted]
    document = to_catalog_document(shown, items)
    print_result(document, as_json=as_json, text=lambda: _listing(document))


@catalog.command()
@click.argument("change", metavar="CHANGE")
@as_option
@json_option
@command_errors
def approve(change: str, username: str | None, *, as_json: bool) -> None:
    """Put CHANGE, which is in review, into force."""
    actor = acting_as(username)
    number = change_number(change)
    with open_session(Scope.platform("catalog approve: whose change it is")) as session:
        tenant = get_revision(session, number).tenant
    with open_session(Scope.own(tenant)) as session:
        revision = approve_revision(session, actor, number)
        document = to_revision_document(revision)
    answer_revision(document, as_json=as_json)


@catalog.command()
@click.option("--under", "code", required=True, metavar="CODE")
@at_option
@json_option
@command_errors
def drift(code: str, at: datetime | None, *, as_json: bool) -> None:
    """Show where the same item differs between CODE and those below it."""
    tenant = get_tenant_by_code(code)
    with open_session(Scope.subtree(tenant, "catalog drift report")) as session:
        document = to_drift_document(list_drift(session, tenant, at=parse_day(at)))
    print_result(document, as_json=as_json, text=lambda: _drift_listing(document))


def _listing(document: Document) -> str:
    lines = [f"{document['tenant']} {document['at']} {document['version']}"]
    lines += [
        f"{item['item_id']:<28} {item['domain_name']} · "
        + " / ".join(item[name] for name in NAME_FIELDS if item[name])
        for item in document["items"]
    ]
    lines += [f"! {conflict['message']}" for conflict in document["conflicts"]]
    return "\n".join(lines)


def _drift_listing(document: Document) -> str:
    lines = []
    for item in document["items"]:
        lines.append(f"{item['item_id']} {item['name']}")
        for difference in item["differences"]:
            for value in difference["values"]:
                origin, tenants = value["origin"], len(value["tenants"])
                lines.append(
                    f"  {difference['field']}: {to_one_line(value['value'])}"
                    f" ({origin['tenant']}, {tenants}; {origin['reason'] or ''})"
                )
        lines += [
            f"  - {', '.join(absence['tenants'])}: {absence['origin']['reason'] or ''}"
            for absence in item["withdrawn"]
        ]
    return "\n".join(lines)
