"""What was read from a file, put right by a person: the rules, without database or web.

Rows are named by table and position from 0. What the person did is kept apart from what was
read, so that it can be shown, taken back, and taken up again another day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.catalog.domain.changes import Fields, JsonValue
from core.catalog.domain.matching import is_unknown
from core.tables.messages import message_of

RowKey = tuple[int, int]
NEEDS_A_LOOK = frozenset({"warning", "error"})
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
class ReadTable:
    """A table as read: rows as understood, and the original cells beside them, by field."""

    title: str | None
    domain: str | None
    rows: Sequence[Fields]
    cells: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ReadFinding:
    """What the reader noticed, in words; without a table it concerns the whole file."""

    table: int | None
    row: int | None
    field: str | None
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Understood:
    """Everything that was read from a file."""

    tables: Sequence[ReadTable]
    not_applicable: Sequence[tuple[str, str | None]]
    findings: Sequence[ReadFinding]


@dataclass(frozen=True, slots=True)
class Gap:
    """A field that can be filled in for all rows of a table that lack it: how many still do."""

    field: str
    unknown: int
    total: int


def understood_from(document: Mapping[str, Any], language: str = "zh") -> Understood:
    """What was read, from its stored form, with findings in words (`zh` or `en`)."""
    return Understood(
        [ReadTable(**table) for table in document["tables"]],
        [(name, reason) for name, reason in document["not_applicable"]],
        [_finding(finding, language) for finding in document["findings"]],
    )


def _finding(stored: Mapping[str, Any], language: str) -> ReadFinding:
    message = message_of(stored["code"], stored["params"], language)
    return ReadFinding(stored["table"], stored["row"], stored["field"], stored["severity"], message)


class Mended:
    """The person's part, in its stored form, with the verbs that change it."""

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

    def document(self) -> dict[str, Any]:
        """The stored form; parts without content are left out."""
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
        """Put a cell right; the value that was read takes the correction back."""
        cells = self._cells.setdefault(_text(key), {})
        if value == read:
            cells.pop(field, None)
        else:
            cells[field] = value
        if not cells:
            del self._cells[_text(key)]

    def fill(self, table: int, field: str, value: JsonValue) -> None:
        """Give a field of a table's rows a value where they have none; unknown takes it back."""
        fills = self._fills.setdefault(str(table), {})
        if is_unknown(value):
            fills.pop(field, None)
        else:
            fills[field] = value
        if not fills:
            del self._fills[str(table)]

    def answer(self, key: RowKey, item_id: str) -> None:
        """Decide which item a row is; an empty id leaves it open again."""
        if item_id:
            self._answers[_text(key)] = item_id
        else:
            self._answers.pop(_text(key), None)

    def set_domain(self, table: int, domain: str) -> None:
        """Say which domain a table is of; empty: the one that the file names."""
        if domain:
            self._domains[str(table)] = domain
        else:
            self._domains.pop(str(table), None)

    def skip(self, table: int, *, skipped: bool) -> None:
        """Leave a whole table of the file out, or take it in again."""
        if skipped:
            self._skipped.add(table)
        else:
            self._skipped.discard(table)

    def mark(self, key: RowKey, *, checked: bool, left_out: bool) -> None:
        """Mark a row as looked at and right, or as not to be stored."""
        for marks, wanted in ((self._checked, checked), (self._left_out, left_out)):
            if wanted:
                marks.add(_text(key))
            else:
                marks.discard(_text(key))

    def is_checked(self, key: RowKey) -> bool:
        return _text(key) in self._checked

    def is_left_out(self, key: RowKey) -> bool:
        return key[0] in self._skipped or _text(key) in self._left_out

    def is_skipped(self, table: int) -> bool:
        return table in self._skipped

    def filled(self, table: int) -> Fields:
        """The values that a table's empty cells were filled with, by field."""
        return self._fills.get(str(table), {})

    def is_mended(self, key: RowKey, field: str) -> bool:
        return field in self._cells.get(_text(key), {})

    def domain_of(self, table: int) -> str | None:
        return self._domains.get(str(table))

    def answers(self) -> dict[RowKey, str]:
        return {_key(text): item_id for text, item_id in self._answers.items()}

    def row(self, key: RowKey, read: Fields) -> Fields:
        """A row as it is to be stored: what was read, filled in, and put right."""
        fills = {
            field: value
            for field, value in self._fills.get(str(key[0]), {}).items()
            if is_unknown(read.get(field))
        }
        return {**read, **fills, **self._cells.get(_text(key), {})}


def open_findings(understood: Understood, mended: Mended) -> dict[RowKey, list[ReadFinding]]:
    """Findings that still want a look, by row: not put right, not checked, not left out.

    A field that no row of a table has is one gap to fill in, and no reason to look at each row.
    """
    found: dict[RowKey, list[ReadFinding]] = {}
    empty = {
        (table, gap.field)
        for table in range(len(understood.tables))
        for gap in open_gaps(understood, mended, table)
    }
    for finding in understood.findings:
        if finding.table is None or finding.row is None or finding.severity not in NEEDS_A_LOOK:
            continue
        key, nowhere = (finding.table, finding.row), (finding.table, finding.field) in empty
        if not nowhere and not _is_settled(understood, mended, key, finding.field):
            found.setdefault(key, []).append(finding)
    return found


def open_gaps(understood: Understood, mended: Mended, table: int) -> list[Gap]:
    """Fields that no row of a table has yet."""
    if mended.is_skipped(table):
        return []
    return [gap for gap in gaps_of(understood, mended, table) if gap.unknown == gap.total]


def findings_of(understood: Understood, key: RowKey) -> list[ReadFinding]:
    """Everything that was noticed about a row, settled or not."""
    return [f for f in understood.findings if (f.table, f.row) == key]


def table_findings(understood: Understood, table: int) -> list[ReadFinding]:
    """What was noticed about a table, or the file, as a whole."""
    return [f for f in understood.findings if f.table in {table, None} and f.row is None]


def gaps_of(understood: Understood, mended: Mended, table: int) -> list[Gap]:
    """Fields named by findings that are unknown in several rows, or were filled in for them."""
    rows = [mended.row((table, n), row) for n, row in enumerate(understood.tables[table].rows)]
    named = {f.field for f in understood.findings if f.table == table}
    gaps = (
        Gap(field, sum(is_unknown(row.get(field)) for row in rows), len(rows))
        for field in FILLABLE
        if field in named
    )
    filled = mended.filled(table)
    return [gap for gap in gaps if gap.unknown > 1 or gap.field in filled]


def rows_to_store(
    understood: Understood, mended: Mended, table: int
) -> list[tuple[RowKey, Fields]]:
    """The rows of a table that are not left out, each with its name, as put right."""
    return [
        ((table, position), mended.row((table, position), row))
        for position, row in enumerate(understood.tables[table].rows)
        if not mended.is_left_out((table, position))
    ]


def _is_settled(understood: Understood, mended: Mended, key: RowKey, field: str | None) -> bool:
    if mended.is_checked(key) or mended.is_left_out(key):
        return True
    if field is None:
        return False
    if mended.is_mended(key, field):
        return True
    read = understood.tables[key[0]].rows[key[1]]
    return is_unknown(read.get(field)) and not is_unknown(mended.row(key, read).get(field))


def _text(key: RowKey) -> str:
    return f"{key[0]}:{key[1]}"


def _key(text: str) -> RowKey:
    table, row = text.split(":")
    return int(table), int(row)
