"""Rows and catalogs between the scan of a file and the reading of their fields."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.catalog.reading.headers import Header
from core.catalog.reading.model import Note

#: The sentence under a table that fixes how its cells are to be read; see `fields.exact`.
EXACT_MARK = "单元格内每行为一项，空白表示未载明"


@dataclass(slots=True)
class DraftRow:
    """The cells of one item, by column, each with the pieces that belong to it."""

    place: str
    header: Header
    cells: dict[int, list[str]]
    section: str | None = None
    notes: list[tuple[str | None, Note]] = field(default_factory=list)

    def text(self, column: int) -> str:
        """Return the text of a column, pieces as lines."""
        return "\n".join(self.cells.get(column, ()))

    def has_text(self, columns: Sequence[int]) -> bool:
        """Say whether any of the columns holds text."""
        return any(self.text(column).strip() for column in columns)

    def append(self, column: int, piece: str) -> None:
        """Add a continuation to a column."""
        if piece.strip():
            self.cells.setdefault(column, []).append(piece)


@dataclass(slots=True)
class Draft:
    """One catalog as found: its title, its rows, and what is to be said of it as a whole."""

    title: str | None
    place: str
    domain: str | None = None
    exact: bool = False
    rows: list[DraftRow] = field(default_factory=list)
    notes: list[tuple[str | None, Note]] = field(default_factory=list)
