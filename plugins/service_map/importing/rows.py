"""Rows of a list as points: types, places and positions found, faults said by row and column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.sdk import (
    Datum,
    ListColumn,
    ListFault,
    ListRead,
    ListRow,
    ListSource,
    NamedPlaces,
    PositionDoubt,
    Surroundings,
    Tenant,
    check_position,
    explain_position_doubt,
    find_named_datum,
    is_swapped_pair,
    parse_phones_of_list,
    place_columns,
    position_columns,
    read_list,
    to_degree_pair,
    widen_surroundings,
)

from ..i18n import _
from ..points.types import Types

MOST_ROWS = 20_000
_PARTS = re.compile(r"[、;；\n|]+|(?<![0-9])[,，]|[,，](?![0-9])")
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


def list_columns() -> tuple[ListColumn, ...]:
    """Return the columns, with the headings by which offices call them."""
    return (
        ListColumn("name", _("Name of the point"),
                   ("名称", "服务点名称", "站点名称", "网点名称", "单位名称", "name"),
                   required=True, longest=120),
        ListColumn("key", _("Number in the list"), ("编号", "编码", "站点编号", "id"), longest=80),
        ListColumn("type_key", _("Type"), ("类型", "类别", "站点类型", "服务点类型"), longest=40),
        *place_columns(),
        ListColumn("address", _("Address"), ("地址", "详细地址", "办公地址", "位置")),
        ListColumn("phones", _("Telephone"), ("联系电话", "电话", "咨询电话", "电话号码", "phone"),
                   parse=parse_phones_of_list),
        ListColumn("hours_text", _("Opening hours"),
                   ("开放时间", "服务时间", "办公时间", "工作时间", "营业时间", "hours"),
                   longest=500),
        *position_columns(),
        ListColumn("offers", _("Services offered"), ("服务事项", "办理事项", "服务内容", "业务范围",
                   "services"), longest=2_000, parse=_split_services),
        ListColumn("materials", _("What to bring"), ("所需材料", "办事材料", "materials"),
                   longest=2_000),
        ListColumn("in_charge", _("Post in charge"), ("负责岗位", "责任岗位"), longest=60),
        ListColumn("way", _("How to get there"), ("乘车路线", "交通", "交通指引"), longest=300),
        ListColumn("access_note", _("Further on accessibility"), ("无障碍设施", "无障碍"),
                   longest=300),
    )  # fmt: skip


def _split_services(text: str) -> list[str]:
    """Split a cell of services; each once, in their order."""
    return list(dict.fromkeys(part.strip() for part in _PARTS.split(text) if part.strip()))


def read_points(
    source: ListSource,
    places: NamedPlaces,
    types: Types,
    surroundings: Surroundings,
    options: ImportOptions,
) -> PointList:
    """Read the rows of a list; those with faults are left out of it and of `read.rows`."""
    read = read_list(source, list_columns(), most=MOST_ROWS)
    named = options.datum or find_named_datum(read.headings)
    datum = named or (Datum.WGS84 if source.is_geojson else Datum.GCJ02)
    reader = _RowReader(places, _index_types(types), surroundings, datum, options)
    reader.prepare(read)
    found = PointList(read, datum=datum)
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
    places: NamedPlaces
    types: Mapping[str, str]
    surroundings: Surroundings
    datum: Datum
    options: ImportOptions
    knows_no_township: bool = False
    seen: dict[str, str] = field(default_factory=dict)

    def prepare(self, read: ListRead) -> None:
        """Look at the list as a whole: where its points lie, whether its townships are ours.

        Where none of them is, all points belong to the place that imports, which is said.
        """
        pairs = (to_degree_pair(row.values) for row in read.rows)
        whole = [(lng, lat) for lng, lat in pairs if lng is not None and lat is not None]
        self.surroundings = widen_surroundings(self.surroundings, whole)
        named = {name for row in read.rows if (name := row.values.get("township"))}
        self.knows_no_township = self.places.knows_none(named)
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
        lng, lat = to_degree_pair(values)
        datum = values.get("datum") or self.datum
        if self.options.turn_swapped and _is_swapped(lng, lat):
            lng, lat = lat, lng
        try:
            return check_position(lng, lat, datum, self.surroundings)
        except PositionDoubt as doubt:
            column = "lat" if lat is None else "lng"
            raise _RowFault(explain_position_doubt(doubt), column) from doubt


def _is_swapped(lng: float | None, lat: float | None) -> bool:
    return lng is not None and lat is not None and is_swapped_pair(lng, lat)


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
