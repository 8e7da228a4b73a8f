"""A list of one side as it is compared: numbers as numbers, rows of one village and one batch."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from .batches import find_batch
from .kinds import PairKinds, to_plain

Cell = Decimal | str | None
SheetRow = tuple[Cell, ...]
K = TypeVar("K", bound=Hashable)

#: Into the unit in which facts are compared.
UNIT_FACTORS: Mapping[str, tuple[str, Decimal]] = {
    "元": ("元", Decimal(1)),
    "万元": ("元", Decimal(10_000)),
    "亿元": ("元", Decimal(100_000_000)),
    "亩": ("亩", Decimal(1)),
    "公顷": ("亩", Decimal(15)),
    "平方米": ("平方米", Decimal(1)),
    "㎡": ("平方米", Decimal(1)),
    "m2": ("平方米", Decimal(1)),
}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its heading without blanks and brackets, its unit, whether it holds names."""

    name: str
    unit: str = ""
    holds_names: bool = False


@dataclass(frozen=True, slots=True)
class ComparedSheet:
    """Rows of one list without those that add up others; `totals` is the row 合计, or empty."""

    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]
    totals: SheetRow = ()

    def find_place(self, headings: Sequence[str] | frozenset[str]) -> int | None:
        """Return the place of the first column with one of these headings."""
        return next(
            (place for place, column in enumerate(self.columns) if column.name in headings), None
        )

    def with_rows(self, rows: Sequence[SheetRow]) -> "ComparedSheet":
        """Return the sheet with some of its rows; the totals of all are none of these."""
        return replace(self, rows=tuple(rows), totals=())


def find_names(sheet: ComparedSheet, kinds: PairKinds) -> int | None:
    """Return the column by which the rows of a list are known; `None` for a list of sums."""
    named = sheet.find_place(kinds.names)
    if named is not None:
        return named
    return next((place for place, column in enumerate(sheet.columns) if column.holds_names), None)


@dataclass(frozen=True, slots=True)
class VillageNames:
    """How lists name a village; `is_shared`: another below the same office is called alike."""

    village: str
    township: str
    is_shared: bool = False

    def matches(self, township: str, village: str) -> bool:
        """Return whether a row is of this village; one of a shared name needs its township."""
        if _stem(village) != _stem(self.village):
            return False
        return _stem(township) == _stem(self.township) if township else not self.is_shared


def split_places(
    sheet: ComparedSheet, kinds: PairKinds
) -> dict[tuple[str, str], ComparedSheet] | None:
    """Return a list of several villages by township and village; `None` for a list of one."""
    village, township = sheet.find_place(kinds.places), sheet.find_place(kinds.townships)
    if village is None:
        return None
    return _split(
        sheet,
        lambda row: (
            "" if township is None else _to_text(row[township]),
            _to_text(row[village]),
        ),
    )


def select_place(
    parts: Mapping[tuple[str, str], ComparedSheet], place: VillageNames
) -> ComparedSheet | None:
    """Return the rows of one village; `None` where the list has none."""
    found = [part for (township, name), part in parts.items() if place.matches(township, name)]
    if not found:
        return None
    return found[0].with_rows([row for part in found for row in part.rows])


def _stem(name: str) -> str:
    plain = to_plain(name)
    for end in ("村民委员会", "居民委员会", "村委会", "居委会", "街道", "社区", "村", "镇", "乡"):
        if plain.endswith(end) and len(plain) > len(end):
            return plain.removesuffix(end)
    return plain


def split_batches(sheet: ComparedSheet, kinds: PairKinds, *texts: str) -> dict[str, ComparedSheet]:
    """Return a list by the batches that its rows name, else the batch of its title and caption.

    What belongs to no batch that is sure is left out.
    """
    place = sheet.find_place(kinds.batches)
    if place is None:
        batch = find_batch(*texts)
        return {batch: sheet} if batch else {}
    parts = _split(sheet, lambda row: find_batch(_to_text(row[place]), *texts))
    if len(parts) == 1:  # of one batch: its totals are that batch's
        parts = dict.fromkeys(parts, sheet)
    return {batch: part for batch, part in parts.items() if batch}


def _to_text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _split(sheet: ComparedSheet, get_key: Callable[[SheetRow], K]) -> dict[K, ComparedSheet]:
    rows: dict[K, list[SheetRow]] = {}
    for row in sheet.rows:
        rows.setdefault(get_key(row), []).append(row)
    return {key: sheet.with_rows(found) for key, found in rows.items()}


def iterate_column(sheet: ComparedSheet, place: int) -> Iterator[Cell]:
    """Yield the cells of a column that hold something."""
    return (row[place] for row in sheet.rows if row[place] is not None)
