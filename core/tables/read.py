"""Read official catalog tables from files of every kind: the door of this package."""

from collections.abc import Sequence

from core.tables.assemble import assemble
from core.tables.detect import read_blocks
from core.tables.grid import Block, Table
from core.tables.layout.headers_revision import revise_headers
from core.tables.layout.scan.scan import scan
from core.tables.layout.symbol_ticks import revise_ticks
from core.tables.limits import Deadline, UnreadableFile
from core.tables.model import Finding, ReadCatalog, ReadResult

MAX_BYTES = 50 * 2**20


def read_catalogs(
    data: bytes, filename: str, *, max_bytes: int = MAX_BYTES, convert: bool = False
) -> ReadResult:
    """Read every catalog of a file: HTML, XLSX, DOCX, CSV or text; what it is shows its content.

    `filename` is for messages only; `convert` allows the office program (`read_blocks`). Raises
    `UnreadableFile` for a file that is damaged, too large, of another kind, or without any table
    whose header is known.
    """
    deadline = Deadline(filename)
    blocks = read_blocks(data, filename, deadline, max_bytes=max_bytes, convert=convert)
    return read_blocks_as_catalogs(blocks, filename, deadline)


def read_blocks_as_catalogs(
    blocks: Sequence[Block], filename: str, deadline: Deadline
) -> ReadResult:
    """Read every catalog of the tables and lines of a file; raises `UnreadableFile` for none."""
    scanned = scan(blocks, deadline)
    if not scanned.drafts and not scanned.not_applicable:
        raise UnreadableFile("no-catalog", filename, _searched(blocks))
    catalogs: list[ReadCatalog] = []
    findings: list[Finding] = list(scanned.findings)
    for number, draft in enumerate(scanned.drafts):
        revise_headers(draft)
        revise_ticks(draft)
        catalog, found = assemble(draft, number, deadline)
        catalogs.append(catalog)
        findings += found
    return ReadResult(tuple(catalogs), tuple(scanned.not_applicable), tuple(findings))


def _searched(blocks: Sequence[Block]) -> str | None:
    """Name the first place where a header was looked for."""
    tables = [block for block in blocks if isinstance(block, Table)]
    if tables:
        return tables[0].place
    return blocks[0].place if blocks else None
