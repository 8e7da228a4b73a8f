"""Assemble a catalog from a draft: read every field of every row, with findings for doubts.

Cells of a field are read in three ways: as found, as the tidy CSV, to the letter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from core.tables.fields import exact
from core.tables.fields.audience import read_audience
from core.tables.fields.base import ColumnText, Parsed, tidy_elements, tidy_list
from core.tables.fields.channels import canonical, read_channels
from core.tables.fields.fillers import holds_value
from core.tables.fields.levels import is_town_name, read_levels
from core.tables.fields.lists import (
    elements_in_name,
    read_elements,
    read_legal_basis,
    read_organs,
    read_phrase,
    read_time_limit,
)
from core.tables.fields.mode import read_mode
from core.tables.fields.ticks import read_mark
from core.tables.labels import EXTRA, NAME_FIELDS
from core.tables.layout.headers import Header
from core.tables.layout.state import Draft, DraftRow
from core.tables.layout.titles import find_domain_name
from core.tables.limits import Deadline
from core.tables.model import EXPECTED_FIELDS, CatalogRow, Finding, Note, ReadCatalog, RowSource
from core.tables.text import tidy, visible
from core.tables.writing.guard import without_guard

FieldReader = Callable[[Sequence[ColumnText]], Parsed[Any]]
Dialect = Mapping[str, FieldReader]

#: Characters up to which a cell is kept with what was read from it.
_SHORT = 1_000


def read_cell(reader: FieldReader, options: tuple[ColumnText, ...]) -> Parsed[Any]:
    """Read the columns of a field; the cells of a catalog repeat those above them."""
    if sum(len(option.text) for option in options) > _SHORT:
        return reader(options)
    return _read_before(reader, options)


@lru_cache(maxsize=8192)
def _read_before(reader: FieldReader, options: tuple[ColumnText, ...]) -> Parsed[Any]:
    return reader(options)


def _pieces(options: Sequence[ColumnText]) -> list[str]:
    return [piece for option in options for piece in option.pieces if piece.strip()]


def _joined(options: Sequence[ColumnText]) -> str:
    return "\n".join(_pieces(options))


def _name(options: Sequence[ColumnText]) -> Parsed[str]:
    return read_phrase(_joined(options))


def _elements(options: Sequence[ColumnText]) -> Parsed[Any]:
    pieces = _pieces(options)
    return read_elements(pieces) if pieces else Parsed(None)


def _organs(options: Sequence[ColumnText]) -> Parsed[Any]:
    ticked = [
        option.choice
        for option in options
        if option.choice is not None and read_mark(option.text).ticked
    ]
    plain = read_organs(_joined([option for option in options if option.choice is None]))
    return Parsed((*(plain.value or ()), *ticked) or None, plain.notes)


FREE: Dialect = {
    "seq": _name,
    "level1": _name,
    "level2": _name,
    "level3": _name,
    "content_elements": _elements,
    "legal_basis": lambda options: read_legal_basis(_joined(options)),
    "time_limit": lambda options: read_time_limit(_pieces(options)),
    "responsible_organ": _organs,
    "channels": read_channels,
    "audience": read_audience,
    "mode": read_mode,
    "levels": read_levels,
    "extra": _name,
}


def _unguarded(reader: FieldReader) -> FieldReader:
    def read(options: Sequence[ColumnText]) -> Parsed[Any]:
        return reader([ColumnText(option.choice, without_guard(option.text)) for option in options])

    return read


def _by_lines(reader: FieldReader) -> FieldReader:
    """Read a cell of several lines as one entry per line, any other as `reader` does."""

    def read(options: Sequence[ColumnText]) -> Parsed[Any]:
        text = _joined(options)
        return Parsed(tidy_list(text)) if "\n" in text else reader(options)

    return read


def _tidy_channels(options: Sequence[ColumnText]) -> Parsed[tuple[str, ...]]:
    found = tidy_list(_joined(options), "|")
    return Parsed(tuple(canonical(name) or name for name in found) if found else None)


TIDY: Dialect = {
    field: _unguarded(reader)
    for field, reader in {
        **FREE,
        "content_elements": lambda options: Parsed(tidy_elements(_joined(options))),
        "legal_basis": _by_lines(FREE["legal_basis"]),
        "responsible_organ": _by_lines(FREE["responsible_organ"]),
        "channels": _tidy_channels,
    }.items()
}


def _exact_text(options: Sequence[ColumnText]) -> Parsed[str]:
    return Parsed(exact.exact_text(_pieces(options)))


def _exact_lines(options: Sequence[ColumnText]) -> Parsed[tuple[str, ...]]:
    return Parsed(exact.exact_lines(_pieces(options)))


EXACT: Dialect = {
    **dict.fromkeys(("seq", "level1", "level2", "level3", "time_limit", "extra"), _exact_text),
    "content_elements": lambda options: Parsed(exact.exact_elements(_pieces(options))),
    "legal_basis": _exact_lines,
    "responsible_organ": _exact_lines,
    "channels": lambda options: Parsed(exact.exact_channels(options)),
    "audience": lambda options: Parsed(exact.exact_audience(options)),
    "mode": read_mode,
    "levels": read_levels,
}


def choose_dialect(draft: Draft, row: DraftRow) -> Dialect:
    """Return how the cells of a row are to be read."""
    if row.header.tidy:
        return TIDY
    return EXACT if draft.exact else FREE


_DITTO = frozenset({"同上", "同上。", "〃", "\u2033", "同前", "上同", "(同上)", "\uff08同上\uff09"})
_LONGEST_DITTO = 6
_SECTION_KEY = "类别"
#: Fields of a row that are read from columns of the same name, apart from the item's names.
_VALUE_FIELDS = tuple(name for name in EXPECTED_FIELDS if name != "level1")


def assemble(draft: Draft, number: int, deadline: Deadline) -> tuple[ReadCatalog, list[Finding]]:
    """Read the rows of a draft, which is the file's catalog of that number (from 0)."""
    reader = _CatalogReader(draft, number, deadline)
    rows = tuple(reader.read(index, row) for index, row in enumerate(draft.rows))
    domain = draft.domain or find_domain_name(draft.title)
    findings = [note.at(number, None, of) for of, note in draft.notes]
    if draft.title is None:
        findings.append(Note("title-missing").at(number, None, "title"))
    if draft.title is not None and domain is None:
        note = Note("domain-unknown", "info", {"title": draft.title})
        findings.append(note.at(number, None, "domain"))
    return ReadCatalog(draft.title, domain, rows), [*findings, *reader.findings]


@dataclass(slots=True)
class _Reading:
    """A row while it is read: its cells by column with 同上 resolved, its values, its notes."""

    row: DraftRow
    dialect: Dialect
    pieces: dict[int, list[str]]
    #: Fields whose cell says that it holds nothing.
    none: set[str] = field(default_factory=set)
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str | None, Note]] = field(default_factory=list)

    def options(self, name: str) -> list[ColumnText]:
        """Return the columns of a field with what they hold."""
        return [self.option(column) for column in self.row.header.of(name)]

    def option(self, position: int) -> ColumnText:
        """Return one column with what it holds."""
        column = self.row.header.columns[position]
        rows = tuple(self.pieces.get(position, ()))
        text = rows[0] if len(rows) == 1 else "\n".join(rows)
        return ColumnText(None if column is None else column.choice, text, rows)

    def parse(self, name: str, options: Sequence[ColumnText]) -> Any:
        """Read a field, keep its notes, return its value."""
        parsed = read_cell(self.dialect[name], tuple(options))
        self.notes += [(name, note) for note in parsed.notes]
        return parsed.value


class _CatalogReader:
    """Reads the rows of one catalog from top to bottom: 同上 and blank names look back."""

    def __init__(self, draft: Draft, number: int, deadline: Deadline) -> None:
        self._deadline = deadline
        self.findings: list[Finding] = []
        self._draft = draft
        self._number = number
        self._above: _Reading | None = None

    def read(self, index: int, row: DraftRow) -> CatalogRow:
        """Read one row; what is to be said of it goes to `findings`."""
        self._deadline.check(row.place)
        reading = _Reading(row, choose_dialect(self._draft, row), dict(row.cells))
        reading.notes += row.notes
        if reading.dialect is not EXACT:
            _drop_fillers(reading)
        if reading.dialect is FREE:
            self._resolve_ditto(reading)
        self._read_names(reading)
        for name in _VALUE_FIELDS:
            reading.values[name] = reading.parse(name, reading.options(name))
        _distrust_short_row(reading)
        if not row.header.has("content_elements") and reading.dialect is FREE:
            _take_elements_from_name(reading)
        _read_extra(reading)
        _note_missing(reading)
        self._above = reading
        self.findings += [note.at(self._number, index, of) for of, note in reading.notes]
        return CatalogRow(**reading.values, extra=reading.extra, source=_source(row))

    def _resolve_ditto(self, reading: _Reading) -> None:
        for position, pieces in list(reading.pieces.items()):
            if len(pieces) != 1 or len(pieces[0]) > _LONGEST_DITTO or tidy(pieces[0]) not in _DITTO:
                continue
            above = self._above
            found = above is not None and above.row.header.columns == reading.row.header.columns
            reading.pieces[position] = above.pieces.get(position, []) if above and found else []
            column = reading.row.header.columns[position]
            name = None if column is None else column.field
            code = "ditto" if reading.pieces[position] else "ditto-nothing"
            reading.notes.append((name, Note(code, "info" if code == "ditto" else "warning")))

    def _read_names(self, reading: _Reading) -> None:
        for name in NAME_FIELDS:
            reading.values[name] = reading.parse(name, reading.options(name))
        if reading.dialect is FREE:
            self._carry_names(reading)
            _take_section(reading)

    def _carry_names(self, reading: _Reading) -> None:
        """Carry a blank name down from the row above if a name below it is given."""
        if self._above is None or reading.row.section != self._above.row.section:
            return
        values, above = reading.values, self._above.values
        header = reading.row.header
        if not any(values[name] for name in NAME_FIELDS):
            if header.has("level2") and not reading.none & set(NAME_FIELDS):
                values.update({name: above[name] for name in NAME_FIELDS})
                reading.notes.append(("level1", Note("names-carried", "warning")))
            return
        if values["level1"] is None and header.has("level1") and "level1" not in reading.none:
            values["level1"] = above["level1"]
        same = values["level1"] == above["level1"]
        has_gap = values["level2"] is None and values["level3"] and "level2" not in reading.none
        if has_gap and header.has("level2") and same:
            values["level2"] = above["level2"]


def _drop_fillers(reading: _Reading) -> None:
    """Take what is only a filler as empty, and say so; ticks have words of their own."""
    for position, pieces in reading.pieces.items():
        if all(map(holds_value, pieces)):
            continue
        column = reading.row.header.columns[position]
        fillers = [piece for piece in pieces if piece.strip() and not holds_value(piece)]
        if column is None or column.choice is not None or not fillers:
            continue
        reading.pieces[position] = [piece for piece in pieces if holds_value(piece)]
        if not reading.pieces[position]:
            reading.none.add(column.field)
        if column.field in EXPECTED_FIELDS:
            note = Note("filler", params={"text": tidy(fillers[0])})
            reading.notes.append((column.field, note))


def _distrust_short_row(reading: _Reading) -> None:
    """Discard contradicting ticks of a row that lacks cells."""
    codes = {note.code for _, note in reading.notes}
    if "row-short" not in codes or not codes & {"audience-conflict", "mode-conflict"}:
        return
    for name in ("audience", "mode", "levels"):
        if reading.row.header.has(name):
            reading.values[name] = None
            reading.notes.append((name, Note("ticks-lost", "warning")))


def _take_section(reading: _Reading) -> None:
    """Use the section heading as the class of its items, above names without levels."""
    section = reading.row.section
    if section is None:
        return
    if reading.row.header.has("level2"):
        reading.extra[_SECTION_KEY] = section
        return
    reading.values["level2"] = reading.values["level1"]
    reading.values["level1"] = section


def _take_elements_from_name(reading: _Reading) -> None:
    deepest = next((name for name in reversed(NAME_FIELDS) if reading.values[name]), None)
    found = elements_in_name(reading.values[deepest]) if deepest else None
    if deepest and found:
        reading.values[deepest] = found[0]
        reading.values["content_elements"] = found[1].value
        reading.notes += [("content_elements", note) for note in found[1].notes]


def _read_extra(reading: _Reading) -> None:
    header = reading.row.header
    towns = [
        position
        for position in header.of("levels")
        if is_town_name(_label(header, position)) and reading.dialect is FREE
    ]
    for position in [*header.of(EXTRA), *towns]:
        option = reading.option(position)
        value = read_cell(reading.dialect[EXTRA], (option,))
        if value.value:
            reading.extra[_free_key(_label(header, position), reading.extra)] = value.value


def _label(header: Header, position: int) -> str:
    column = header.columns[position]
    return "" if column is None else column.label


def _free_key(label: str, taken: Mapping[str, str]) -> str:
    key, number = label, 2
    while key in taken:
        key = f"{label}({number})"
        number += 1
    return key


def _note_missing(reading: _Reading) -> None:
    said = {name for name, note in reading.notes if note.severity != "info"}
    for name in EXPECTED_FIELDS:
        if reading.values[name] is not None or name in said or not reading.row.header.has(name):
            continue
        if name in reading.none and name != "level1":
            continue
        code = "name-missing" if name == "level1" else "value-missing"
        severity = "error" if name == "level1" else "info" if name == "seq" else "warning"
        reading.notes.append((name, Note(code, severity)))  # type: ignore[arg-type]


def _source(row: DraftRow) -> RowSource:
    cells: dict[str, str] = {}
    for position, column in enumerate(row.header.columns):
        if column is None or position not in row.cells:
            continue
        text = visible(row.text(position)).strip()
        if not text:
            continue
        key = column.label if column.field == EXTRA else column.field
        shown = text if column.choice is None else f"{column.label}: {text}"
        cells[key] = f"{cells[key]}\n{shown}" if key in cells else shown
    return RowSource(row.place, cells)
