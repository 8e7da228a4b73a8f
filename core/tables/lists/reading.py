"""Read a list of any feature into rows with named columns: errors by row and column, a preview.

Nothing is guessed and nothing is lost without a word: what is not read is told.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.tables.lists.columns import ListColumn, is_header, match_headings
from core.tables.lists.source import ListSource, SourceRow
from core.tables.messages import MESSAGES, format_message, format_place
from core.tables.text import tidy

MAX_LIST_ROWS = 5_000
_HEADER_WITHIN = 30
# Names a row's cells by their look, for lists without headings.
GuessColumns = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row that can be stored: where it stood, its values and its texts by column key.

    `others` holds cells below headings that the list does not know, by heading.
    """

    place: str
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListFault:
    """What is wrong with a cell (`column`), a row, or the whole list (no `place`)."""

    code: str
    place: str = ""
    column: ListColumn | None = None
    text: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def message(self, language: str = "zh") -> str:
        """Return the fault in words, in `zh` or `en`; a code that nobody knows is its own words."""
        told = (
            format_message(self.code, self.params, language) if self.code in MESSAGES else self.code
        )
        return f"{self.column.label}: {told}" if self.column else told

    def where(self, language: str = "zh") -> str:
        """Return the place in words."""
        return format_place(self.place, language)


@dataclass(slots=True)
class ListRead:
    """What a list gave: rows to store, rows with faults left out, and remarks for the reader."""

    columns: tuple[ListColumn, ...] = ()
    headings: dict[str, str] = field(default_factory=dict)
    rows: list[ListRow] = field(default_factory=list)
    faults: list[ListFault] = field(default_factory=list)
    notes: list[ListFault] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        """How many rows were left out for their faults."""
        return len({fault.place for fault in self.faults if fault.place})

    def to_findings(self, language: str = "zh") -> list[dict[str, str]]:
        """Return faults and remarks as the component `findings` shows them, faults first."""
        return [
            {
                "severity": severity,
                "message": found.message(language),
                "where": found.where(language),
                "excerpt": found.text,
            }
            for severity, every in (("error", self.faults), ("info", self.notes))
            for found in every
        ]

    def to_preview(self, language: str = "zh", most: int = 50) -> dict[str, Any]:
        """Return what the component `list_preview` shows: the first rows, findings, the text."""
        keys = [column for column in self.columns if column.key in self.headings]
        return {
            "columns": [column.label for column in keys],
            "lines": [[row.texts.get(one.key, "") for one in keys] for row in self.rows[:most]],
            "count": len(self.rows),
            "bad_rows": self.bad_rows,
            "findings": self.to_findings(language),
            "text": self.to_text(),
        }

    def to_text(self) -> str:
        """Return the good rows as tab-separated text, which reads back as they are.

        For the form that confirms a preview: no file is kept between the two.
        """
        keys = [column for column in self.columns if column.key in self.headings]
        end = [""] if len(keys) == 1 else []  # one column alone has no delimiter to be told by
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow([*(column.label for column in keys), *end])
        for row in self.rows:
            writer.writerow([*(row.texts.get(column.key, "") for column in keys), *end])
        return stream.getvalue()


def read_list(
    source: ListSource,
    columns: Sequence[ListColumn],
    *,
    guess: GuessColumns | None = None,
    most: int = MAX_LIST_ROWS,
) -> ListRead:
    """Read the first table that has the list's headings (below titles, too).

    Without such a table the rows are named by `guess`; without that, the list has one fault that
    says which headings it needs.
    """
    read = ListRead(columns=tuple(columns))
    if source.hidden_rows:
        read.notes.append(ListFault("rows-hidden", params={"count": str(source.hidden_rows)}))
    read.notes += _list_unread(source)
    for number, table in enumerate(source.tables):
        header = _find_header(table, columns)
        if header is not None:
            _tell_rest(read, source.tables[number + 1 :])
            _read_table(read, table, *header, most)
            return read
    if guess is not None:
        _read_guessed(read, source, guess, most)
    else:
        labels = "、".join(column.label for column in columns if column.required)
        read.faults.append(ListFault("no-header", params={"columns": labels}))
    return read


def _list_unread(source: ListSource) -> Iterator[ListFault]:
    """Give what cells hold that is not their text: struck through, hidden, a table inside."""
    for row in (row for table in source.tables for row in table):
        for part in row.unread:
            params = {"text": tidy(part.text)[:200]}
            yield ListFault(part.code, row.place, params=params)


def _find_header(
    table: Sequence[SourceRow], columns: Sequence[ListColumn]
) -> tuple[int, dict[int, ListColumn]] | None:
    """Return the row among the first ones that matches most columns, and its columns."""
    best: tuple[int, dict[int, ListColumn]] | None = None
    for number, row in enumerate(table[:_HEADER_WITHIN]):
        found = match_headings(row.cells, columns)
        if is_header(found, columns) and (best is None or len(found) > len(best[1])):
            best = number, found
    return best


def _tell_rest(read: ListRead, tables: Sequence[Sequence[SourceRow]]) -> None:
    for table in tables:
        if table:
            read.notes.append(ListFault("table-not-read", table[0].place, params={
                "count": str(len(table))
            }))  # fmt: skip


def _read_table(
    read: ListRead,
    table: Sequence[SourceRow],
    header: int,
    found: Mapping[int, ListColumn],
    most: int,
) -> None:
    headings = table[header].cells
    read.headings = {column.key: tidy(headings[place]) for place, column in found.items()}
    for column in read.columns:
        if column.required and column.key not in read.headings:
            read.faults.append(ListFault("column-not-found", column=column))
    if read.faults:
        return
    for row in table[:header]:
        read.notes.append(ListFault("row-above-header", row.place, text=_excerpt(row)))
    for row in table[header + 1 :]:
        if row.cells == headings:
            continue
        if row.unclear:
            read.faults.append(ListFault("row-unclear", row.place, text=_excerpt(row)))
            continue
        if row.single:
            read.notes.append(ListFault("row-is-note", row.place, text=_excerpt(row)))
            continue
        _add(read, row, _named(row, found), most, _others(row, headings, found))


def _named(row: SourceRow, found: Mapping[int, ListColumn]) -> dict[str, str]:
    return {
        column.key: _clean(row.cells[place])
        for place, column in found.items()
        if place < len(row.cells)
    }


def _others(
    row: SourceRow, headings: Sequence[str], found: Mapping[int, ListColumn]
) -> dict[str, str]:
    """Return the cells below other headings; a cell below none gets its column's number."""
    return {
        tidy(headings[place]) if place < len(headings) and headings[place] else str(place + 1): text
        for place, cell in enumerate(row.cells)
        if place not in found and (text := _clean(cell))
    }


def _read_guessed(read: ListRead, source: ListSource, guess: GuessColumns, most: int) -> None:
    for row in (row for table in source.tables[:1] for row in table):
        texts = {key: _clean(text) for key, text in guess([*map(_clean, row.cells)]).items()}
        read.headings |= {key: "" for key in texts if texts[key]}
        _add(read, row, texts, most, {})
    _tell_rest(read, source.tables[1:])


def _clean(text: str) -> str:
    """Return a cell's text on one line, without the apostrophe that keeps it from being run."""
    return tidy(tidy(text).lstrip("' "))


def _add(
    read: ListRead,
    row: SourceRow,
    texts: Mapping[str, str],
    most: int,
    others: Mapping[str, str],
) -> None:
    if not any(texts.values()):
        if others:
            read.notes.append(ListFault("row-without-columns", row.place, text=_excerpt(row)))
        return
    if len(read.rows) >= most:
        fault = ListFault("list-too-long", row.place, params={"most": str(most)})
        read.faults.append(fault)
        return
    values: dict[str, Any] = {}
    faults = list(_parse(row, read.columns, texts, values))
    read.faults += faults
    if not faults:
        read.rows.append(ListRow(row.place, values, dict(texts), others))


def _parse(
    row: SourceRow,
    columns: Sequence[ListColumn],
    texts: Mapping[str, str],
    values: dict[str, Any],
) -> Iterator[ListFault]:
    """Put the values of a row into `values`; give what is wrong, column by column."""
    for column in columns:
        text = texts.get(column.key, "")
        if not text:
            values[column.key] = None
            if column.required:
                yield ListFault("cell-missing", row.place, column, _excerpt(row))
        elif len(text) > column.longest:
            params = {"most": str(column.longest)}
            yield ListFault("cell-too-long", row.place, column, _excerpt(row), params)
        else:
            try:
                values[column.key] = column.parse(text)
            except ValueError as error:
                yield ListFault(str(error), row.place, column, text)


def _excerpt(row: SourceRow) -> str:
    return " ".join(dict.fromkeys(filter(None, map(_clean, row.cells))))[:200]
