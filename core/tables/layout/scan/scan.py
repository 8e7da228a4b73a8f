"""Scan the tables and lines of a file for catalogs, from top to bottom."""

from collections.abc import Iterator, Sequence

from core.tables.grid import Block, Line, Table
from core.tables.layout.headers import find_header
from core.tables.layout.rows import row_number
from core.tables.layout.scan.codes import without_codes_in_line, without_codes_in_table
from core.tables.layout.scan.lines import scan_lines, scan_lines_inside
from core.tables.layout.scan.tables import goes_on, scan_tables
from core.tables.layout.state import Scanned, ScanState
from core.tables.limits import Deadline


def scan(blocks: Sequence[Block], deadline: Deadline) -> Scanned:
    """Find the catalogs of a file, and the domains that it names as not concerned."""
    state = ScanState(deadline)
    parts = list(_runs(blocks))
    for number, part in enumerate(parts):
        if isinstance(part, Table):
            scan_tables(part, state)
        elif _stands_inside(parts[number + 1 :], state):
            scan_lines_inside(part, state)
        else:
            scan_lines(part, state)
    return state.finish()


def _stands_inside(following: Sequence[Table | list[Line]], state: ScanState) -> bool:
    """Say whether the table after some lines goes on with the items of the one before them."""
    table = following[0] if following else None
    if not isinstance(table, Table) or state.header is None or not state.draft:
        return False
    if not state.draft.rows or not goes_on(table, state.header):
        return False
    first = next((row for row in table.rows if len(row.cells) > 1), None)
    if first is None or find_header(table, first.number) is not None:
        return False
    return row_number(first, state.header) != 1


def _runs(blocks: Sequence[Block]) -> Iterator[Table | list[Line]]:
    """Give tables one by one, and lines that follow each other together."""
    run: list[Line] = []
    for block in blocks:
        if isinstance(block, Line):
            run.append(without_codes_in_line(block))
            continue
        if run:
            yield run
            run = []
        yield without_codes_in_table(block)
    if run:
        yield run
