"""A page copied as one cell per line: header labels, then the cells of each row, line by line.

Where a row's cells begin and end is not printed. It is found by what lines look like, in the
order of the columns; ticks that a copy lost are not replaced.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.catalog.reading.blanks import fold, squeeze
from core.catalog.reading.drafts import DraftRow
from core.catalog.reading.fields.channels import is_channel_list
from core.catalog.reading.fields.enumeration import is_marked
from core.catalog.reading.fields.legal_basis import is_citation
from core.catalog.reading.fields.marks import TICKED, is_mark
from core.catalog.reading.fields.organs import looks_like_organ
from core.catalog.reading.fields.time_limits import looks_like_time_limit
from core.catalog.reading.grid import Line
from core.catalog.reading.headers import Header, collapsed, finished, is_header_words
from core.catalog.reading.labels import ITEM, NAME_FIELDS, field_of, option_of
from core.catalog.reading.model import Note
from core.catalog.reading.titles import kind_of

_MOST_LABEL_LINES = 4
_FEWEST_LABELS = 5
_LONGEST_EXTRA_LABEL = 15
_FEWEST_CELLS = 3
_MOST_TOKENS = 400
_LONGEST_NAME = 60
_TICKS = "ticks"
_NOTE_KINDS = frozenset({"note", "furniture", "attachment"})


@dataclass(frozen=True, slots=True)
class _Zone:
    """Columns that take lines together: one text column, or neighbouring columns of ticks."""

    field: str
    columns: tuple[int, ...]


def find_cell_header(lines: Sequence[Line], start: int) -> tuple[Header, int] | None:
    """Read labels, one or more lines each, from `start` on; also return the line after them."""
    if field_of(lines[start].text) != "seq":
        return None
    labels, position = _labels(lines, start)
    if len(labels) < _FEWEST_LABELS or not is_header_words(labels):
        return None
    groups, options = _separated(labels)
    return finished(collapsed(groups, options)), position


def _labels(lines: Sequence[Line], start: int) -> tuple[list[str], int]:
    labels: list[str] = []
    position = start
    while position < len(lines):
        if not squeeze(lines[position].text):
            position += 1
            continue
        label, after = _label_at(lines, position)
        if label is None:
            break
        labels.append(label)
        position = after
    return labels, position


def _label_at(lines: Sequence[Line], position: int) -> tuple[str | None, int]:
    best: tuple[str | None, int] = (None, position)
    joined = ""
    end = position
    for _ in range(_MOST_LABEL_LINES):
        while end < len(lines) and not squeeze(lines[end].text):
            end += 1
        if end == len(lines):
            break
        joined += squeeze(lines[end].text)
        end += 1
        if field_of(joined) or option_of(joined):
            best = (joined, end)
    if best[0] is None and _is_extra_label(lines[position].text):
        return squeeze(lines[position].text), position + 1
    return best


def _is_extra_label(text: str) -> bool:
    word = squeeze(text)
    return len(word) <= _LONGEST_EXTRA_LABEL and not word[0].isdigit() and not is_mark(word)


def _separated(labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell the labels that stand under a group's label from those that stand alone."""
    fields = {field_of(label) for label in labels}
    groups: list[str] = []
    options: list[str] = []
    for label in labels:
        option = option_of(label)
        group = ITEM if option and option.field in NAME_FIELDS else option and option.field
        under = option is not None and (group in fields or option.field == "levels")
        (options if under else groups).append(label)
    return groups, options


def read_cell_lines(header: Header, lines: Sequence[Line]) -> list[DraftRow]:
    """Read the rows below such a header."""
    rows: list[DraftRow] = []
    zones = _zones(header)
    for place, seq, tokens in _chunks(lines):
        row = DraftRow(place, header, {header.of("seq")[0]: [seq]})
        _fill(row, zones, tokens[:_MOST_TOKENS], first=not rows)
        if len(tokens) > _MOST_TOKENS:
            row.notes.append((None, Note("row-too-long", "warning")))
        rows.append(row)
    return rows


def _zones(header: Header) -> list[_Zone]:
    zones: list[_Zone] = []
    for position, column in enumerate(header.columns):
        if column is None or column.field == "seq":
            continue
        if column.choice is None:
            zones.append(_Zone(column.field, (position,)))
        elif zones and zones[-1].field == _TICKS:
            zones[-1] = _Zone(_TICKS, (*zones[-1].columns, position))
        else:
            zones.append(_Zone(_TICKS, (position,)))
    return zones


def _chunks(lines: Sequence[Line]) -> Iterator[tuple[str, str, list[str]]]:
    """Cut the lines at the numbers of rows; give place, number and the lines of each."""
    chunk: tuple[str, str, list[str]] | None = None
    last = 0
    for index, line in enumerate(lines):
        number = _row_number(line.text)
        if number is not None and _goes_on(number, last, lines[index + 1 :]):
            if chunk is not None:
                yield chunk
            chunk, last = (line.place, squeeze(line.text), []), number
        elif chunk is not None and line.text.strip(" \t"):
            chunk[2].append(line.text)
    if chunk is not None:
        yield chunk


def _row_number(text: str) -> int | None:
    word = fold(squeeze(text)).rstrip(".、")
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 6 else None


def _goes_on(number: int, last: int, following: Sequence[Line]) -> bool:
    """Say whether a number begins the next row: one on, or a restart, or a gap before a row."""
    if number == last + 1:
        return True
    if number <= last and number != 1:
        return False
    cells = 0
    for line in following[: 2 * _FEWEST_CELLS]:
        if _row_number(line.text) is not None:
            break
        cells += bool(squeeze(line.text))
    return cells >= _FEWEST_CELLS


def _fill(row: DraftRow, zones: Sequence[_Zone], tokens: Sequence[str], *, first: bool) -> None:
    tokens = list(_until_note(tokens))
    placed = _align(tokens, zones, first=first)
    for zone, mine in zip(zones, placed, strict=True):
        if zone.field == _TICKS:
            _fill_ticks(row, zone, mine)
        elif mine:
            row.cells[zone.columns[0]] = ["\n".join(mine)]
    _judge(row, zones, placed)


def _until_note(tokens: Sequence[str]) -> Iterator[str]:
    for token in tokens:
        kind = kind_of(token)
        if kind in _NOTE_KINDS:
            return
        if kind != "page" or is_mark(token):
            yield token


def _fill_ticks(row: DraftRow, zone: _Zone, tokens: Sequence[str]) -> None:
    tokens = _with_text(tokens)
    if len(tokens) == len(zone.columns):
        for column, token in zip(zone.columns, tokens, strict=True):
            row.cells[column] = [token]
        return
    fields = dict.fromkeys(
        at.field for position in zone.columns if (at := row.header.columns[position]) is not None
    )
    row.notes += [(field, Note("ticks-lost", "warning")) for field in fields]


def _with_text(tokens: Sequence[str]) -> list[str]:
    """Put the text below a tick (the group that is meant) together with it."""
    joined: list[str] = []
    for token in tokens:
        if joined and squeeze(token) and not is_mark(token) and squeeze(joined[-1])[:1] in TICKED:
            joined[-1] += f"\n{token}"
        else:
            joined.append(token)
    return joined


def _judge(row: DraftRow, zones: Sequence[_Zone], placed: Sequence[Sequence[str]]) -> None:
    """Say so where names and contents could also be divided otherwise."""
    contents = next(
        (
            mine
            for zone, mine in zip(zones, placed, strict=True)
            if zone.field == "content_elements"
        ),
        (),
    )
    names = [mine for zone, mine in zip(zones, placed, strict=True) if zone.field in NAME_FIELDS]
    unmarked = [line for line in contents if not is_marked(line)]
    if any(not mine for mine in names) or (len(unmarked) > 1 and len(unmarked) == len(contents)):
        row.notes.append(("level1", Note("split-uncertain", "warning")))


def _align(tokens: Sequence[str], zones: Sequence[_Zone], *, first: bool) -> list[list[str]]:
    """Divide the lines among the zones, in order, so that they look like what they are."""
    empty = [0.0]
    for zone in zones:
        empty.append(empty[-1] + _empty_cost(zone.field, first=first))
    best: list[list[tuple[float, int]]] = []
    for index, token in enumerate(tokens):
        line: list[tuple[float, int]] = []
        for number, zone in enumerate(zones):
            opening = _score(token, zone.field)
            if index == 0:
                line.append((empty[number] + opening, -1))
                continue
            options = [(best[-1][number][0] + _extended(token, zone.field), number)]
            options += [
                (best[-1][before][0] + empty[number] - empty[before + 1] + opening, before)
                for before in range(number)
            ]
            line.append(max(options))
        best.append(line)
    return _traced(tokens, zones, best, empty)


def _traced(
    tokens: Sequence[str],
    zones: Sequence[_Zone],
    best: Sequence[Sequence[tuple[float, int]]],
    empty: Sequence[float],
) -> list[list[str]]:
    placed: list[list[str]] = [[] for _ in zones]
    if not tokens or not zones:
        return placed
    last = [
        (score + empty[-1] - empty[number + 1], number)
        for number, (score, _) in enumerate(best[-1])
    ]
    number = max(last)[1]
    for index in range(len(tokens) - 1, -1, -1):
        placed[number].insert(0, tokens[index])
        number = best[index][number][1]
    return placed


def _empty_cost(field: str, *, first: bool) -> float:
    if field == "level1":
        return -9.0 if first else -1.2
    return {
        "content_elements": -2.0,
        "level2": -1.5,
        "level3": -1.0,
        _TICKS: 0.0,
        "extra": 0.0,
    }.get(field, -0.6)


def _extended(token: str, field: str) -> float:
    """Score a line as a further line of the zone that the line before is in."""
    if field in NAME_FIELDS:
        return -3.0
    if not squeeze(token) and field != _TICKS:
        return -2.0
    if field == _TICKS and not is_mark(token):
        return 0.6 if not squeeze(token) else -0.5
    return _score(token, field)


def _score(token: str, field: str) -> float:
    """Score a line as the first of a zone: above 0 where it looks like it belongs there."""
    text = squeeze(token)
    if not text:
        return 0.6 if field == _TICKS else 0.2
    if is_mark(text):
        return 3.0 if field == _TICKS else -3.0
    if field == _TICKS:
        return -1.0 if text[0] in TICKED else -4.0
    return _TEXT_SCORES.get(field, _score_other)(text)


def _score_name(text: str) -> float:
    if is_marked(text) or is_citation(text) or text[0] in TICKED or len(text) > _LONGEST_NAME:
        return -2.0
    return -0.5 if looks_like_time_limit(text) else 1.0


def _score_contents(text: str) -> float:
    if is_marked(text) and text[0] not in TICKED:
        return 1.5
    if is_channel_list(text):
        return -3.0
    if "《" in text or looks_like_time_limit(text):
        return -1.0
    return 0.4 if looks_like_organ(text) else 0.6


def _score_basis(text: str) -> float:
    if "《" in text or "同上" in text:
        return 2.0
    return 0.8 if is_citation(text) else -1.0


def _score_limit(text: str) -> float:
    return 2.0 if looks_like_time_limit(text) or "同上" in text else -1.5


def _score_organ(text: str) -> float:
    if text[0] in TICKED:
        return -3.0
    return 1.5 if looks_like_organ(text) or text == "同上" else -0.3


def _score_channels(text: str) -> float:
    return 3.0 if is_channel_list(text) or text == "同上" else -1.0


def _score_other(_text: str) -> float:
    return 0.0


_TEXT_SCORES = {
    **dict.fromkeys(NAME_FIELDS, _score_name),
    "content_elements": _score_contents,
    "legal_basis": _score_basis,
    "time_limit": _score_limit,
    "responsible_organ": _score_organ,
    "channels": _score_channels,
}
