"""Tables inside the cells of other tables: which ones only lay out a page, and what is said."""

from collections.abc import Iterable

from core.tables.grid import UnreadText

#: Deeper ones are read as text of the cell around them.
MOST_NESTED = 8
CODE = "table-inside"
_FEWEST_ROWS = 2
_MUCH_LARGER = 2


def lays_out(filled: Iterable[int], inner: Iterable[int]) -> bool:
    """Say whether a table with tables inside it only lays out what it holds.

    `filled` has, for each of its rows, how many cells hold text of their own; `inner`, for each
    table inside, how many cells that one has. A table of data has rows of several such cells, and
    none inside it is much larger.
    """
    counts = list(filled)
    if sum(count > 1 for count in counts) < _FEWEST_ROWS:
        return True
    return max(inner, default=0) > _MUCH_LARGER * sum(counts)


def note_table_inside(text: str) -> tuple[UnreadText, ...]:
    """Return what is to be said of a cell whose text is that of a table inside it."""
    return (UnreadText(CODE, " ".join(text.split())),)
