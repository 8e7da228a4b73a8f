"""Forms of sessions, categories and questions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.sdk import Form, FormData, fields

from ..domain.announced import MOST_SEATS, read_people
from ..domain.states import FIELD_KINDS, SLOT_STATES
from ..i18n import _, _l
from ..models.registration import EventSession, FormField, OpenDay, Quota
from .forms import OptionalChoice, ScheduleForm, require_places, show_schedule, to_schedule

MOST_CHOICES = 30
LONGEST_CHOICE = 100
# Check-in opens so long before the beginning, unless the form says otherwise.
CHECK_IN_OPENS = timedelta(minutes=60)


class NameForm(Form):
    """What a session is called."""

    name = fields.LineField(100, required=_l("Give the session a name."))


class SessionDetailForm(Form):
    """What there is beside time and places, part by part as the form folds it."""

    place = fields.LineField(200)
    guide = fields.LineField(100)
    state = fields.ChoiceField(SLOT_STATES, default="open")
    self_check_in = fields.TickField()
    check_in_from = fields.MomentField()
    check_in_until = fields.MomentField()
    waiting_on = fields.TickField()
    waiting_limit = fields.NumberField(0, MOST_SEATS)
    reserved = fields.NumberField(0, MOST_SEATS, default=0)


class SessionForm(SessionDetailForm, ScheduleForm, NameForm):
    """A session; quotas of categories come in by `extend`."""

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check-in ends after it begins; reserved places are among the places."""
        yield from super().check(values)
        columns = _to_columns(values)
        opens, closes = columns["check_in_from"], columns["check_in_until"]
        if opens and closes and opens >= closes:
            yield "check_in_until", _("Check-in must end after it begins.")
        if values["reserved"] > (read_people(values["capacity"]) or MOST_SEATS):
            yield "reserved", _("There cannot be more reserved places than places.")


def _to_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: value for name, value in values.items() if not name.startswith("quota-")}
    columns |= to_schedule(columns)
    opens = columns["starts_at"] and columns["starts_at"] - CHECK_IN_OPENS
    columns["check_in_from"] = columns["check_in_from"] or opens
    columns["check_in_until"] = columns["check_in_until"] or columns["ends_at"]
    return columns


def read_session(day: OpenDay) -> tuple[FormData, dict[str, Any], dict[int, int]]:
    """Read a posted session: the form, the values by column, the quotas by category."""
    quotas = {
        f"quota-{category.id}": fields.NumberField(0, MOST_SEATS) for category in day.categories
    }
    read = SessionForm.extend(quotas).read()
    for name, message in require_places(day.signup, read.values).items():
        read.errors.setdefault(name, message)
    seats = {category.id: read.values[f"quota-{category.id}"] for category in day.categories}
    bounded = {category: count for category, count in seats.items() if count is not None}
    return read, _to_columns(read.values), bounded


def show_session(slot: EventSession, quotas: Sequence[Quota]) -> dict[str, Any]:
    """Return what the form of a session shows."""
    shown = SessionForm.show(slot) | show_schedule(slot)
    return shown | {f"quota-{quota.category_id}": quota.seats for quota in quotas}


class CategoryForm(Form):
    """A category of people."""

    label = fields.LineField(50, required=_l("Enter the name of the category."))
    by_invitation = fields.TickField()


class QuestionForm(Form):
    """A question of the registration form; it may depend on a choice or box before it."""

    label = fields.LineField(100, required=_l("Enter the question."))
    help = fields.LineField(200)
    kind = fields.ChoiceField(FIELD_KINDS, required=_l("Choose what is asked for."))
    required = fields.TickField()
    choices = fields.LinesField(MOST_CHOICES, LONGEST_CHOICE)
    minimum = fields.NumberField(0, 10**6)
    maximum = fields.NumberField(0, 10**6)
    personal = fields.TickField()
    retention_days = fields.NumberField(1, 3650)
    condition = OptionalChoice()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check that a choice offers something, and that bounds have an order."""
        low, high = values["minimum"], values["maximum"]
        if values["kind"] == "choice" and len(values["choices"]) < 2:
            yield "choices", _("Enter at least two answers, one on each line.")
        if values["kind"] == "number" and low is not None and high is not None and low > high:
            yield "maximum", _("The greatest must not be less than the least.")


def read_question(earlier: Sequence[FormField]) -> tuple[FormData, dict[str, Any]]:
    """Read a posted question: the form, and the values by column."""
    read = QuestionForm.read(choices={"condition": conditions(earlier)})
    values = dict(read.values)
    key, _equals, value = (values.pop("condition") or "").partition("=")
    values |= {"condition_key": key or None, "condition_value": value}
    values["personal"] |= values["kind"] in {"id_number", "phone"}
    if values["kind"] != "choice":
        values["choices"] = []
    if values["kind"] != "number":
        values["minimum"] = values["maximum"] = None
    return read, values


def show_question(field: FormField) -> dict[str, Any]:
    """Return what the form of a question shows."""
    condition = f"{field.condition_key}={field.condition_value}" if field.condition_key else ""
    return QuestionForm.show(field) | {"condition": condition}


def conditions(earlier: Sequence[FormField]) -> dict[str, str]:
    """Return what a question can depend on: an answer to a choice, a box that is ticked."""
    found: dict[str, str] = {}
    for field in earlier:
        if field.kind == "choice":
            found |= {f"{field.key}={word}": f"{field.label}: {word}" for word in field.choices}
        elif field.kind == "checkbox":
            found[f"{field.key}=yes"] = _("%(question)s: ticked", question=field.label)
    return found
