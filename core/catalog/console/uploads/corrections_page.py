"""What the pages of an upload show: tables, flagged rows beside their original cells, gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from flask_babel import LazyString

from core.catalog.console.fields import Control, Typed, control, typed_of
from core.catalog.domain.changes import NAME_FIELDS, Fields
from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.domain.matching import find_domain
from core.catalog.domain.naming import item_names
from core.catalog.labels import FIELD_LABELS, ITEM_FIELDS
from core.catalog.uploads.corrections import (
    Gap,
    Mended,
    ReadFinding,
    RowKey,
    Understood,
    findings_of,
    gaps_of,
    open_findings,
    open_gaps,
)

ROW_FIELDS = ("seq", *NAME_FIELDS, *ITEM_FIELDS)

# Errors and typed values of a refused form, by row and field; what fills a table has no row.
WHOLE_TABLE = -1
_NOTHING: Mapping[tuple[int, str], Any] = MappingProxyType({})
Errors = Mapping[tuple[int, str], str]
TypedCells = Mapping[tuple[int, str], Typed]


@dataclass(frozen=True, slots=True)
class TableTab:
    """A table of the file: its place, what it is called, and how many rows want a look."""

    number: int
    title: str
    domain: str
    domain_known: bool
    rows: int
    flagged: int
    gaps: int
    skipped: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it was found, what was noticed about it, and a control with what it means."""

    label: str | LazyString
    original: str | None
    findings: Sequence[ReadFinding]
    control: Control
    changed: bool


@dataclass(frozen=True, slots=True)
class RowCard:
    """A row on the mending page: what was noticed about it as a whole, and the cells concerned."""

    position: int
    names: str
    findings: Sequence[ReadFinding]
    checked: bool
    left_out: bool
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class GapForm:
    """A field that can be filled in for all rows that lack it."""

    gap: Gap
    control: Control


def table_tabs(understood: Understood, mended: Mended, catalog: EffectiveCatalog) -> list[TableTab]:
    """The tables of the file, each with the domain it is taken for."""
    flagged = open_findings(understood, mended)
    return [
        _tab(number, understood, mended, catalog, sum(key[0] == number for key in flagged))
        for number in range(len(understood.tables))
    ]


def row_cards(  # noqa: PLR0913 - keyword-only parts of a refused form
    understood: Understood,
    mended: Mended,
    table: int,
    positions: Sequence[int],
    *,
    typed: TypedCells,
    errors: Errors,
) -> list[RowCard]:
    """Rows with the cells that findings name, each with a control.

    A field that no row of the table has is filled in above, not in each row.
    """
    gaps = {gap.field for gap in open_gaps(understood, mended, table)}
    cards = []
    for position in positions:
        key = (table, position)
        fields = [f for f in fields_to_mend(findings_of(understood, key)) if f not in gaps]
        cards.append(row_card(understood, mended, key, fields=fields, typed=typed, errors=errors))
    return cards


def row_card(  # noqa: PLR0913 - keyword-only parts of one card
    understood: Understood,
    mended: Mended,
    key: RowKey,
    *,
    fields: Sequence[str],
    typed: TypedCells,
    errors: Errors,
) -> RowCard:
    """One row with the given fields."""
    row = mended.row(key, understood.tables[key[0]].rows[key[1]])
    found = findings_of(understood, key)
    return RowCard(
        key[1],
        " / ".join(item_names(row)),
        [finding for finding in found if finding.field is None],
        mended.is_checked(key),
        mended.is_left_out(key),
        [_cell(understood, key, name, row, typed, errors) for name in fields],
    )


def fields_to_mend(found: Sequence[ReadFinding]) -> list[str]:
    """The fields that findings of a row name, in the order of the table."""
    named = {finding.field for finding in found}
    return [name for name in ROW_FIELDS if name in named]


def gap_forms(
    understood: Understood,
    mended: Mended,
    table: int,
    *,
    typed: TypedCells = _NOTHING,
    errors: Errors = _NOTHING,
) -> list[GapForm]:
    """The fields of a table that can be filled in for many rows at once, and why they lack."""
    filled = mended.filled(table)
    return [
        GapForm(
            gap,
            replace(
                control(
                    gap.field,
                    typed.get((WHOLE_TABLE, gap.field), typed_of(gap.field, filled.get(gap.field))),
                    name=fill_name(gap.field),
                    error=errors.get((WHOLE_TABLE, gap.field)),
                ),
                hint=_why(understood, table, gap.field),
            ),
        )
        for gap in gaps_of(understood, mended, table)
    ]


def fill_name(field: str) -> str:
    """Name of the control that fills a field in for all rows."""
    return f"fill-{field}"


def cell_name(position: int, field: str) -> str:
    """Name of a cell's control in the form of a page of rows."""
    return f"r{position}-{field}"


def _why(understood: Understood, table: int, field: str) -> str:
    """What was noticed about a field of a table, each message once."""
    found = (f.message for f in understood.findings if f.table == table and f.field == field)
    return " ".join(dict.fromkeys(found))


def _tab(
    number: int, understood: Understood, mended: Mended, catalog: EffectiveCatalog, flagged: int
) -> TableTab:
    table = understood.tables[number]
    said = mended.domain_of(number) or table.domain or table.title or ""
    known = find_domain(catalog.domains, said) if said else None
    title = known.name if known else table.domain or table.title or str(number + 1)
    return TableTab(
        number,
        title,
        known.key if known else said,
        known is not None,
        len(table.rows),
        flagged,
        len(open_gaps(understood, mended, number)),
        mended.is_skipped(number),
    )


def _cell(  # noqa: PLR0913, PLR0917 - parts of one cell
    understood: Understood,
    key: RowKey,
    name: str,
    row: Fields,
    typed: TypedCells,
    errors: Errors,
) -> Cell:
    table, position = understood.tables[key[0]], key[1]
    original = table.cells[position].get(name) if position < len(table.cells) else None
    stands = typed.get((position, name), typed_of(name, row.get(name)))
    found = [finding for finding in findings_of(understood, key) if finding.field == name]
    return Cell(
        FIELD_LABELS[name],
        original,
        found,
        control(name, stands, name=cell_name(position, name), error=errors.get((position, name))),
        row.get(name) != table.rows[position].get(name),
    )
