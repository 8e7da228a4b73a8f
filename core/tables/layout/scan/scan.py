"""Scan the tables and lines of a file for catalogs, from top to bottom."""

from collections.abc import Iterator, Sequence

from core.tables.grid import Block, Line, Table
from core.tables.layout.scan.codes import without_codes_in_line, without_codes_in_table
from core.tables.layout.scan.lines import scan_lines
from core.tables.layout.scan.tables import scan_table
from core.tables.layout.state import Scanned, ScanState
from core.tables.limits import Deadline


def scan(blocks: Sequence[Block], deadline: Deadline) -> Scanned:
    """Find the catalogs of a file, and the domains that it names as not concerned."""
    state = ScanState(deadline)
    for part in _runs(blocks):
        if isinstance(part, Table):
            scan_table(part, state)
        else:
            scan_lines(part, state)
    state.end_statement()
    scanned = state.scanned
    scanned.drafts = [draft for draft in scanned.drafts if draft.rows]
    return scanned


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
