"""Lists and numbers for other programs. People are masked unless somebody says why not."""

from collections.abc import Sequence

from core.sdk import zone
from plugins.open_day.masking import masked_name, masked_phone
from plugins.open_day.models import FormField, OpenDay, Registration
from plugins.open_day.rules import State
from plugins.open_day.staff_labels import SOURCES, STATES
from plugins.open_day.statistics import Figures, UnitYear
from plugins.open_day.table_writing import Table, Value
from plugins.open_day.words import _

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
        str(STATES[State(one.state)][0]),
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
