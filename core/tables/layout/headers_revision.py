"""Correct headers that are contradicted by the values below them."""

from collections.abc import Sequence
from dataclasses import replace

from core.tables.fields.levels import read_level_words
from core.tables.fields.mode import find_mode
from core.tables.labels import EXTRA, Column
from core.tables.layout.headers import Header
from core.tables.layout.state import Draft, DraftRow
from core.tables.model import Note


def revise_headers(draft: Draft) -> None:
    """Read a second column 公开方式 as 公开层级 where it holds levels; else keep it as extra."""
    for header in {id(row.header): row.header for row in draft.rows}.values():
        rows = [row for row in draft.rows if row.header is header]
        revised = _revised(header, rows)
        if revised is None:
            continue
        for row in rows:
            row.header = revised
        if revised.has("levels") and not header.has("levels"):
            _say_misnamed(draft, revised)


def _revised(header: Header, rows: Sequence[DraftRow]) -> Header | None:
    modes = [
        position
        for position in header.of("mode")
        if (column := header.columns[position]) is not None and column.choice is None
    ]
    if not modes:
        return None
    columns = list(header.columns)
    kept = 0
    for position in modes:
        if not header.has("levels") and _holds_levels(rows, position):
            columns[position] = _renamed(columns[position], "levels")
        elif kept or len(header.of("mode")) > len(modes):
            columns[position] = _renamed(columns[position], EXTRA)
        else:
            kept += 1
    return replace(header, columns=tuple(columns)) if columns != list(header.columns) else None


def _renamed(column: Column | None, field: str) -> Column | None:
    return None if column is None else replace(column, field=field)


def _holds_levels(rows: Sequence[DraftRow], position: int) -> bool:
    values = [row.text(position) for row in rows if row.text(position).strip()]
    return bool(values) and all(
        read_level_words(value) is not None and find_mode(value) is None for value in values
    )


def _say_misnamed(draft: Draft, revised: Header) -> None:
    draft.notes = [
        (name, note)
        for name, note in draft.notes
        if not (name == "levels" and note.code == "column-missing")
    ]
    draft.notes.append(("levels", Note("level-column-misnamed", "warning")))
    if not revised.has("mode"):
        draft.notes.append(("mode", Note("column-missing", "warning")))
