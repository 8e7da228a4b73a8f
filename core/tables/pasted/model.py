"""What is read of pasted text: tables, lines, and remarks on them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line of running text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class PastedRow:
    """A row with as many cells as its table has columns; `whole` is text across all of them."""

    number: int
    cells: tuple[str, ...]
    whole: str = ""


@dataclass(frozen=True, slots=True)
class PastedTable:
    """A table: the line above it that names it, its headings (none where it has none), its rows."""

    number: int
    title: str
    heads: tuple[str, ...]
    rows: tuple[PastedRow, ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return max([len(self.heads), *(len(row.cells) for row in self.rows), 1])


@dataclass(frozen=True, slots=True)
class PastedRemark:
    """What is to be said of lines, with a code of `core.tables.messages`."""

    code: str
    number: int
    last: int
