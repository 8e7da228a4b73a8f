"""Import a division table (`code,name,level,parent_code`) as tenants; repeatable."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.errors import Invalid, NotFound
from core.tenancy.domain import (
    CODE_LENGTHS,
    NATION_CODE,
    Level,
    code_problem,
    find_kind,
    is_abolished,
    to_level_code,
    to_parent_code,
)
from core.tenancy.models import Tenant
from core.tenancy.service import create_tenant, ensure_nation

COLUMNS = ("code", "name", "level", "parent_code")


@dataclass(frozen=True, slots=True)
class Division:
    """One row of the table; `line` is its line in the file, from 1."""

    line: int
    code: str
    name: str
    level: Level
    parent_code: str
    kind: str


@dataclass(slots=True)
class ImportCounts:
    """What an import did to tenants; layers without a portal are not counted."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    warnings: list[str] = field(default_factory=list)


def read_divisions(data: bytes, filename: str) -> list[Division]:
    """Parse the table; raises `Invalid` that names the file, the line and the column."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            message = _("%(file)s is neither UTF-8 nor GB18030 text.", file=filename)
            raise Invalid(message, where=filename) from error
    try:
        return _rows(text, filename)
    except csv.Error as error:
        message = _("%(file)s is no table: %(why)s", file=filename, why=error)
        raise Invalid(message, where=filename) from error


def _rows(text: str, filename: str) -> list[Division]:
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise Invalid(
            _("%(file)s lacks the columns %(names)s.", file=filename, names=", ".join(missing)),
            where=filename,
        )
    return [
        _division(row, reader.line_num, filename)
        for row in reader
        if any((row.get(name) or "").strip() for name in COLUMNS)  # Excel leaves rows of commas
    ]


def _division(row: dict[str, str | None], line: int, filename: str) -> Division:
    values = {name: (row.get(name) or "").strip() for name in (*COLUMNS, "kind")}
    where = f"{filename}:{line}"
    try:
        level = Level(values["level"])
    except ValueError as error:
        message = _("%(where)s: the level “%(level)s” is unknown.", where=where, **values)
        raise Invalid(message, where=where) from error
    if level not in CODE_LENGTHS or not values["name"]:
        raise Invalid(_("%(where)s: a name and a level are needed.", where=where), where=where)
    values["code"] = to_level_code(values["code"], level)
    values["parent_code"] = to_parent_code(values["parent_code"], level)
    problem = code_problem(values["code"], level, values["parent_code"])
    if problem:
        raise Invalid(
            _(
                "%(where)s: the code “%(code)s” does not fit its level or parent.",
                where=where,
                code=values["code"],
            ),
            where=where,
        )
    kind = values["kind"] or find_kind(level, values["name"])
    return Division(line, values["code"], values["name"], level, values["parent_code"], kind)


def import_divisions(
    session: Session, rows: Sequence[Division], root: str, filename: str
) -> ImportCounts:
    """Make tenants of the division `root` and all below it; of a city, of what is below it.

    The rows above become layers without a portal. A second import changes nothing.
    """
    live = [row for row in rows if not is_abolished(row.name)]
    root = _find_root(live, root)
    chosen, warnings = _choose(live, root, filename)
    warnings += [
        _(
            "%(file)s:%(line)s: %(name)s is marked as abolished and is left out.",
            file=filename,
            line=row.line,
            name=row.name,
        )
        for row in rows
        if row.code.startswith(root) and is_abolished(row.name)
    ]
    known = {tenant.division_code: tenant for tenant in session.scalars(_known(chosen))}
    known[NATION_CODE] = ensure_nation(session)
    counts = ImportCounts(warnings=warnings)
    for row in chosen:
        parent = known.get(row.parent_code)
        if parent is None and len(row.code) > len(root):
            continue  # an orphan, named in the warnings
        parent = parent or known[NATION_CODE]
        tenant = known.get(row.code)
        if tenant is None:
            known[row.code] = create_tenant(
                session, code=row.code, name=row.name, level=row.level, parent=parent, kind=row.kind
            )
            outcome = "created"
        else:
            outcome = _update(tenant, row)
        if known[row.code].has_portal:
            setattr(counts, outcome, getattr(counts, outcome) + 1)
    return counts


def _known(rows: Sequence[Division]) -> Select[Tenant]:
    return select(Tenant).where(Tenant.division_code.in_([row.code for row in rows]))


def _update(tenant: Tenant, row: Division) -> str:
    if (tenant.name, tenant.kind) == (row.name, row.kind):
        return "unchanged"
    tenant.name, tenant.kind = row.name, row.kind
    return "updated"


def _find_root(rows: Sequence[Division], root: str) -> str:
    """Return the root's code as the rows have it, where it was given with 12 digits."""
    shortened = (row.code for row in rows if to_level_code(root, row.level) == row.code)
    return next(shortened, root)


def _choose(rows: Sequence[Division], root: str, filename: str) -> tuple[list[Division], list[str]]:
    """Rows above and below the root, parents first; warnings name what was left out."""
    by_code: dict[str, Division] = {}
    for row in rows:
        if row.code in by_code:
            raise Invalid(
                _(
                    "%(file)s:%(line)s: the code %(code)s stands twice.",
                    file=filename,
                    line=row.line,
                    code=row.code,
                ),
                where=f"{filename}:{row.line}",
            )
        by_code[row.code] = row
    if root not in by_code:
        message = _("%(file)s has no division %(code)s.", file=filename, code=root)
        raise NotFound(message, where=filename)
    warnings = [
        _(
            "%(file)s:%(line)s: the parent %(code)s of %(name)s is not in the file.",
            file=filename,
            line=row.line,
            code=row.parent_code,
            name=row.name,
        )
        for row in rows
        if row.parent_code and row.parent_code not in by_code
    ]
    above = {root[:length] for length in CODE_LENGTHS.values()}
    chosen = [row for row in by_code.values() if row.code in above or row.code.startswith(root)]
    return sorted(chosen, key=lambda row: (len(row.code), row.code)), warnings
