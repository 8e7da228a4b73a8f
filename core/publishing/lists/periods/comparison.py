"""A list beside that of the last period: new, gone and changed rows, and both sums (pure)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.publishing.lists.domain.model import Cells, ColumnType, ListData, TypedColumn
from core.publishing.lists.totals import is_subtotal_row, list_sums


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that is in both lists with other values: what each column said and says."""

    name: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ChangedSum:
    """The sum of a column then and now."""

    column: TypedColumn
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class PeriodComparison:
    """What is different from the last period."""

    sums: Sequence[ChangedSum]
    new: Sequence[str]
    gone: Sequence[str]
    changed: Sequence[ChangedRow]
    counts: tuple[int, int]


def compare_periods(before: ListData, after: ListData) -> PeriodComparison:
    """Compare two lists by the names in them; rows of one name are told apart by their order."""
    pairs = _pair_columns(before, after)
    old, new = _by_name(before), _by_name(after)
    changed = [row for name in new if name in old for row in _changes(name, old, new, pairs)]
    return PeriodComparison(
        list(_sums(before, after)),
        list(_without(new, old)),
        list(_without(old, new)),
        changed,
        (len(before.rows), len(after.rows)),
    )


def _pair_columns(before: ListData, after: ListData) -> list[tuple[int, int, TypedColumn]]:
    places = {column.name: place for place, column in enumerate(before.columns)}
    key = find_name_column(after)
    return [
        (places[column.name], place, column)
        for place, column in enumerate(after.columns)
        if column.name in places and place != key and column.name not in {"序号", "编号"}
    ]


def find_name_column(data: ListData) -> int:
    """Return the column by which rows are known: the first of names, else the first of texts."""
    for kind in (ColumnType.NAME, ColumnType.TEXT):
        for place, column in enumerate(data.columns):
            if column.type is kind and column.name not in {"序号", "编号"}:
                return place
    return 0


def _by_name(data: ListData) -> dict[str, list[Cells]]:
    key = find_name_column(data)
    found: dict[str, list[Cells]] = defaultdict(list)
    for row in data.rows:
        if not is_subtotal_row(row):
            found[row[key]].append(row)
    return dict(found)


def _without(
    rows: Mapping[str, Sequence[Cells]], others: Mapping[str, Sequence[Cells]]
) -> Iterator[str]:
    for name, found in rows.items():
        for _ in range(len(found) - len(others.get(name, ()))):
            yield name


def _changes(
    name: str,
    old: Mapping[str, Sequence[Cells]],
    new: Mapping[str, Sequence[Cells]],
    pairs: Sequence[tuple[int, int, TypedColumn]],
) -> Iterator[ChangedRow]:
    for was, now in zip(old[name], new[name], strict=False):
        changes = tuple(
            (column.name, was[left], now[right])
            for left, right, column in pairs
            if was[left] != now[right]
        )
        if changes:
            yield ChangedRow(name, changes)


def _sums(before: ListData, after: ListData) -> Iterator[ChangedSum]:
    names = {column.key: column.name for column in before.columns}
    old = {names[key]: number for key, number in list_sums(before).items()}
    sums = list_sums(after)
    for column in after.columns:
        if column.key in sums and column.name in old:
            yield ChangedSum(column, old[column.name], sums[column.key])
