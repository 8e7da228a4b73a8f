"""Lists and numbers for other programs. People are masked unless somebody says why not."""

from collections.abc import Sequence

from core.sdk import CellValue, ListSheet, mask_name, mask_phone, zone

from ..domain.states import RegistrationState
from ..domain.statistics import Figures, UnitYear
from ..i18n import _
from ..labels import SOURCES, STATES
from ..models.registration import FormField, OpenDay, Registration

# Answers that never leave the office in a list.
NEVER = frozenset({"id_number"})


def people_table(day: OpenDay, people: Sequence[Registration], *, masked: bool = True) -> ListSheet:
    """List who has registered; answers about persons only unmasked, ID numbers never."""
    asked = [f for f in day.fields if f.kind not in NEVER and not (masked and f.personal)]
    columns = [
        _("Session"), _("Name"), _("Telephone number"), _("People"), _("Category"), _("Unit"),
        _("How registered"), _("State"), _("Came"), *(field.label for field in asked),
    ]  # fmt: skip
    rows = [_person(registration, asked, masked=masked) for registration in people]
    return ListSheet(_("Participants"), columns, rows)


def _person(
    registration: Registration, asked: Sequence[FormField], *, masked: bool
) -> list[CellValue]:
    answers = {answer.field_id: answer.value for answer in registration.answers}
    name, phone = registration.name, registration.phone
    return [
        registration.slot.name,
        mask_name(name) if masked else name,
        mask_phone(phone) if masked else phone,
        registration.head_count,
        registration.category.label if registration.category else "",
        registration.organisation,
        str(SOURCES[registration.source]),
        str(STATES[RegistrationState(registration.state)][0]),
        registration.attended_count or 0,
        *(answers.get(field.id, "") for field in asked),
    ]


def attendance_table(people: Sequence[Registration]) -> ListSheet:
    """List who came, masked: the sign-in sheet as it was kept at the entrance."""
    columns = [_("No."), _("Session"), _("Name"), _("Unit"), _("Came"), _("Came at")]
    came = [(one, one.attended_at.astimezone(zone())) for one in people if one.attended_at]
    rows: list[list[CellValue]] = [
        [number, one.slot.name, mask_name(one.name), one.organisation, one.attended_count or 0, at]
        for number, (one, at) in enumerate(came, 1)
    ]
    return ListSheet(_("Sign-in sheet"), columns, rows)


def figures_table(figures: Figures) -> ListSheet:
    """List the numbers of an open day."""

    def percent(share: int | None) -> str:
        return "" if share is None else f"{share}%"

    rows: list[tuple[str, str | int]] = [
        (_("Number of places"), figures.capacity),
        (_("Expected"), figures.expected),
        (_("Came"), figures.came),
        (_("of which walked in"), figures.walked_in),
        (_("Let in without a place"), figures.exceptions),
        (_("Did not come"), figures.no_shows),
        (_("Places taken"), percent(figures.fill_percent)),
        (_("Share of those who did not come"), percent(figures.no_show_percent)),
        *((str(SOURCES[source]), count) for source, count in figures.sources),
        *((label or _("Without category"), count) for label, count in figures.categories),
        (_("Villages and towns reached"), len(figures.villages)),
        *((village, "") for village in figures.villages),
    ]
    return ListSheet(_("Figures"), [_("What"), _("Number")], rows)


def year_tables(
    units: Sequence[UnitYear], days: Sequence[tuple[OpenDay, Figures]]
) -> tuple[ListSheet, ListSheet]:
    """List a year: what each unit planned and held, and every open day in figures."""
    plan: list[list[CellValue]] = [
        [unit.unit, unit.planned, unit.held, unit.announced, unit.missing] for unit in units
    ]
    rows: list[list[CellValue]] = [
        [
            day.title, day.starts_at.astimezone(zone()).date() if day.starts_at else "",
            figures.capacity, figures.expected, figures.came, figures.walked_in, figures.no_shows,
        ]
        for day, figures in days
    ]  # fmt: skip
    plan_columns = [_("Unit"), _("Planned"), _("Held"), _("Announced"), _("Missing")]
    day_columns = [
        _("Title"), _("Day"), _("Number of places"), _("Expected"), _("Came"),
        _("of which walked in"), _("Did not come"),
    ]  # fmt: skip
    return (
        ListSheet(_("Plan"), plan_columns, plan),
        ListSheet(_("Open days"), day_columns, rows),
    )
