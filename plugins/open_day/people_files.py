"""Tables of people in files: XLSX, CSV, Word or HTML, read as the catalog's tables are."""

from core.sdk import Deadline, Invalid, Line, UnreadableFile, read_blocks
from plugins.open_day.people_lists import Row, pasted_rows
from plugins.open_day.words import _

LARGEST = 5 * 2**20


def rows_of(data: bytes, filename: str) -> list[Row]:
    """Rows of the file's first table, or of its lines; raises `Invalid` (field `file`)."""
    try:
        blocks = read_blocks(data, filename, Deadline(filename), max_bytes=LARGEST)
    except UnreadableFile as error:
        raise Invalid({"file": error.message()}) from error
    lines = [block for block in blocks if isinstance(block, Line)]
    tables = [block for block in blocks if not isinstance(block, Line)]
    if tables:
        return [
            (str(row.number + 1), [row.text(place) for place in range(len(row.slots))])
            for row in tables[0].rows
        ]
    if not lines:
        raise Invalid({"file": _("There is no table in this file.")})
    return pasted_rows("\n".join(line.text for line in lines))
