"""`gongkai catalog read|import|export`: read, store and write official tables."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import click
from flask_babel import gettext as _

from core.accounts.acting import get_tenant_by_code, tenant_option
from core.catalog.cli.files import language, read_file, to_parsed_tables
from core.catalog.cli.options import (
    ChangeRequest,
    at_option,
    changing,
    chosen_items,
    parse_day,
)
from core.catalog.domain.matching import RowOutcome
from core.catalog.effective import effective_catalog
from core.catalog.records import needs_second_person
from core.catalog.serialization import Document
from core.catalog.uploads.corrections import RowKey
from core.catalog.uploads.planning import NEW_ITEM, ImportPlan, PlannedRow, plan_import
from core.command import command_errors, json_option, print_result
from core.db.scope import Scope, open_session
from core.errors import Invalid
from core.tables.model import ReadResult

FORMATS = ("xlsx", "docx", "html", "csv", "json")
FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@FILE
@json_option
@command_errors
def read(file: Path, *, as_json: bool) -> None:
    """Read an official table in FILE and show what was understood; stores nothing."""
    document = read_file(file).to_json(language())
    print_result(document, as_json=as_json, text=lambda: _report(document))


@click.command("import")
@FILE
@click.option("--domain", help="Name or key of the domain, where FILE does not name it.")
@click.option("--reason", help="Why; needed where the table refines what is inherited.")
@click.option(
    "--match",
    "answers",
    multiple=True,
    metavar="CATALOG.ROW=ITEM",
    help=f"Answer to a proposal: the row is this item, or `{NEW_ITEM}`.",
)
@click.option("--preview", is_flag=True, help="Say for each row what would be done; store nothing.")
@changing
def import_table(
    request: ChangeRequest,
    file: Path,
    domain: str | None,
    answers: tuple[str, ...],
    *,
    preview: bool,
) -> None:
    """Store the official table in FILE as the tenant's layer."""
    parsed = read_file(file)
    confirmed = parse_answers(answers)
    tenant = get_tenant_by_code(request.code)
    with open_session(Scope.own(tenant)) as session:
        plan = plan_import(
            session,
            tenant,
            to_parsed_tables(parsed),
            not_applicable=[(entry.domain, entry.reason) for entry in parsed.not_applicable],
            domain=domain,
            confirmed=confirmed,
        )
        document = _counts(plan, parsed)
        if preview:
            document |= {"state": "preview", "rows": [_planned(row) for row in plan.rows]}
        elif not plan.changes:
            document |= {"state": "unchanged", "change": None}
        else:
            _require_reason(request, plan)
            document |= _without_changes(request.store(session, tenant, plan.changes))
    print_result(document, as_json=request.as_json, text=lambda: _stored(document))


@click.command()
@tenant_option
@click.option("--format", "kind", type=click.Choice(FORMATS), required=True)
@click.option("-o", "--output", "file", required=True, type=click.Path(path_type=Path))
@click.option("--domain", help="Only this domain (name or key).")
@click.option("--all-levels", is_flag=True, help="Items of every level, not the tenant's only.")
@at_option
@json_option
@command_errors
def export(  # noqa: PLR0913 - one parameter per option
    *,
    code: str,
    kind: Literal["xlsx", "docx", "html", "csv", "json"],
    file: Path,
    domain: str | None,
    at: datetime | None,
    all_levels: bool,
    as_json: bool,
) -> None:
    """Write a tenant's effective catalog as the official table."""
    # The libraries behind the writer are heavy; most commands do without them.
    from core.catalog.exporting import build_tables
    from core.tables.writing.write import write_table

    tenant = get_tenant_by_code(code)
    with open_session(Scope.own(tenant)) as session:
        catalog = effective_catalog(session, tenant, at=parse_day(at)).catalog
    items = chosen_items(catalog, None if all_levels else tenant.level, domain)
    if not items:
        raise Invalid(_("There is nothing to write: the catalog has no items."), where=code)
    write_file(file, write_table(build_tables(catalog, items), kind))
    document = {"tenant": code, "format": kind, "file": str(file), "items": len(items)}
    print_result(document, as_json=as_json, text=f"{file}: {len(items)}")


def write_file(path: Path, data: bytes) -> None:
    """Write a file; raises `Invalid` naming it if that fails."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Invalid(f"{path}: {error.strerror}", where=str(path)) from error


def parse_answers(answers: Sequence[str]) -> dict[RowKey, str]:
    """Parse `CATALOG.ROW=ITEM` texts into answers to proposals, by catalog and row from 0."""
    confirmed = {}
    for answer in answers:
        place, _sign, item_id = answer.partition("=")
        catalog, _point, row = place.partition(".")
        if not (catalog.isdecimal() and row.isdecimal() and item_id):
            raise click.BadParameter(f"{answer}: CATALOG.ROW=ITEM", param_hint="--match")
        confirmed[int(catalog), int(row)] = item_id
    return confirmed


def _require_reason(request: ChangeRequest, plan: ImportPlan) -> None:
    unexplained = [change for change in plan.changes if not change.reason]
    if not request.reason and needs_second_person(unexplained):
        count = plan.count(RowOutcome.REFINED)
        raise click.UsageError(f"--reason is needed: {count} rows refine what is inherited.")


def _counts(plan: ImportPlan, parsed: ReadResult) -> Document:
    findings = [finding.to_json(language()) for finding in parsed.findings]
    return {
        "defined": plan.count(RowOutcome.DEFINED),
        "refined": plan.count(RowOutcome.REFINED),
        "unchanged": plan.count(RowOutcome.UNCHANGED),
        "proposed": plan.count(RowOutcome.PROPOSED),
        "findings": findings + [asdict(finding) for finding in plan.findings],
    }


def _planned(row: PlannedRow) -> Document:
    match = row.match
    return {
        "catalog": row.catalog,
        "row": match.row,
        "outcome": match.outcome.value,
        "item_id": match.item_id,
        "differences": [asdict(difference) for difference in match.differences],
        "candidates": list(match.candidates),
    }


def _without_changes(revision: Document) -> Document:
    """Drop the changes of a revision document: there may be thousands."""
    return {name: value for name, value in revision.items() if name != "changes"}


def _report(document: dict[str, Any]) -> str:
    lines = []
    for catalog in document["catalogs"]:
        lines.append(f"{catalog['title'] or '?'} [{catalog['domain'] or '?'}]")
        for row in catalog["rows"]:
            names = (row["level1"], row["level2"], row["level3"])
            lines.append(f"  {row['seq'] or '-':>6}  {' / '.join(name for name in names if name)}")
    return "\n".join(lines + _finding_lines(document))


def _stored(document: Document) -> str:
    counts = ("defined", "refined", "unchanged", "proposed")
    lines = [
        "  ".join([document["state"], *(f"{name} {document[name]}" for name in counts)]),
        *_finding_lines(document),
    ]
    if document["state"] == "in_review":
        lines.append(f"gongkai catalog approve {document['change']}")
    return "\n".join(lines)


def _finding_lines(document: Document) -> list[str]:
    return [
        f"{finding['severity']}: {finding['catalog']}.{finding['row']}"
        f" {finding['field'] or ''} {finding['message']}"
        for finding in document["findings"]
    ]
