"""Contents of the corrections page: tabs, flagged rows with original cells, missing fields."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from flask_babel import LazyString

from core.catalog.console.fields import FieldControl, Typed, build_control, to_typed
from core.catalog.domain.changes import NAME_FIELDS, Fields
from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.domain.matching import find_domain
from core.catalog.domain.naming import item_names
from core.catalog.labels import FIELD_LABELS, ITEM_FIELDS
from core.catalog.uploads.corrections import (
    Corrections,
    MissingField,
    ParsedFinding,
    ParsedUpload,
    RowKey,
    group_open_findings,
    list_missing_fields,
    list_open_missing_fields,
    list_row_findings,
    list_rows_with_remarks,
)

ROW_FIELDS = ("seq", *NAME_FIELDS, *ITEM_FIELDS)

# Errors and typed values of a refused form, by row and field; what fills a table has no row.
WHOLE_TABLE = -1
_NOTHING: Mapping[tuple[int, str], Any] = MappingProxyType({})
Errors = Mapping[tuple[int, str], str]
TypedCells = Mapping[tuple[int, str], Typed]


@dataclass(frozen=True, slots=True)
class TableTab:
    """A table of the file: position, title, and how many rows need checking."""

    number: int
    title: str
    domain: str
    domain_known: bool
    rows: int
    flagged: int
    remarked: int
    missing_fields: int
    skipped: bool

    @property
    def needs_domain(self) -> bool:
        """Say whether nobody has said yet which domain the table is of."""
        return not self.domain and not self.skipped


@dataclass(frozen=True, slots=True)
class CellCard:
    """A cell with its original text, its findings, and a control holding the parsed value."""

    label: str | LazyString
    original: str | None
    findings: Sequence[ParsedFinding]
    control: FieldControl
    changed: bool


@dataclass(frozen=True, slots=True)
class RowCard:
    """A row on the corrections page: findings about the row, and the flagged cells."""

    position: int
    names: str
    findings: Sequence[ParsedFinding]
    checked: bool
    left_out: bool
    cells: Sequence[CellCard]


@dataclass(frozen=True, slots=True)
class MissingFieldForm:
    """The form that fills a missing field for all rows without it."""

    missing: MissingField
    control: FieldControl


def build_table_tabs(
    parsed: ParsedUpload, corrections: Corrections, catalog: EffectiveCatalog
) -> list[TableTab]:
    """Build a tab for each table of the file, with its domain."""
    flagged = group_open_findings(parsed, corrections)
    remarked = list_rows_with_remarks(parsed, corrections, flagged)
    looks, remarks = (Counter(table for table, _row in keys) for keys in (flagged, remarked))
    return [
        _tab(number, parsed, corrections, catalog, (looks[number], remarks[number]))
        for number in range(len(parsed.tables))
    ]


def build_row_cards(  # noqa: PLR0913 - keyword-only parts of a refused form
    parsed: ParsedUpload,
    corrections: Corrections,
    table: int,
    positions: Sequence[int],
    *,
    typed: TypedCells,
    errors: Errors,
) -> list[RowCard]:
    """Build the cards of rows with the cells named by findings.

    A field that no row of the table has is filled in above, not in each row.
    """
    missing_fields = {
        missing.field for missing in list_open_missing_fields(parsed, corrections, table)
    }
    cards = []
    for position in positions:
        key = (table, position)
        fields = [
            f
            for f in list_fields_to_correct(list_row_findings(parsed, key))
            if f not in missing_fields
        ]
        cards.append(
            build_row_card(parsed, corrections, key, fields=fields, typed=typed, errors=errors)
        )
    return cards


def build_row_card(  # noqa: PLR0913 - keyword-only parts of one card
    parsed: ParsedUpload,
    corrections: Corrections,
    key: RowKey,
    *,
    fields: Sequence[str],
    typed: TypedCells,
    errors: Errors,
) -> RowCard:
    """Build the card of one row with the given fields."""
    row = corrections.row(key, parsed.tables[key[0]].rows[key[1]])
    found = list_row_findings(parsed, key)
    return RowCard(
        key[1],
        " / ".join(item_names(row)),
        [finding for finding in found if finding.field not in ROW_FIELDS],
        corrections.is_checked(key),
        corrections.is_left_out(key),
        [_cell(parsed, key, name, row, typed, errors) for name in fields],
    )


def list_fields_to_correct(found: Sequence[ParsedFinding]) -> list[str]:
    """List the fields that findings of a row name, in table order."""
    named = {finding.field for finding in found}
    return [name for name in ROW_FIELDS if name in named]


def build_missing_field_forms(
    parsed: ParsedUpload,
    corrections: Corrections,
    table: int,
    *,
    typed: TypedCells = _NOTHING,
    errors: Errors = _NOTHING,
) -> list[MissingFieldForm]:
    """Build a form for each missing field of a table, with why it is missing."""
    filled = corrections.filled(table)
    return [
        MissingFieldForm(
            missing,
            replace(
                build_control(
                    missing.field,
                    typed.get(
                        (WHOLE_TABLE, missing.field),
                        to_typed(missing.field, filled.get(missing.field)),
                    ),
                    name=fill_name(missing.field),
                    error=errors.get((WHOLE_TABLE, missing.field)),
                ),
                hint=_why(parsed, table, missing.field),
            ),
        )
        for missing in list_missing_fields(parsed, corrections, table)
    ]


def fill_name(field: str) -> str:
    """Return the name of the control that fills a field for all rows."""
    return f"fill-{field}"


def cell_name(position: int, field: str) -> str:
    """Return the name of a cell's control in the form of a page of rows."""
    return f"r{position}-{field}"


def _why(parsed: ParsedUpload, table: int, field: str) -> str:
    """Join the finding messages about a field of a table, each once."""
    found = (f.message for f in parsed.findings if f.table == table and f.field == field)
    return " ".join(dict.fromkeys(found))


def _tab(
    number: int,
    parsed: ParsedUpload,
    corrections: Corrections,
    catalog: EffectiveCatalog,
    rows: tuple[int, int],
) -> TableTab:
    table = parsed.tables[number]
    said = corrections.chosen_domain(number) or table.domain or ""
    known = find_domain(catalog.domains, said) if said else None
    title = known.name if known else said or table.title or str(number + 1)
    return TableTab(
        number,
        title,
        known.key if known else said,
        known is not None,
        len(table.rows),
        *rows,
        len(list_open_missing_fields(parsed, corrections, number)),
        corrections.is_skipped(number),
    )


def _cell(  # noqa: PLR0913, PLR0917 - parts of one cell
    parsed: ParsedUpload,
    key: RowKey,
    name: str,
    row: Fields,
    typed: TypedCells,
    errors: Errors,
) -> CellCard:
    table, position = parsed.tables[key[0]], key[1]
    original = table.cells[position].get(name) if position < len(table.cells) else None
    stands = typed.get((position, name), to_typed(name, row.get(name)))
    found = [finding for finding in list_row_findings(parsed, key) if finding.field == name]
    return CellCard(
        FIELD_LABELS[name],
        original,
        found,
        build_control(
            name, stands, name=cell_name(position, name), error=errors.get((position, name))
        ),
        row.get(name) != table.rows[position].get(name),
    )
