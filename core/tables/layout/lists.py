"""Numbered lists in running text that are catalogs: classes, and items numbered inside them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.tables.fields.enumeration import clean_entry, number_value
from core.tables.grid import Line
from core.tables.labels import NAME_FIELDS, Column
from core.tables.layout.headers import Header, finished
from core.tables.layout.state import DraftRow
from core.tables.layout.titles import line_kind
from core.tables.model import Note
from core.tables.text import fold, tidy

_STYLES = (
    re.compile(r"^第?(?P<number>[一二三四五六七八九十]{1,3})(?:[、.]|[部章节类][分]?[、.:]?)"),
    re.compile(r"^\((?P<number>[一二三四五六七八九十]{1,3})\)、?"),
    re.compile(r"^(?P<number>\d{1,3})[.、)](?!\d)"),
    re.compile(r"^\((?P<number>\d{1,3})\)、?|^(?P<circled>[\u2460-\u2473])"),
)
_ARABIC = 2
_FEWEST_ITEMS = 3
_LONGEST_ITEM = 80


@dataclass(slots=True)
class _Entry:
    """A numbered line: its style's rank, its number, its text, and the headings above it."""

    place: str
    rank: int
    number: str
    text: str
    above: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_list(lines: Sequence[Line]) -> list[DraftRow] | None:
    """Read a list of items; `None` where the lines are prose or too few to be a catalog."""
    entries = _entries(lines)
    if not _is_catalog(entries, sum(bool(line.text.strip()) for line in lines)):
        return None
    items = _items(entries)
    if len(items) < _FEWEST_ITEMS:
        return None
    depth = max(len(item.above) for item in items) + 1
    names = NAME_FIELDS[:depth]
    columns = [Column("seq", ""), *(Column(name, "") for name in names)]
    if any(item.parts for item in items):
        columns.append(Column("content_elements", ""))
    header = finished(columns)
    return [_to_row(item, header, len(names)) for item in items]


def _to_row(item: _Entry, header: Header, depth: int) -> DraftRow:
    row = DraftRow(item.place, header, _cells(item, depth))
    row.notes += [
        (None, Note("continuation-unclear", "warning", {"text": text})) for text in item.unread
    ]
    return row


def _cells(item: _Entry, depth: int) -> dict[int, list[str]]:
    names = [*item.above, item.text][-depth:]
    cells = {0: [item.number]}
    cells |= {index + 1: [name] for index, name in enumerate(names)}
    if item.parts:
        cells[depth + 1] = ["\n".join(f"●{part}" for part in item.parts)]
    return cells


def _entries(lines: Sequence[Line]) -> list[_Entry]:
    entries: list[_Entry] = []
    for line in lines:
        text = tidy(line.text)
        if not text or line_kind(text) == "page":
            continue
        entry = _entry(line.place, text)
        if entry is not None:
            entries.append(entry)
        elif entries and not _ended(entries[-1].text):
            entries[-1].text += text
        elif entries:
            entries.append(_Entry(line.place, -1, "", text))
    return entries


def _ended(text: str) -> bool:
    return fold(text).endswith((";", "。", ":"))


def _entry(place: str, text: str) -> _Entry | None:
    folded = fold(text)
    for rank, style in enumerate(_STYLES):
        match = style.match(folded)
        if match and match.end() < len(text):
            number = match["number"] or match.groupdict().get("circled") or ""
            return _Entry(place, rank, number, text[match.end() :])
    return None


def find_list_number(text: str) -> tuple[int, int] | None:
    """Return the style and the number that open a line of a list; `None` for any other line."""
    entry = _entry("", tidy(text))
    return None if entry is None else (entry.rank, number_value(entry.number))


def _is_catalog(entries: Sequence[_Entry], line_count: int) -> bool:
    numbered = [entry for entry in entries if entry.rank >= 0]
    if len(numbered) < _FEWEST_ITEMS or 10 * len(numbered) < 7 * line_count:
        return False
    return all(
        len(entry.text) <= _LONGEST_ITEM and "。" not in entry.text.rstrip("。")
        for entry in numbered
    )


def _items(entries: Sequence[_Entry]) -> list[_Entry]:
    """Return the entries that are items, each with the headings above and the parts below it."""
    numbered = [entry for entry in entries if entry.rank >= 0]
    ranks = {entry.rank for entry in numbered}
    leaf = _ARABIC if _ARABIC in ranks else max(ranks)
    items: list[_Entry] = []
    headings: dict[int, str] = {}
    waiting: dict[int, str] = {}
    unread: list[str] = []
    for entry in entries:
        if 0 <= entry.rank < leaf:
            unread += [text for rank, text in waiting.items() if rank >= entry.rank]
            waiting = {rank: text for rank, text in waiting.items() if rank < entry.rank}
            headings = {rank: text for rank, text in headings.items() if rank < entry.rank}
            heading = clean_entry(entry.text.rstrip(":\uff1a"))
            headings[entry.rank] = waiting[entry.rank] = heading
        elif entry.rank == leaf:
            entry.above = [headings[rank] for rank in sorted(headings)][:2]
            entry.text = clean_entry(entry.text)
            items.append(entry)
            waiting = {}
        elif entry.rank > leaf and items:
            items[-1].parts.append(clean_entry(entry.text))
        else:
            unread.append(entry.text)
        if items and unread:
            items[-1].unread += unread
            unread = []
    if items:
        items[-1].unread += waiting.values()
    return items
