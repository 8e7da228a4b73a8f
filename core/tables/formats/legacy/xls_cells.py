"""Cells of an old workbook (.xls, .et) with what is known of their looks; run by `xls` apart.

The library reads a workbook as a whole, and a small file may describe an enormous one: this runs
in a process of its own, within limits.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from core.tables.confinement import MIB, Limits, confine
from core.tables.formats.colors import LARGEST_UNSEEN, LOWEST_ROW, NARROWEST_COLUMN, is_unseen

LIMITS = Limits(seconds=30, patience=60, memory=1024 * MIB, output=128 * MIB)
UNREADABLE, ENCRYPTED = 3, 4
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5
_LARGEST_COLUMN = 256
#: Heights are in twentieths of a point, widths in 256ths of a letter.
_LEAST_HEIGHT, _LEAST_WIDTH = 20 * LOWEST_ROW, 256 * NARROWEST_COLUMN


def read_workbook(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the sheets of a workbook; raises what the library says of what it cannot read."""
    import xlrd

    with xlrd.open_workbook(
        file_contents=data, formatting_info=True, ragged_rows=True, logfile=sys.stderr
    ) as book:
        for sheet in book.sheets():
            yield _sheet(book, sheet)


def _sheet(book: Any, sheet: Any) -> dict[str, Any]:
    shown = {"name": sheet.name, "hidden": sheet.visibility != 0}
    if shown["hidden"]:
        return shown
    return shown | {
        "since_1904": book.datemode == 1,
        "rows": [row for row, info in sheet.rowinfo_map.items() if _is_hidden_row(info)],
        "columns": [
            column
            for column, info in sheet.colinfo_map.items()
            if info.hidden or info.width < _LEAST_WIDTH
        ],
        "merges": [
            [top, left, bottom - 1, right - 1] for top, bottom, left, right in sheet.merged_cells
        ],
        "cells": list(_cells(book, sheet)),
    }


def _is_hidden_row(info: Any) -> bool:
    return bool(info.hidden) or (info.height < _LEAST_HEIGHT and info.has_default_height != 1)


def _cells(book: Any, sheet: Any) -> Iterator[list[Any]]:
    """Yield row, column, kind, value, format and runs of each cell that holds something."""
    for row in range(sheet.nrows):
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for column in range(min(len(kinds), _LARGEST_COLUMN)):
            if kinds[column] not in {_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR}:
                continue
            style = book.xf_list[sheet.cell_xf_index(row, column)]
            code = book.format_map.get(style.format_key)
            fonts = [(0, style.font_index), *sheet.rich_text_runlist_map.get((row, column), [])]
            value = values[column]
            runs = list(_runs(book, style, fonts, value if isinstance(value, str) else ""))
            yield [row, column, kinds[column], value, code.format_str if code else "", runs]


def _runs(
    book: Any, style: Any, fonts: Sequence[tuple[int, int]], text: str
) -> Iterator[tuple[str, bool, str, bool]]:
    """Yield the parts of a text with whether each is struck through, its font, and if unseen."""
    ends = [start for start, _font in fonts[1:]] + [len(text)]
    for (start, number), end in zip(fonts, ends, strict=True):
        font = book.font_list[number]
        if end > start or not text:
            yield text[start:end], bool(font.struck_out), font.name, _is_unseen(book, style, font)


def _is_unseen(book: Any, style: Any, font: Any) -> bool:
    """Say whether a font is tiny or has the color of what is behind the cell's text."""
    if 0 < font.height <= 20 * LARGEST_UNSEEN:
        return True
    fill = style.background
    if fill.fill_pattern not in {0, 1}:
        return False
    behind = book.colour_map.get(fill.pattern_colour_index) if fill.fill_pattern else None
    if fill.fill_pattern and behind is None:
        return False
    return is_unseen(book.colour_map.get(font.colour_index), behind)


def main() -> int:
    """Read a workbook from standard input; write a sheet on each line, as JSON."""
    confine(LIMITS)
    import xlrd

    try:
        for sheet in read_workbook(sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps(sheet) + "\n")
    except xlrd.XLRDError as error:
        return ENCRYPTED if "encrypted" in str(error).lower() else UNREADABLE
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, OSError):
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
