"""Corrections a person makes to a parsed table. No database, no Flask.

They are kept separately from the parse result, so that they can be shown, undone and continued
another day. Rows are named by table and position from 0.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.catalog.domain.changes import Fields, JsonValue
from core.catalog.domain.matching import is_unknown
from core.tables.messages import format_message

RowKey = tuple[int, int]
NEEDS_A_LOOK = frozenset({"warning", "error"})
ANY_SEVERITY = NEEDS_A_LOOK | {"info"}
# What can be the same in every row of a table; names and contents cannot.
FILLABLE = (
    "levels",
    "mode",
    "audience",
    "channels",
    "time_limit",
    "responsible_organ",
    "legal_basis",
)


@dataclass(frozen=True, slots=True)
class ParsedTable:
    """A table as parsed: title, domain if the file names one, rows, and cells as printed."""

    title: str | None
    domain: str | None
    rows: Sequence[Fields]
    cells: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class ParsedFinding:
    """A finding of the parser in words; without a table it concerns the whole file."""

    table: int | None
    row: int | None
    field: str | None
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class ParsedUpload:
    """The parse result of a file."""

    tables: Sequence[ParsedTable]
    not_applicable: Sequence[tuple[str, str | None]]
    findings: Sequence[ParsedFinding]


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field that can be filled for all rows without it, and how many still lack it."""

    field: str
    unknown: int
    total: int


def load_parsed(document: Mapping[str, Any], language: str = "zh") -> ParsedUpload:
    """Load the parse result from its stored form, with messages in `zh` or `en`."""
    return ParsedUpload(
        [ParsedTable(**table) for table in document["tables"]],
        [(name, reason) for name, reason in document["not_applicable"]],
        [_finding(finding, language) for finding in document["findings"]],
    )


def _finding(stored: Mapping[str, Any], language: str) -> ParsedFinding:
    message = format_message(stored["code"], stored["params"], language)
    return ParsedFinding(
        stored["table"], stored["row"], stored["field"], stored["severity"], message
    )


class Corrections:
    """The corrections to one upload, and the operations that change them."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._cells: dict[str, dict[str, JsonValue]] = {
            key: dict(values) for key, values in document.get("cells", {}).items()
        }
        self._fills: dict[str, dict[str, JsonValue]] = {
            key: dict(values) for key, values in document.get("fills", {}).items()
        }
        self._answers: dict[str, str] = dict(document.get("answers", {}))
        self._domains: dict[str, str] = dict(document.get("domains", {}))
        self._checked: set[str] = set(document.get("checked", ()))
        self._left_out: set[str] = set(document.get("left_out", ()))
        self._skipped: set[int] = set(document.get("skipped", ()))

    def to_json(self) -> dict[str, Any]:
        """Return the stored form; empty parts are left out."""
        parts: dict[str, Any] = {
            "cells": self._cells,
            "fills": self._fills,
            "answers": self._answers,
            "domains": self._domains,
            "checked": sorted(self._checked),
            "left_out": sorted(self._left_out),
            "skipped": sorted(self._skipped),
        }
        return {name: part for name, part in parts.items() if part}

    def set_cell(self, key: RowKey, field: str, value: JsonValue, read: JsonValue) -> None:
        """Correct a cell; setting the parsed value again removes the correction."""
        cells = self._cells.setdefault(_text(key), {})
        if value == read:
            cells.pop(field, None)
        else:
            cells[field] = value
        if not cells:
            del self._cells[_text(key)]

    def fill(self, table: int, field: str, value: JsonValue) -> None:
        """Fill a field in all rows of a table that lack it; an unknown value undoes that."""
        fills = self._fills.setdefault(str(table), {})
        if is_unknown(value):
            fills.pop(field, None)
        else:
            fills[field] = value
        if not fills:
            del self._fills[str(table)]

    def answer(self, key: RowKey, item_id: str) -> None:
        """Set which item a row is; an empty id leaves it undecided."""
        if item_id:
            self._answers[_text(key)] = item_id
        else:
            self._answers.pop(_text(key), None)

    def set_domain(self, table: int, domain: str) -> None:
        """Set the domain of a table; empty means the one the file names."""
        if domain:
            self._domains[str(table)] = domain
        else:
            self._domains.pop(str(table), None)

    def skip(self, table: int, *, skipped: bool) -> None:
        """Skip a whole table, or include it again."""
        if skipped:
            self._skipped.add(table)
        else:
            self._skipped.discard(table)

    def mark(self, key: RowKey, *, checked: bool, left_out: bool) -> None:
        """Mark a row as checked, or as left out."""
        for marks, wanted in ((self._checked, checked), (self._left_out, left_out)):
            if wanted:
                marks.add(_text(key))
            else:
                marks.discard(_text(key))

    def leave_out(self, key: RowKey, *, left_out: bool) -> None:
        """Leave a row out, or take it in again."""
        self.mark(key, checked=self.is_checked(key), left_out=left_out)

    def is_checked(self, key: RowKey) -> bool:
        return _text(key) in self._checked

    def is_left_out(self, key: RowKey) -> bool:
        return key[0] in self._skipped or _text(key) in self._left_out

    def is_skipped(self, table: int) -> bool:
        return table in self._skipped

    def filled(self, table: int) -> Fields:
        """Return the fill values of a table's missing fields, by field."""
        return self._fills.get(str(table), {})

    def is_corrected(self, key: RowKey, field: str) -> bool:
        return field in self._cells.get(_text(key), {})

    def chosen_domain(self, table: int) -> str | None:
        return self._domains.get(str(table))

    def answers(self) -> dict[RowKey, str]:
        return {_key(text): item_id for text, item_id in self._answers.items()}

    def row(self, key: RowKey, read: Fields) -> Fields:
        """Return a row to be stored: parsed values with fills and corrections applied."""
        fills = {
            field: value
            for field, value in self._fills.get(str(key[0]), {}).items()
            if is_unknown(read.get(field))
        }
        return {**read, **fills, **self._cells.get(_text(key), {})}


def group_open_findings(
    parsed: ParsedUpload,
    corrections: Corrections,
    severities: frozenset[str] = NEEDS_A_LOOK,
) -> dict[RowKey, list[ParsedFinding]]:
    """Group the open findings of some severities by row: not corrected, checked or left out.

    A field missing in every row of a table is one `MissingField`, no finding of each row.
    """
    found: dict[RowKey, list[ParsedFinding]] = {}
    empty = {
        (table, missing.field)
        for table in range(len(parsed.tables))
        for missing in list_open_missing_fields(parsed, corrections, table)
    }
    for finding in parsed.findings:
        if finding.table is None or finding.row is None or finding.severity not in severities:
            continue
        key, nowhere = (finding.table, finding.row), (finding.table, finding.field) in empty
        if not nowhere and not _is_settled(parsed, corrections, key, finding.field):
            found.setdefault(key, []).append(finding)
    return found


def list_rows_with_remarks(
    parsed: ParsedUpload, corrections: Corrections, flagged: Collection[RowKey]
) -> list[RowKey]:
    """List the rows that need no look, but of which something is said."""
    told = group_open_findings(parsed, corrections, ANY_SEVERITY)
    return [key for key in told if key not in flagged]


def list_open_missing_fields(
    parsed: ParsedUpload, corrections: Corrections, table: int
) -> list[MissingField]:
    """List the fields that are still missing in every row of a table."""
    if corrections.is_skipped(table):
        return []
    return [
        missing
        for missing in list_missing_fields(parsed, corrections, table)
        if missing.unknown == missing.total
    ]


def list_row_findings(parsed: ParsedUpload, key: RowKey) -> list[ParsedFinding]:
    """List all findings of a row, settled or not."""
    return [f for f in parsed.findings if (f.table, f.row) == key]


def list_table_findings(parsed: ParsedUpload, table: int) -> list[ParsedFinding]:
    """List the findings of a table, or of the file, as a whole."""
    return [f for f in parsed.findings if f.table in {table, None} and f.row is None]


def list_missing_fields(
    parsed: ParsedUpload, corrections: Corrections, table: int
) -> list[MissingField]:
    """List fields with findings that are missing in several rows, or filled for them."""
    rows = [corrections.row((table, n), row) for n, row in enumerate(parsed.tables[table].rows)]
    named = {f.field for f in parsed.findings if f.table == table}
    missing_fields = (
        MissingField(field, sum(is_unknown(row.get(field)) for row in rows), len(rows))
        for field in FILLABLE
        if field in named
    )
    filled = corrections.filled(table)
    return [missing for missing in missing_fields if missing.unknown > 1 or missing.field in filled]


def list_rows_to_store(
    parsed: ParsedUpload, corrections: Corrections, table: int
) -> list[tuple[RowKey, Fields]]:
    """List the corrected rows of a table with their keys, those left out excluded."""
    return [
        ((table, position), corrections.row((table, position), row))
        for position, row in enumerate(parsed.tables[table].rows)
        if not corrections.is_left_out((table, position))
    ]


def list_left_out_rows(
    parsed: ParsedUpload, corrections: Corrections
) -> list[tuple[RowKey, Fields]]:
    """List the rows that were left out one by one, of tables that are taken in."""
    return [
        ((number, position), corrections.row((number, position), row))
        for number, table in enumerate(parsed.tables)
        for position, row in enumerate(table.rows)
        if not corrections.is_skipped(number) and corrections.is_left_out((number, position))
    ]


def _is_settled(
    parsed: ParsedUpload, corrections: Corrections, key: RowKey, field: str | None
) -> bool:
    if corrections.is_checked(key) or corrections.is_left_out(key):
        return True
    if field is None:
        return False
    if corrections.is_corrected(key, field):
        return True
    read = parsed.tables[key[0]].rows[key[1]]
    return is_unknown(read.get(field)) and not is_unknown(corrections.row(key, read).get(field))


def _text(key: RowKey) -> str:
    return f"{key[0]}:{key[1]}"


def _key(text: str) -> RowKey:
    table, row = text.split(":")
    return int(table), int(row)
