"""Make tenants of a division table, that of the whole country too: few statements, many rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from core.db.bulk import insert_rows, reserve_ids
from core.errors import Conflict, Invalid, NotFound
from core.tenancy.divisions import Division
from core.tenancy.domain import (
    CODE_LENGTHS,
    KINDS,
    NATION_CODE,
    PORTAL_LEVELS,
    is_abolished,
    to_level_code,
)
from core.tenancy.models import FormerCode, Tenant
from core.tenancy.service import ensure_nation

# No code with this behind a prefix is greater than one below the prefix.
_LAST = "9" * max(CODE_LENGTHS.values())


@dataclass(slots=True)
class ImportCounts:
    """What an import did to tenants; layers without a portal are not counted."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlacedTenant:
    """A tenant that is there, or is about to be inserted."""

    id: int
    path: str
    name: str
    kind: str


def import_divisions(
    session: Session, rows: Sequence[Division], root: str, filename: str
) -> ImportCounts:
    """Make tenants of the division `root` and all below it; of a city, of what is below it.

    The rows above become layers without a portal; the root `CN` stands above all rows. A second
    import changes nothing.
    """
    live = [row for row in rows if not is_abolished(row.name)]
    root = _find_root(live, root)
    chosen, warnings = _choose(live, root, filename)
    warnings += _warn_of_abolished(rows, root, filename)
    nation = ensure_nation(session)
    known = _load_known(session, root, {row.code for row in chosen})
    known[NATION_CODE] = PlacedTenant(nation.id, nation.path, nation.name, nation.kind)
    new, present = _part(chosen, known, root)
    counts = ImportCounts(warnings=warnings)
    for row in present:
        outcome = _update(session, known[row.code], row)
        if row.level in PORTAL_LEVELS:
            setattr(counts, outcome, getattr(counts, outcome) + 1)
    _require_free(session, new, root)
    ids = reserve_ids(session, Tenant, len(new)) if new else ()
    insert_rows(session, Tenant, _to_rows(new, ids, known))
    counts.created = sum(row.level in PORTAL_LEVELS for row in new)
    return counts


def _part(
    chosen: Sequence[Division], known: Mapping[str, PlacedTenant], root: str
) -> tuple[list[Division], list[Division]]:
    """Part rows into new ones and those that are tenants; leaves out orphans and what is below."""
    new: list[Division] = []
    present: list[Division] = []
    placed = set(known)
    for row in chosen:
        if row.parent_code not in placed and len(row.code) > len(root):
            continue  # an orphan, named in the warnings
        (present if row.code in known else new).append(row)
        placed.add(row.code)
    return new, present


def _to_rows(
    new: Sequence[Division], ids: Sequence[int], known: dict[str, PlacedTenant]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of new tenants, parents first, and note them in `known`."""
    for row, tenant_id in zip(new, ids, strict=True):
        parent = known.get(row.parent_code) or known[NATION_CODE]
        path = f"{parent.path}{tenant_id}/"
        known[row.code] = PlacedTenant(tenant_id, path, row.name, row.kind)
        yield {
            "id": tenant_id,
            "parent_id": parent.id,
            "division_code": row.code,
            "name": row.name,
            "level": row.level.value,
            "kind": row.kind,
            "path": path,
        }


def _load_known(session: Session, root: str, codes: set[str]) -> dict[str, PlacedTenant]:
    """Load those tenants above, at and below the root that have one of these codes."""
    columns = (Tenant.division_code, Tenant.id, Tenant.path, Tenant.name, Tenant.kind)
    above = [root[:length] for length in CODE_LENGTHS.values()]
    query = select(*columns).where(
        or_(Tenant.division_code.in_(above), _is_below(Tenant.division_code, root))
    )
    rows = session.execute(query)
    return {
        row.division_code: PlacedTenant(row.id, row.path, row.name, row.kind)
        for row in rows
        if row.division_code in codes
    }


def _is_below(column: Any, root: str) -> ColumnElement[bool]:
    """Condition: the code of the root, or one below it."""
    return true() if root == NATION_CODE else column.between(root, root + _LAST)


def _require_free(session: Session, new: Sequence[Division], root: str) -> None:
    """Raise where a tenant had a code of these rows before, or a kind is not one of its level."""
    former = set(
        session.scalars(
            select(FormerCode.division_code).where(_is_below(FormerCode.division_code, root))
        )
    )
    for row in new:
        if row.code in former:
            message = _("The code %(code)s is already in use.", code=row.code)
            raise Conflict(message, where=row.code)
        if row.kind not in KINDS[row.level]:
            message = _("%(kind)s is no kind of %(level)s.", kind=row.kind, level=row.level)
            raise Invalid({"kind": message})


def _update(session: Session, tenant: PlacedTenant, row: Division) -> str:
    if (tenant.name, tenant.kind) == (row.name, row.kind):
        return "unchanged"
    changed = session.get_one(Tenant, tenant.id)
    changed.name, changed.kind = row.name, row.kind
    return "updated"


def _find_root(rows: Sequence[Division], root: str) -> str:
    """Return the root's code as the rows have it, where it was given with 12 digits."""
    shortened = (row.code for row in rows if to_level_code(root, row.level) == row.code)
    return root if root == NATION_CODE else next(shortened, root)


def _choose(rows: Sequence[Division], root: str, filename: str) -> tuple[list[Division], list[str]]:
    """Rows above and below the root, parents first; warnings name what was left out."""
    by_code = _by_code(rows, filename)
    if root != NATION_CODE and root not in by_code:
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
        if row.parent_code and row.parent_code not in by_code and row.parent_code != NATION_CODE
    ]
    above = {root[:length] for length in CODE_LENGTHS.values()}
    chosen = [row for row in by_code.values() if row.code in above or _lies_below(row.code, root)]
    # A code begins with that of its parent: parents come first.
    return sorted(chosen, key=lambda row: row.code), warnings


def _by_code(rows: Sequence[Division], filename: str) -> dict[str, Division]:
    by_code: dict[str, Division] = {}
    for row in rows:
        if by_code.setdefault(row.code, row) is not row:
            raise Invalid(
                _(
                    "%(file)s:%(line)s: the code %(code)s stands twice.",
                    file=filename,
                    line=row.line,
                    code=row.code,
                ),
                where=f"{filename}:{row.line}",
            )
    return by_code


def _lies_below(code: str, root: str) -> bool:
    return root == NATION_CODE or code.startswith(root)


def _warn_of_abolished(rows: Sequence[Division], root: str, filename: str) -> list[str]:
    return [
        _(
            "%(file)s:%(line)s: %(name)s is marked as abolished and is left out.",
            file=filename,
            line=row.line,
            name=row.name,
        )
        for row in rows
        if _lies_below(row.code, root) and is_abolished(row.name)
    ]
