"""Published lists as sheets that can be compared, read once for a run."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import ListData, Publication, Tenant, TypedColumn, short_name

from ..domain.kinds import PairKinds, to_plain
from ..domain.sheets import (
    Cell,
    ComparedSheet,
    SheetColumn,
    VillageNames,
    select_place,
    split_batches,
    split_places,
)

_UNIT = re.compile(r"[(\uff08]([^()\uff08\uff09]{1,6})[)\uff09]$")


def to_sheet(data: ListData, kinds: PairKinds) -> ComparedSheet:
    """Convert a list: numbers are read, rows of sums and columns never read are left out.

    Columns of an imported list may have no type: one that holds numbers only is one of numbers.
    """
    kept = [place for place, each in enumerate(data.columns) if not kinds.is_never(each.name)]
    rows = [row for row in data.rows if not (sdk.is_subtotal_row(row) or sdk.is_total_row(row))]
    numeric = {place for place in kept if _is_numeric(data.columns[place], rows, place)}

    def convert(row: tuple[str, ...]) -> tuple[Cell, ...]:
        return tuple(_to_cell(row[place], is_number=place in numeric) for place in kept)

    return ComparedSheet(
        tuple(_to_column(data.columns[place]) for place in kept),
        tuple(map(convert, rows)),
        convert(data.totals) if data.totals else (),
    )


def _to_column(column: TypedColumn) -> SheetColumn:
    """Convert a column; a unit that stands in its heading is its unit."""
    found = None if column.unit else _UNIT.search(column.name)
    name = column.name[: found.start()] if found else column.name
    unit = found[1] if found else column.unit
    return SheetColumn(to_plain(name), unit, column.type is sdk.ColumnType.NAME)


def _is_numeric(column: TypedColumn, rows: Sequence[tuple[str, ...]], place: int) -> bool:
    if column.type is not sdk.ColumnType.TEXT:
        return column.type.is_sum
    cells = [row[place] for row in rows if row[place].strip()]
    return bool(cells) and all(
        isinstance(_to_cell(text, is_number=True), Decimal) for text in cells
    )


def _to_cell(text: str, *, is_number: bool) -> Cell:
    if not is_number:
        return text.strip() or None
    try:
        return sdk.to_number(text)
    except ValueError:
        return text.strip()


@dataclass(slots=True)
class SheetReader:
    """The lists of a run by publication, so that a county's long list is read once.

    It holds values, no rows of a session.
    """

    kinds: PairKinds
    _villages: dict[tuple[int, int | None], dict[str, ComparedSheet]] = field(default_factory=dict)
    _parts: dict[
        tuple[int, int | None], dict[str, dict[tuple[str, str], ComparedSheet] | ComparedSheet]
    ] = field(default_factory=dict)
    _names: dict[tuple[int, int], VillageNames] = field(default_factory=dict)

    def read_village(self, publication: Publication) -> dict[str, ComparedSheet]:
        """Read the list of a village by batch."""
        key = publication.id, publication.published_revision
        if key not in self._villages:
            self._villages[key] = self._read(publication)
        return self._villages[key]

    def read_government(
        self, session: Session, publication: Publication, village: Tenant
    ) -> dict[str, ComparedSheet]:
        """Read what a list of the government says of one village, by batch."""
        key = publication.id, publication.published_revision
        if key not in self._parts:
            self._parts[key] = {
                batch: split_places(sheet, self.kinds) or sheet
                for batch, sheet in self._read(publication).items()
            }
        names = self._load_names(session, publication.tenant_id, village)
        found = (
            (batch, _select(part, publication, names)) for batch, part in self._parts[key].items()
        )
        return {batch: sheet for batch, sheet in found if sheet is not None}

    def _read(self, publication: Publication) -> dict[str, ComparedSheet]:
        data = publication.list_data
        if data is None:
            return {}
        return split_batches(
            to_sheet(data, self.kinds), self.kinds, publication.title, data.caption
        )

    def _load_names(self, session: Session, office_id: int, village: Tenant) -> VillageNames:
        """Load how lists of an office name a village, and whether another is called alike."""
        key = office_id, village.id
        if key not in self._names:
            office = session.get_one(Tenant, office_id)
            alike = select(func.count(Tenant.id)).where(
                sdk.below(office.path), Tenant.level == "village", Tenant.name == village.name
            )
            township = session.get_one(Tenant, village.parent_id)
            self._names[key] = VillageNames(
                short_name(village.name),
                short_name(township.name),
                is_shared=(session.scalar(alike) or 0) > 1,
            )
        return self._names[key]


def _select(
    part: dict[tuple[str, str], ComparedSheet] | ComparedSheet,
    publication: Publication,
    names: VillageNames,
) -> ComparedSheet | None:
    """Return the rows of a village; a list of one village must name it, in title or caption."""
    if not isinstance(part, ComparedSheet):
        return select_place(part, names)
    caption = publication.list_data.caption if publication.list_data else ""
    said = to_plain(publication.title + caption)
    is_named = to_plain(names.village) in said
    is_other = names.is_shared and to_plain(names.township) not in said
    return part if is_named and not is_other else None
