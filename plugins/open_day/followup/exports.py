"""Lists and numbers for other programs. People are masked unless somebody says why not.

Tables as files for other programs: XLSX and CSV in which every cell is text or a number.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.sdk import zone

from ..domain.identifiers import masked_name, masked_phone
from ..domain.states import RegistrationState
from ..domain.statistics import Figures, UnitYear
from ..i18n import _
from ..labels import SOURCES, STATES
from ..models.registration import FormField, OpenDay, Registration

if TYPE_CHECKING:  # a heavy library, loaded when a workbook is written
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\'\s]+")
_BOM = "\ufeff"
_LONGEST_CELL = 32_000
_WIDEST = 40


@dataclass(frozen=True, slots=True)
class Table:
    """A named table; every row has as many values as there are columns."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def printable(value: Value) -> Value:
    """A value without the characters that files cannot hold."""
    return _UNPRINTABLE.sub("", value)[:_LONGEST_CELL] if isinstance(value, str) else value


def write_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark (for spreadsheets), formulas guarded by an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(table.columns)
    writer.writerows([[_guarded(printable(value)) for value in row] for row in table.rows])
    return (_BOM + stream.getvalue()).encode()


def write_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with one sheet for each table; no text is a formula."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for number, table in enumerate(tables, 1):
        name = _FORBIDDEN_IN_NAME.sub("", _UNPRINTABLE.sub("", table.name)).strip()[:28]
        _fill(workbook.create_sheet(name or str(number)), table)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _fill(sheet: "Worksheet", table: Table) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    bold = Font(bold=True)
    for place, column in enumerate(table.columns, 1):
        _put(sheet, 1, place, column).font = bold
    for line, row in enumerate(table.rows, 2):
        for place, value in enumerate(row, 1):
            _put(sheet, line, place, value)
    for place in range(1, len(table.columns) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = _width(table, place - 1)
    sheet.freeze_panes = "A2"


def _put(sheet: "Worksheet", line: int, place: int, value: Value) -> Any:
    cell = sheet.cell(line, place)
    cell.value = printable(value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA_STARTS)
    return cell


def _width(table: Table, place: int) -> int:
    longest = max((len(str(row[place] or "")) for row in table.rows), default=0)
    return min(_WIDEST, 4 + 2 * max(longest, len(table.columns[place])))


def _guarded(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


# Answers that never leave the office in a list.
NEVER = frozenset({"id_number"})


def people_table(day: OpenDay, people: Sequence[Registration], *, masked: bool = True) -> Table:
    """Who has registered; answers about persons only unmasked, ID numbers never."""
    asked = [one for one in day.fields if _told(one, masked=masked)]
    columns = [
        _("Session"), _("Name"), _("Telephone number"), _("People"), _("Category"), _("Unit"),
        _("How registered"), _("State"), _("Came"), *(one.label for one in asked),
    ]  # fmt: skip
    rows = [_person(one, asked, masked=masked) for one in people]
    return Table(_("Participants"), columns, rows)


def _told(field: FormField, *, masked: bool) -> bool:
    return field.kind not in NEVER and not (masked and field.personal)


def _person(one: Registration, asked: Sequence[FormField], *, masked: bool) -> list[Value]:
    answers = {answer.field_id: answer.value for answer in one.answers}
    return [
        one.slot.name,
        masked_name(one.name) if masked else one.name,
        masked_phone(one.phone) if masked else one.phone,
        one.head_count,
        one.category.label if one.category else "",
        one.organisation,
        str(SOURCES[one.source]),
        str(STATES[RegistrationState(one.state)][0]),
        one.attended_count or 0,
        *(answers.get(field.id, "") for field in asked),
    ]


def attendance_table(people: Sequence[Registration]) -> Table:
    """The sign-in sheet as it was kept at the door, masked."""
    columns = [_("No."), _("Session"), _("Name"), _("Unit"), _("Came"), _("Came at")]
    came = [one for one in people if one.attended_at]
    rows: list[list[Value]] = [
        [number, one.slot.name, masked_name(one.name), one.organisation, one.attended_count or 0,
         one.attended_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M") if one.attended_at else ""]
        for number, one in enumerate(came, 1)
    ]  # fmt: skip
    return Table(_("Sign-in sheet"), columns, rows)


def figures_table(told: Figures) -> Table:
    """The numbers of an open day."""

    def shown(percent: int | None) -> str:
        return "" if percent is None else f"{percent}%"

    rows: list[tuple[Value, Value]] = [
        (_("Number of places"), told.capacity),
        (_("Expected"), told.expected),
        (_("Came"), told.came),
        (_("of which walked in"), told.walked_in),
        (_("Did not come"), told.no_shows),
        (_("Places taken"), shown(told.fill_percent)),
        (_("Share of those who did not come"), shown(told.no_show_percent)),
        *((str(SOURCES[source]), count) for source, count in told.sources),
        *((label or _("Without category"), count) for label, count in told.categories),
        (_("Villages and towns reached"), len(told.villages)),
        *((village, "") for village in told.villages),
    ]
    return Table(_("Figures"), [_("What"), _("Number")], rows)


def year_tables(
    units: Sequence[UnitYear], days: Sequence[tuple[OpenDay, Figures]]
) -> tuple[Table, Table]:
    """A year: what each unit planned and held, and every open day in figures."""
    plan: list[list[Value]] = [
        [one.unit, one.planned, one.held, one.announced, one.missing] for one in units
    ]
    rows: list[list[Value]] = [
        [
            day.title,
            day.starts_at.astimezone(zone()).date().isoformat() if day.starts_at else "",
            told.capacity,
            told.expected,
            told.came,
            told.walked_in,
            told.no_shows,
        ]
        for day, told in days
    ]
    return (
        Table(
            _("Plan"),
            [_("Unit"), _("Planned"), _("Held"), _("Announced"), _("Missing")],
            plan,
        ),
        Table(
            _("Open days"),
            [
                _("Title"), _("Day"), _("Number of places"), _("Expected"), _("Came"),
                _("of which walked in"), _("Did not come"),
            ],
            rows,
        ),
    )  # fmt: skip
