"""A page copied as one cell per line: header labels, then the cells of each row, line by line.

Where a row's cells begin and end is not printed. It is found by what lines look like, in the
order of the columns; ticks that a copy lost are not replaced.
"""

from collections.abc import Iterator, Sequence

from core.tables.fields.enumeration import is_marked
from core.tables.fields.ticks import TICKED, is_mark
from core.tables.fields.wrapping import is_broken_word, is_cut
from core.tables.grid import Line
from core.tables.labels import ITEM, NAME_FIELDS, find_field, find_tick_column
from core.tables.layout.alignment import TICKS, Zone, align
from core.tables.layout.headers import Header, collapsed, finished, is_header_words
from core.tables.layout.state import DraftRow
from core.tables.layout.titles import line_kind
from core.tables.model import Note
from core.tables.text import fold, squeeze, tidy

_MOST_LABEL_LINES = 4
_FEWEST_LABELS = 5
_LONGEST_EXTRA_LABEL = 15
_FEWEST_CELLS = 3
_MOST_TOKENS = 400
_NOTE_KINDS = frozenset({"note", "furniture", "attachment"})


def find_cell_header(lines: Sequence[Line], start: int) -> tuple[Header, int] | None:
    """Read labels, one or more lines each, from `start` on; also return the line after them."""
    if find_field(lines[start].text) != "seq":
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
        if find_field(joined) or find_tick_column(joined):
            best = (joined, end)
    if best[0] is None and _is_extra_label(lines[position].text):
        return squeeze(lines[position].text), position + 1
    return best


def _is_extra_label(text: str) -> bool:
    word = squeeze(text)
    return len(word) <= _LONGEST_EXTRA_LABEL and not word[0].isdigit() and not is_mark(word)


def _separated(labels: Sequence[str]) -> tuple[list[str], list[str]]:
    """Tell the labels that stand under a group's label from those that stand alone."""
    fields = {find_field(label) for label in labels}
    groups: list[str] = []
    options: list[str] = []
    for label in labels:
        option = find_tick_column(label)
        group = ITEM if option and option.field in NAME_FIELDS else option and option.field
        under = option is not None and (group in fields or option.field == "levels")
        (options if under else groups).append(label)
    return groups, options


def read_cell_lines(header: Header, lines: Sequence[Line]) -> tuple[list[DraftRow], Sequence[Line]]:
    """Read the rows below such a header; also return the lines that belong to none."""
    rows: list[DraftRow] = []
    zones = _zones(header)
    start, end = _start_of_rows(lines), _end_of_rows(lines)
    are_cells = all(line.is_cell for line in lines[start:end])
    for place, seq, tokens in _chunks(lines[start:end]):
        row = DraftRow(place, header, {header.of("seq")[0]: [seq]})
        if not are_cells or not _fill_in_order(row, tokens):
            _fill(row, zones, tokens[:_MOST_TOKENS], first=not rows)
        if len(tokens) > _MOST_TOKENS:
            row.notes.append((None, Note("row-too-long", "warning")))
        rows.append(row)
    return rows, [*lines[:start], *lines[max(start, end) :]]


def _start_of_rows(lines: Sequence[Line]) -> int:
    for index, line in enumerate(lines):
        number = find_row_number(line.text)
        if number is not None and _goes_on(number[1], 0, lines[index + 1 :]):
            return index
    return len(lines)


def _end_of_rows(lines: Sequence[Line]) -> int:
    """Return where notes below the last row begin: no number of a row comes after them."""
    for index in range(len(lines) - 1, -1, -1):
        if find_row_number(lines[index].text) is not None:
            rest = range(index + 1, len(lines))
            return next((n for n in rest if line_kind(lines[n].text) in _NOTE_KINDS), len(lines))
    return 0


def _fill_in_order(row: DraftRow, cells: Sequence[str]) -> bool:
    """Put whole cells under their columns; `False` where there are not as many as columns."""
    columns = [
        position
        for position, column in enumerate(row.header.columns)
        if column is not None and column.field != "seq"
    ]
    if len(columns) != len(cells):
        return False
    row.cells |= {
        position: [cell] for position, cell in zip(columns, cells, strict=True) if squeeze(cell)
    }
    return True


def _zones(header: Header) -> list[Zone]:
    zones: list[Zone] = []
    for position, column in enumerate(header.columns):
        if column is None or column.field == "seq":
            continue
        if column.choice is None:
            zones.append(Zone(column.field, (position,)))
        elif zones and zones[-1].field == TICKS:
            zones[-1] = Zone(TICKS, (*zones[-1].columns, position))
        else:
            zones.append(Zone(TICKS, (position,)))
    return zones


def _chunks(lines: Sequence[Line]) -> Iterator[tuple[str, str, list[str]]]:
    """Cut the lines at the numbers of rows; give place, number and the lines of each."""
    chunk: tuple[str, str, list[str]] | None = None
    last = 0
    for index, line in enumerate(lines):
        found = find_row_number(line.text)
        number = None if found is None else found[1]
        if number is not None and _goes_on(number, last, lines[index + 1 :]):
            if chunk is not None:
                yield chunk
            chunk, last = (line.place, squeeze(line.text), []), number
        elif chunk is not None and line.text.strip(" \t"):
            chunk[2].append(line.text)
    if chunk is not None:
        yield chunk


def find_row_number(text: str) -> tuple[int, int] | None:
    """Return the number of a row that stands alone on its line (style 0), else `None`."""
    word = fold(squeeze(text)).rstrip(".、")
    return (0, int(word)) if word.isascii() and word.isdigit() and len(word) <= 6 else None


def _goes_on(number: int, last: int, following: Sequence[Line]) -> bool:
    """Say whether a number begins the next row: one on, or a restart, or a gap before a row."""
    if number == last + 1:
        return True
    if number <= last and number != 1:
        return False
    cells = 0
    for line in following[: 2 * _FEWEST_CELLS]:
        if find_row_number(line.text) is not None:
            break
        cells += bool(squeeze(line.text))
    return cells >= _FEWEST_CELLS


def _fill(row: DraftRow, zones: Sequence[Zone], tokens: Sequence[str], *, first: bool) -> None:
    tokens = list(_joined_words(list(_without_pages(tokens))))
    placed = align(tokens, zones, first=first)
    for zone, mine in zip(zones, placed, strict=True):
        if zone.field == TICKS:
            _fill_ticks(row, zone, mine)
        elif mine:
            row.cells[zone.columns[0]] = ["\n".join(mine)]
    _judge(row, zones, placed)
    _distrust_cut(row, zones, placed)


def _without_pages(tokens: Sequence[str]) -> Iterator[str]:
    for token in tokens:
        kind = line_kind(token)
        if kind != "page" or is_mark(token):
            yield token


def _joined_words(tokens: Sequence[str]) -> Iterator[str]:
    """Give lines, those between which a known word stands put together."""
    waiting: str | None = None
    for token in tokens:
        if waiting is None:
            waiting = token
        elif is_broken_word(tidy(waiting), tidy(token)):
            waiting = waiting.rstrip() + token.lstrip()
        else:
            yield waiting
            waiting = token
    if waiting is not None:
        yield waiting


def _distrust_cut(row: DraftRow, zones: Sequence[Zone], placed: Sequence[Sequence[str]]) -> None:
    """Discard the cells that a broken word touches; say where lines were divided by their look."""
    filled = [number for number, mine in enumerate(placed) if any(map(squeeze, mine))]
    for place, number in enumerate(filled):
        zone, mine = zones[number], placed[number]
        beside = filled[max(0, place - 1) : place + 2]
        if zone.field != TICKS and any(is_cut(tidy(line)) for line in mine):
            for touched in beside:
                _discard(row, zones[touched], placed[touched])
        elif zone.field != TICKS and len(mine) > 1:
            fields = (zones[near].field for near in beside if zones[near].field != TICKS)
            row.notes += [(field, Note("split-by-looks")) for field in fields]


def _discard(row: DraftRow, zone: Zone, lines: Sequence[str]) -> None:
    if zone.field != TICKS and row.cells.pop(zone.columns[0], []):
        note = Note("words-cut", "warning", {"text": " / ".join(map(tidy, lines))})
        row.notes.append((zone.field, note))


def _fill_ticks(row: DraftRow, zone: Zone, tokens: Sequence[str]) -> None:
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


def _judge(row: DraftRow, zones: Sequence[Zone], placed: Sequence[Sequence[str]]) -> None:
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
