"""`gongkai tenant …`: the tree of divisions."""

from pathlib import Path
from typing import Any

import click

from core.command import command_errors, json_option, print_note, print_result, read_input
from core.db.scope import open_session
from core.tenancy.divisions import read_divisions
from core.tenancy.domain import Level
from core.tenancy.importing import import_divisions
from core.tenancy.models import Tenant
from core.tenancy.service import get_tenant, list_tenants

PORTAL_LEVELS = [Level.COUNTY.value, Level.TOWNSHIP.value, Level.VILLAGE.value]


@click.group()
def tenant() -> None:
    """Tenants: counties, townships, villages."""


@tenant.command("import-divisions")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--root", required=True, metavar="CODE", help="Below this, or all (CN).")
@json_option
@command_errors
def import_divisions_command(file: Path, root: str, *, as_json: bool) -> None:
    """Make tenants from a division table (code,name,level,parent_code)."""
    rows = read_divisions(read_input(file), file.name)
    with open_session(None) as session:
        counts = import_divisions(session, rows, root, file.name)
    for warning in counts.warnings:
        print_note(warning)
    body = {
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "warnings": counts.warnings,
    }
    print_result(
        body, as_json=as_json, text=f"+{counts.created} ~{counts.updated} ={counts.unchanged}"
    )


@tenant.command("list")
@click.option("--under", metavar="CODE", help="This tenant and all below it.")
@click.option("--level", type=click.Choice(PORTAL_LEVELS))
@json_option
@command_errors
def list_command(under: str | None, level: str | None, *, as_json: bool) -> None:
    """List tenants."""
    with open_session(None) as session:
        top = get_tenant(session, under) if under else None
        tenants = list_tenants(session, under=top, level=level)
        codes = {t.id: t.division_code for t in [*tenants, *_parents(session, tenants)]}
    rows = [_row(t, codes.get(t.parent_id or 0)) for t in tenants]
    print_result(
        {"tenants": rows},
        as_json=as_json,
        text=lambda: "\n".join(f"{r['code']:<12} {r['level']:<8} {r['name']}" for r in rows),
    )


def _parents(session: Any, tenants: list[Tenant]) -> list[Tenant]:
    found = (session.get(Tenant, t.parent_id) for t in tenants if t.parent_id)
    return [parent for parent in found if parent]


def _row(row: Tenant, parent_code: str | None) -> dict[str, str | None]:
    return {
        "code": row.division_code,
        "name": row.name,
        "level": row.level,
        "kind": row.kind,
        "parent_code": parent_code,
        "status": row.status,
    }
