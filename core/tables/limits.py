"""Limits on what a file may cost to read (zip bombs, huge tables), and the error of this package.

For comparison: a county's 26 domains of 800 rows each have 300,000 cells, 7 million characters and,
as a document, 75 MB of unpacked XML.
"""

import time
from collections.abc import Mapping

from core.tables.messages import format_message, format_place


class UnreadableFile(Exception):  # noqa: N818 - the error family of the product is named so
    """A file that is no table, is damaged, or would cost too much; `code` says which.

    `where` is the place inside the file (a sheet, a line, a part), where one can be named.
    """

    def __init__(
        self,
        code: str,
        filename: str,
        where: str | None = None,
        params: Mapping[str, str] | None = None,
    ) -> None:
        self.code = code
        self.filename = filename
        self.where = where
        self.params = dict(params or {})
        super().__init__(self.message())

    def message(self, language: str = "zh") -> str:
        """Return what is wrong in words, in `zh` or `en`, with the file's name and the place."""
        comma, colon = (", ", ": ") if language == "en" else ("\uff0c", "\uff1a")
        where = "" if self.where is None else comma + format_place(self.where, language)
        return f"{self.filename}{where}{colon}{format_message(self.code, self.params, language)}"


MIB = 2**20
#: All parts of a package together, unpacked, and one part.
MAX_UNPACKED = 160 * MIB
MAX_PART = 120 * MIB
#: A part that is parsed as a whole: styles, relations, the list of sheets.
MAX_SMALL_PART = 16 * MIB
#: A part that grows by more than this, and is not small, is packed to deceive.
MAX_RATIO = 250
SMALL_PART = 8 * MIB
MAX_PARTS = 5_000
#: Tags that may stand between two rows or paragraphs of a streamed part; tags of a page.
MAX_TAGS = 3_000_000
#: Cells with text, and cells of any kind, in all tables of a file.
MAX_CELLS = 1_000_000
MAX_STYLED_CELLS = 4_000_000
#: Places in a table's grid, those that merged cells cover included.
MAX_SLOTS = 2_000_000
MAX_STRINGS = 2_000_000
MAX_ROWS = 200_000
MAX_LINES = 300_000
#: Characters of one cell that are kept (Excel itself allows 32,767), and of all cells and lines.
MAX_CELL_TEXT = 40_000
MAX_TEXT = 20_000_000
#: Seconds of processor time from the first byte to the last finding. A county's whole catalog took
#: 8 to 26 on the slowest machines tried: it must be read there too.
MAX_SECONDS = 45.0


class Deadline:
    """Limit on the processor time of reading a file."""

    def __init__(self, filename: str, seconds: float = MAX_SECONDS) -> None:
        self._filename = filename
        self._ends = time.thread_time() + seconds

    def check(self, place: str) -> None:
        """Raise `UnreadableFile` once the time is up; `place` is where reading has come to."""
        if time.thread_time() > self._ends:
            raise UnreadableFile("too-slow", self._filename, place)
