"""Grid of a sheet: its cells by row and column, merged ones spread over their ranges."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from openpyxl.utils.cell import range_boundaries

from core.tables.formats.hidden_cells import Cells, LeftOutCells, Merge
from core.tables.grid import MAX_COLUMNS, Cell, GridRow
from core.tables.limits import MAX_ROWS, MAX_SLOTS


def to_merges(reference: str) -> list[Merge]:
    """Return (top, left, bottom, right) of a range, from 0, ends included; nothing if malformed."""
    try:
        left, top, right, bottom = range_boundaries(reference)
    except (ValueError, TypeError):
        return []
    if left is None or top is None or right is None or bottom is None:
        return []
    return [(top - 1, left - 1, bottom - 1, min(right, MAX_COLUMNS) - 1)]


def is_too_large(cells: Cells, merges: Sequence[Merge]) -> bool:
    """Say whether merged cells cover more places than any real table has."""
    last = max(cells, default=-1)
    covered = sum(
        (min(bottom, last) - top + 1) * (right - left + 1)
        for top, left, bottom, right in merges
        if left in cells.get(top, ())
    )
    return covered > MAX_SLOTS


def to_grid_rows(
    cells: Cells,
    merges: Sequence[Merge],
    place: str,
    left_out: LeftOutCells,
    hidden: AbstractSet[int],
) -> tuple[GridRow, ...]:
    """Build grid rows, numbered from 0 without empty ones, with merged cells spread over them."""
    numbers = _row_numbers(cells, merges, hidden)
    at = {row: number for number, row in enumerate(numbers)}
    slots: list[dict[int, Cell]] = [
        {column: Cell(text, at[row], column) for column, text in cells.get(row, {}).items()}
        for row in numbers
    ]
    for (row, column), parts in left_out.items():
        if row in at and column in slots[at[row]]:
            slots[at[row]][column] = slots[at[row]][column]._replace(left_out=parts)
    for merge in merges:
        _spread(slots, numbers, at, merge)
    return tuple(
        GridRow(
            f"{place}第{row + 1}行",
            number,
            tuple(
                slots[number].get(column) for column in range(max(slots[number], default=-1) + 1)
            ),
        )
        for number, row in enumerate(numbers)
    )


def _row_numbers(cells: Cells, merges: Sequence[Merge], hidden: AbstractSet[int]) -> list[int]:
    """Return the rows that hold a cell, or a part of a merged one above the last cell."""
    numbers = set(cells)
    last = max(cells, default=-1)
    for top, left, bottom, _ in merges:
        if left in cells.get(top, ()) and len(numbers) < MAX_ROWS:
            numbers.update(range(top, min(bottom, last) + 1))
    return sorted(numbers - hidden)


def _spread(
    slots: list[dict[int, Cell]],
    numbers: list[int],
    at: Mapping[int, int],
    merge: Merge,
) -> None:
    top, left, bottom, right = merge
    first = at.get(top)
    origin = None if first is None else slots[first].get(left)
    if first is None or origin is None:
        return
    last = first
    while last + 1 < len(numbers) and numbers[last + 1] <= bottom:
        last += 1
    cell = origin._replace(height=last - first + 1, width=right - left + 1)
    for row in slots[first : last + 1]:
        for column in range(left, right + 1):
            row[column] = cell
