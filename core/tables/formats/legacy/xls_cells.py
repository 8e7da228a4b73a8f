"""Cells of an old workbook (.xls, .et) with what is known of their looks; run by `xls` apart.

The library reads a workbook as a whole, and a small file may describe an enormous one: this runs
in a process of its own, within limits.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from core.tables.confinement import MIB, Limits, confine

LIMITS = Limits(seconds=30, patience=60, memory=1024 * MIB, output=128 * MIB)
UNREADABLE, ENCRYPTED = 3, 4
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = 1, 2, 3, 4, 5
_LARGEST_COLUMN = 256


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
            column for column, info in sheet.colinfo_map.items() if info.hidden or not info.width
        ],
        "merges": [
            [top, left, bottom - 1, right - 1] for top, bottom, left, right in sheet.merged_cells
        ],
        "cells": list(_cells(book, sheet)),
    }


def _is_hidden_row(info: Any) -> bool:
    return bool(info.hidden) or (info.height == 0 and info.has_default_height != 1)


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
            runs = list(_runs(book, fonts, value if isinstance(value, str) else ""))
            yield [row, column, kinds[column], value, code.format_str if code else "", runs]


def _runs(
    book: Any, fonts: Sequence[tuple[int, int]], text: str
) -> Iterator[tuple[str, bool, str]]:
    """Yield the parts of a text with whether each is struck through, and its font."""
    ends = [start for start, _font in fonts[1:]] + [len(text)]
    for (start, number), end in zip(fonts, ends, strict=True):
        font = book.font_list[number]
        if end > start or not text:
            yield text[start:end], bool(font.struck_out), font.name


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
