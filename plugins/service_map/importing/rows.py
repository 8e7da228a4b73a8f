"""Rows of a list as points: types, places and positions found, faults said by row and column."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.sdk import (
    Datum,
    ListFault,
    ListRead,
    ListRow,
    ListSource,
    PositionSuspicion,
    Tenant,
    read_list,
)

from ..i18n import _
from ..points.position import (
    PositionDoubt,
    Surroundings,
    check_position,
    explain_doubt,
    widen,
)
from ..points.types import Types
from .columns import find_datum, list_columns
from .places import ITSELF, Places

MOST_ROWS = 20_000
# Columns whose cells become the values of a point as they are.
_PLAIN = ("name", "address", "phones", "hours_text", "offers", "materials", "in_charge", "way",
          "access_note")  # fmt: skip
_WITHOUT: dict[str, Any] = {"phones": [], "offers": []}


@dataclass(frozen=True, slots=True)
class PointRow:
    """A row that can be stored: its place in the list, whose it is, what it is known by."""

    place: str
    tenant: Tenant
    key: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class PointList:
    """What a list gave: rows to store, and the reading with its faults and remarks."""

    read: ListRead
    rows: list[PointRow] = field(default_factory=list)
    datum: Datum = Datum.GCJ02


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a list is read: in which datum (`None`: as it says itself), whether to turn pairs."""

    datum: Datum | None = None
    turn_swapped: bool = False
    usual_datum: Datum = Datum.GCJ02


def read_points(
    source: ListSource,
    places: Places,
    types: Types,
    surroundings: Surroundings,
    options: ImportOptions,
) -> PointList:
    """Read the rows of a list; those with faults are left out of it and of `read.rows`."""
    read = read_list(source, list_columns(), most=MOST_ROWS)
    named = find_datum(read.headings)
    reader = _RowReader(places, _index_types(types), surroundings, options, named)
    reader.prepare(read)
    found = PointList(read, datum=options.datum or named or options.usual_datum)
    good: list[ListRow] = []
    for row in read.rows:
        try:
            found.rows.append(reader.read(row))
            good.append(row)
        except _RowFault as fault:
            read.faults.append(fault.to_list_fault(read, row))
    read.rows[:] = good
    return found


class _RowFault(Exception):  # noqa: N818 - a fault of a list, as the kit calls it
    """What is wrong with a row, and in which column."""

    def __init__(self, message: str, column: str = "") -> None:
        super().__init__(message)
        self.message, self.column = message, column

    def to_list_fault(self, read: ListRead, row: ListRow) -> ListFault:
        """Convert to a fault of the list, with the row's cells to recognise it by."""
        column = next((each for each in read.columns if each.key == self.column), None)
        excerpt = " ".join(filter(None, row.texts.values()))[:200]
        return ListFault(self.message, row.place, column, excerpt)


@dataclass(slots=True)
class _RowReader:
    places: Places
    types: Mapping[str, str]
    surroundings: Surroundings
    options: ImportOptions
    named_datum: Datum | None
    knows_no_township: bool = False
    seen: dict[str, str] = field(default_factory=dict)

    def prepare(self, read: ListRead) -> None:
        """Look at the list as a whole: where its points lie, whether its townships are ours.

        Where none of them is, all points belong to the place that imports, which is said.
        """
        pairs = (row.values.get("pair") or _to_pair(row.values) for row in read.rows)
        self.surroundings = widen(self.surroundings, [pair for pair in pairs if pair])
        named = {name for row in read.rows if (name := row.values.get("township"))} - ITSELF
        self.knows_no_township = bool(named) and not any(map(self.places.knows, named))
        if self.knows_no_township:
            message = _("None of its townships is a place here: all points belong to %(place)s.",
                        place=self.places.root.name)  # fmt: skip
            read.notes.append(ListFault(message))

    def read(self, row: ListRow) -> PointRow:
        """Return the row as a point; raises `_RowFault`."""
        tenant, key = self._tenant(row), _to_key(row.values)
        if key in self.seen:
            raise _RowFault(_("The same point stands in %(place)s.", place=self.seen[key]), "name")
        self.seen[key] = row.place
        known = {name: row.values[name] for name in _PLAIN if name in row.texts}
        values = {name: _WITHOUT.get(name, "") if v is None else v for name, v in known.items()}
        if "type_key" in row.texts:
            values["type_key"] = self._type(row.values["type_key"])
        if row.texts.keys() & {"lng", "lat", "pair"}:
            values["position"] = self._position(row.values)
        return PointRow(row.place, tenant, key, values)

    def _tenant(self, row: ListRow) -> Tenant:
        if self.knows_no_township:
            return self.places.root
        try:
            return self.places.find(row.values)
        except ValueError as error:
            column = "division" if row.values.get("division") else "township"
            raise _RowFault(str(error), column) from error

    def _type(self, name: str | None) -> str:
        if not name:
            return "other"
        key = self.types.get(_plain(name))
        if key is None:
            raise _RowFault(_("This type is not known: %(name)s", name=name[:30]), "type_key")
        return key

    def _position(self, values: Mapping[str, Any]) -> list[Any] | None:
        lng, lat = values.get("pair") or (values.get("lng"), values.get("lat"))
        datum = values.get("datum") or self.options.datum or self.named_datum
        datum = datum or self.options.usual_datum
        try:
            return check_position(lng, lat, datum, self.surroundings)
        except PositionDoubt as doubt:
            if doubt.suspicion is PositionSuspicion.SWAPPED and self.options.turn_swapped:
                return self._turned(lat, lng, datum)
            raise _RowFault(explain_doubt(doubt), "lat" if lat is None else "lng") from doubt

    def _turned(self, lng: Any, lat: Any, datum: Datum) -> list[Any] | None:
        try:
            return check_position(lng, lat, datum, self.surroundings)
        except PositionDoubt as doubt:
            raise _RowFault(explain_doubt(doubt), "lng") from doubt


def _to_pair(values: Mapping[str, Any]) -> tuple[float, float] | None:
    lng, lat = values.get("lng"), values.get("lat")
    return None if lng is None or lat is None else (lng, lat)


def _to_key(values: Mapping[str, Any]) -> str:
    """Return what names a point in its list: its number there, else its place and name."""
    if values.get("key"):
        return f"id:{values['key']}"
    parts = (values.get(name) or "" for name in ("division", "township", "village", "name"))
    return "/".join(parts)[:200]


def _index_types(types: Types) -> dict[str, str]:
    return {
        _plain(name): key
        for key, schema in types.items()
        for name in (key, schema.label, *schema.aliases)
    }


def _plain(name: str) -> str:
    return "".join(name.split()).replace("(", "（").replace(")", "）").lower()
