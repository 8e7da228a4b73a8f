"""The row 合计 of a list: told from the others, checked against their sum, in decimal numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.publishing.lists.cells import to_number
from core.publishing.lists.domain.model import Cells, ListData, TypedColumn
from core.tables.text import squeeze

_TOTAL = re.compile(r"(?:合计|总计|共计|总合计|合计金额|总额)[::]?")
_SUBTOTAL = re.compile(r".{0,12}小计[::]?")
_TOLD_BY = 3
TOTAL_WORD = "合计"


@dataclass(frozen=True, slots=True)
class WrongTotal:
    """A total that is not the sum of its column."""

    column: TypedColumn
    stated: str
    actual: Decimal


def is_total_row(cells: Sequence[str]) -> bool:
    """Say whether a row is the total of those above it: one of its first cells says so."""
    return any(_TOTAL.fullmatch(squeeze(cell)) for cell in cells[:_TOLD_BY])


def is_subtotal_row(cells: Sequence[str]) -> bool:
    """Say whether a row adds up some of the rows above it (小计)."""
    return any(_SUBTOTAL.fullmatch(squeeze(cell)) for cell in cells[:_TOLD_BY])


def split_totals(data: ListData) -> ListData:
    """Move the row 合计 from the end of the rows to the totals."""
    if data.totals or not data.rows or not is_total_row(data.rows[-1]):
        return data
    return replace(data, rows=data.rows[:-1], totals=data.rows[-1])


def sum_column(data: ListData, place: int) -> Decimal:
    """Return the sum of a column's numbers; what is none counts nothing, neither do subtotals."""
    return sum(_list_numbers(data, place), Decimal(0))


def _list_numbers(data: ListData, place: int) -> Iterator[Decimal]:
    for row in data.rows:
        if not is_subtotal_row(row) and not is_total_row(row):
            try:
                yield to_number(row[place]) or Decimal(0)
            except ValueError:
                continue


def find_wrong_totals(data: ListData) -> Iterator[WrongTotal]:
    """Yield the totals that are stated and are not the sum of their column."""
    for place, column in enumerate(data.columns):
        stated = data.totals[place] if data.totals and column.type.is_sum else ""
        try:
            number = to_number(stated)
        except ValueError:
            number = None
            if not is_total_row((stated,)):
                yield WrongTotal(column, stated, sum_column(data, place))
        if number is not None and number != (actual := sum_column(data, place)):
            yield WrongTotal(column, stated, actual)


def add_totals(data: ListData) -> ListData:
    """Return the list with a row 合计 that adds up its amounts; rates (标准) have no total."""
    totals = [
        to_plain(sum_column(data, place)) if is_added(column) else ""
        for place, column in enumerate(data.columns)
    ]
    free = next((place for place, text in enumerate(totals) if not text), None)
    if free is not None:
        totals[free] = TOTAL_WORD
    return replace(data, totals=tuple(totals))


def is_added(column: TypedColumn) -> bool:
    """Say whether the sum of a column says anything: not that of standards, prices, years."""
    rate = "/" in column.unit or re.search(r"标准|单价|年龄|年度|比例|序号", column.name)
    return column.type.is_sum and not rate


def to_plain(number: Decimal) -> str:
    """Write a decimal number without an exponent."""
    return f"{number:f}"


def list_sums(data: ListData) -> dict[str, Decimal]:
    """Return the sums of a list by the keys of its columns."""
    return {
        column.key: sum_column(data, place)
        for place, column in enumerate(data.columns)
        if is_added(column)
    }


def has_cells(row: Cells) -> bool:
    """Say whether a row holds anything."""
    return any(cell.strip() for cell in row)
