"""Text and CSV as tables and lines: delimited rows, and everything else line by line."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from core.tables.grid import Block, Line, Table, plain_table
from core.tables.labels import find_field
from core.tables.layout.headers import find_header
from core.tables.limits import MAX_CELLS, MAX_LINES, UnreadableFile

#: Bars of every kind; a cell between them is not quoted.
_BARS = "|\uff5c\u00a6\u2502"
_DELIMITERS = (*_BARS, "\t", ",", ";")
_RULE = re.compile(r"^[\s|\uff5c\u00a6+:=\-\u2500-\u257f]*$")
#: The mark of a heading in Markdown.
_HEADING = re.compile(r"^#{1,6}\s+")
_FEWEST_DELIMITERS = 2
_FEWEST_ENDED = 8
_MOST_HEADER_TRIES = 2_000
_MOST_CELLS_IN_ROW = 2_000


def read_text(text: str, filename: str) -> list[Block]:
    """Return delimited rows as tables, other lines as lines.

    The delimiter is the one by which a header of a catalog is recognised.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MAX_LINES:
        raise UnreadableFile("table-too-large", filename, f"第{MAX_LINES}行")
    for bar in _BARS:
        if _ends_cells(lines, bar):
            return list(_cells_by_end(lines, bar))
    for delimiter in _DELIMITERS:
        if not _may_delimit(lines, delimiter):
            continue
        blocks = list(_delimited(lines, delimiter, filename))
        if _has_header(blocks):
            return blocks
    return [Line(f"第{number}行", _HEADING.sub("", line)) for number, line in enumerate(lines, 1)]


def _ends_cells(lines: Sequence[str], bar: str) -> bool:
    """Say whether a bar ends each cell, one cell a line; long cells may go on over lines."""
    ended = [line for line in lines if line.rstrip().endswith(bar)]
    if len(ended) < _FEWEST_ENDED or any(line.count(bar) > 1 for line in ended):
        return False
    if sum(bar in line for line in lines) > len(ended):
        return False
    return any(find_field(line.rstrip()[:-1]) == "seq" for line in ended)


def _cells_by_end(lines: Sequence[str], bar: str) -> Iterator[Line]:
    """Give each cell as a line; lines before the first bar and after the last as they are."""
    last = max(number for number, line in enumerate(lines) if line.rstrip().endswith(bar))
    first = next(n for n, line in enumerate(lines) if line.rstrip().endswith(bar))
    cell: list[str] = []
    for number, line in enumerate(lines):
        place = f"第{number + 1}行"
        if number < first or number > last:
            yield Line(place, _HEADING.sub("", line))
        elif line.rstrip().endswith(bar):
            text = "\n".join([*cell, line.rstrip()[:-1]]).strip(" \n")
            # A blank cell keeps its place.
            yield Line(place, text or "\u00a0", is_cell=True)
            cell = []
        elif line.strip():
            cell.append(line)


def _may_delimit(lines: Sequence[str], delimiter: str) -> bool:
    counts = [line.count(delimiter) for line in lines]
    return _FEWEST_DELIMITERS <= max(counts) <= _MOST_CELLS_IN_ROW


def _has_header(blocks: Sequence[Block]) -> bool:
    """Say whether the first rows of several cells hold the header of a catalog."""
    tables = (block for block in blocks if isinstance(block, Table))
    rows = (
        (table, row.number)
        for table in tables
        for row in table.rows
        if len(row.cells) > _FEWEST_DELIMITERS
    )
    return any(
        find_header(table, number) is not None for table, number in islice(rows, _MOST_HEADER_TRIES)
    )


def _delimited(lines: Sequence[str], delimiter: str, filename: str) -> Iterator[Block]:
    rows: list[tuple[int, list[str]]] = []
    cells = 0
    for number, values in split_rows(lines, delimiter, filename):
        if len(values) < 2:
            yield from _table(rows)
            rows = []
            yield Line(f"第{number}行", _HEADING.sub("", values[0]) if values else "")
            continue
        cells += len(values)
        if cells > MAX_CELLS:
            raise UnreadableFile("table-too-large", filename, f"第{number}行")
        rows.append((number, values))
    yield from _table(rows)


def _table(rows: Sequence[tuple[int, list[str]]]) -> Iterator[Table]:
    if not rows:
        return
    leading = all(not values[0].strip() for _, values in rows)
    texts = [(f"第{number}行", values[1:] if leading else values) for number, values in rows]
    yield plain_table(f"第{rows[0][0]}行起的表格", texts)


def split_rows(
    lines: Sequence[str], delimiter: str, filename: str
) -> Iterator[tuple[int, list[str]]]:
    """Split lines into cells, each row with its line's number; cells may be quoted."""
    if delimiter in _BARS:
        for number, line in enumerate(lines, 1):
            if delimiter not in line:
                yield number, [line]
            elif not _RULE.match(line) or "-" not in line:
                yield number, [cell.strip(" ") for cell in line.split(delimiter)]
        return
    yield from _quoted(lines, delimiter, filename)


def _quoted(lines: Sequence[str], delimiter: str, filename: str) -> Iterator[tuple[int, list[str]]]:
    """Read rows whose cells may be quoted and hold line breaks."""
    text = io.StringIO("\n".join(lines).replace("\x00", ""))
    if text.getvalue().count('"') % 2:
        # A lone quote would swallow the rest of the file: quotes are text here.
        reader = csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(text, delimiter=delimiter)
    before = 0
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile("csv-damaged", filename, f"第{reader.line_num}行") from error
        yield before + 1, values if any(value.strip() for value in values) else []
        before = reader.line_num
