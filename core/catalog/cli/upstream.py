"""`gongkai catalog changes|decide|impact`: what flows down, and what must be decided."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.acting import acting_as, as_option, get_tenant_by_code, tenant_option
from core.catalog.cli.editing import field_name
from core.catalog.cli.options import answer_revision, read_json
from core.catalog.comparison import preview_impact
from core.catalog.domain.changes import Change
from core.catalog.domain.naming import to_one_line
from core.catalog.editing.changes import (
    build_definitions,
    build_domain_withdrawal,
    build_locks,
    build_refinements,
    build_withdrawal,
)
from core.catalog.editing.review import approve_revision, submit_revision
from core.catalog.editing.upstream_decisions import (
    UpstreamDecision,
    build_decision,
    get_upstream_change,
    list_waiting_decisions,
)
from core.catalog.serialization import (
    Document,
    to_impact_document,
    to_revision_document,
    to_upstream_document,
)
from core.command import command_errors, json_option, print_result
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import Invalid


@click.command()
@tenant_option
@json_option
@command_errors
def changes(code: str, *, as_json: bool) -> None:
    """List refinements of a tenant that the layers above have overtaken."""
    tenant = get_tenant_by_code(code)
    with open_session(Scope.own(tenant)) as session:
        document = to_upstream_document(list_waiting_decisions(session, tenant))
    print_result(document, as_json=as_json, text=lambda: _waiting_lines(document))


@click.command()
@tenant_option
@click.argument("change", metavar="CHANGE")
@click.argument("decided", type=click.Choice([choice.value for choice in UpstreamDecision]))
@as_option
@json_option
@command_errors
def decide(code: str, change: str, decided: str, username: str | None, *, as_json: bool) -> None:
    """Take the value from above (accept), or keep the tenant's own (keep).

    The operator's decision is in force at once, a person's waits for a second person.
    """
    actor, tenant = acting_as(username), get_tenant_by_code(code)
    with open_session(Scope.own(tenant)) as session:
        waiting = get_upstream_change(session, tenant, change)
        changes = build_decision(waiting, UpstreamDecision(decided))
        revision = submit_revision(session, actor, tenant, changes)
        if actor.operator:
            revision = approve_revision(session, actor, revision.id)
        document = to_revision_document(revision)
    answer_revision(document, as_json=as_json)


@click.command()
@tenant_option
@click.argument("file", metavar="CHANGESET.json", type=click.Path(path_type=Path))
@json_option
@command_errors
def impact(code: str, file: Path, *, as_json: bool) -> None:
    """Preview what a set of changes would do to a tenant and below; stores nothing.

    The file holds {"changes": [{"op": "refine", "item_id": …, "field": …, "value": …}, …]}; the
    other operations are define (fields of the item), withdraw, lock and withdraw_domain.
    """
    data = read_json(file)
    documents = data.get("changes") if isinstance(data, dict) else data
    if not isinstance(documents, list) or not all(isinstance(change, dict) for change in documents):
        message = _("%(file)s holds no list of changes.", file=str(file))
        raise Invalid(message, where=str(file))
    tenant = get_tenant_by_code(code)
    with open_session(Scope.subtree(tenant, "catalog impact preview")) as session:
        changes = build_changes(session, tenant, documents)
        document = to_impact_document(preview_impact(session, tenant, changes))
    print_result(document, as_json=as_json, text=lambda: _impact_lines(document))


def build_changes(
    session: Session, tenant: Tenant, documents: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """Build changes of a tenant's layer from JSON objects; raises `Invalid` if malformed."""
    # All definitions go in one call, so that each gets an id of its own.
    items = [
        {key: value for key, value in document.items() if key != "op"}
        for document in documents
        if document.get("op") == "define"
    ]
    changes = build_definitions(session, tenant, items) if items else []
    for document in documents:
        if document.get("op") != "define":
            changes += _build_change(session, tenant, document)
    return changes


def _build_change(session: Session, tenant: Tenant, document: Mapping[str, Any]) -> list[Change]:
    item, name = str(document.get("item_id") or ""), str(document.get("field") or "")
    kinds = _read_kinds(document)
    match document.get("op"):
        case "refine":
            return build_refinements(
                session, tenant, item, {name: document.get("value")}, kinds=kinds
            )
        case "lock":
            return build_locks(session, tenant, item, [field_name(name)], kinds=kinds)
        case "withdraw":
            return build_withdrawal(session, tenant, item, kinds=kinds)
        case "withdraw_domain":
            domain = str(document.get("domain") or "")
            return build_domain_withdrawal(session, tenant, domain, kinds=kinds)
    message = _("There is no operation %(op)s.", op=str(document.get("op")))
    raise Invalid({"op": message})


def _read_kinds(document: Mapping[str, Any]) -> list[str]:
    kinds = document.get("kinds") or []
    if not isinstance(kinds, list):
        raise Invalid({"kinds": _("Kinds of tenants stand in a list.")})
    return [str(kind) for kind in kinds]


def _waiting_lines(document: Document) -> str:
    return "\n".join(
        f"{change['id']}: {to_one_line(change['base'])} → {to_one_line(change['upstream'])}"
        f" | {to_one_line(change['local'])}"
        for change in document["changes"]
    )


def _impact_lines(document: Document) -> str:
    lines = [", ".join(document["affected_tenants"])]
    lines += [
        f"{flow['item_id']} {flow['field'] or ''}: {to_one_line(flow['before'])}"
        f" → {to_one_line(flow['after'])} ({len(flow['tenants'])})"
        for flow in document["flows_through"]
    ]
    lines += [
        f"! {conflict['tenant']} {conflict['item_id']} {conflict['field'] or ''}"
        for conflict in document["conflicts"]
    ]
    return "\n".join(lines)
