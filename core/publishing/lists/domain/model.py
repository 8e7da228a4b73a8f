"""A list of a publication as typed rows: caption, columns with types, cells, totals (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_ROWS, MOST_COLUMNS = 20_000, 60
LONGEST_CELL, LONGEST_NAME, LONGEST_CAPTION, LONGEST_UNIT = 1_000, 60, 200, 20
#: Characters of all cells together: what one page, one revision and one search document hold.
MOST_CHARACTERS = 3_000_000

Cells = tuple[str, ...]


class ColumnType(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    NAME = "name"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    ADDRESS = "address"

    @property
    def is_sum(self) -> bool:
        """Whether its cells can be added up."""
        return self in {ColumnType.NUMBER, ColumnType.MONEY}

    @property
    def is_personal(self) -> bool:
        """Whether its cells tell who somebody is."""
        return self in {
            ColumnType.NAME,
            ColumnType.PHONE,
            ColumnType.ID_NUMBER,
            ColumnType.ADDRESS,
        }


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """A column: the key by which periods and templates know it, its heading, type and unit."""

    key: str
    name: str
    type: ColumnType = ColumnType.TEXT
    unit: str = ""

    @property
    def label(self) -> str:
        """The heading with its unit, as printed lists have it: 金额（元）."""
        return f"{self.name}\uff08{self.unit}\uff09" if self.unit else self.name


@dataclass(frozen=True, slots=True)
class ListData:
    """Rows with as many cells as there are columns; `totals` is the row 合计, or empty."""

    columns: tuple[TypedColumn, ...]
    rows: tuple[Cells, ...]
    caption: str = ""
    totals: Cells = ()

    @property
    def labels(self) -> Cells:
        """The headings."""
        return tuple(column.label for column in self.columns)


def to_json(data: ListData) -> dict[str, Any]:
    """Serialise a list, as revisions, the database and imports keep it."""
    return {
        "caption": data.caption,
        "columns": [
            {"key": one.key, "name": one.name, "type": one.type.value, "unit": one.unit}
            for one in data.columns
        ],
        "rows": [list(row) for row in data.rows],
        "totals": list(data.totals) or None,
    }


def from_json(stored: Mapping[str, Any]) -> ListData:
    """Load a list that `to_json` made."""
    columns = tuple(
        TypedColumn(one["key"], one["name"], ColumnType(one["type"]), one.get("unit", ""))
        for one in stored["columns"]
    )
    return ListData(
        columns,
        tuple(map(tuple, stored["rows"])),
        stored.get("caption", ""),
        tuple(stored.get("totals") or ()),
    )


def fit_cells(cells: Sequence[str], width: int) -> Cells:
    """Return the cells as a row of this width."""
    return (*cells[:width], *[""] * (width - len(cells)))
