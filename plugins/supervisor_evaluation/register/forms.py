"""Forms of the register: an application or nomination, a supervisor's data, a decision."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.sdk import (
    Form,
    FormData,
    current_tenant,
    fields,
    get_plugin_settings,
    to_options,
    today,
)

from .. import labels
from ..domain.appointments import SupervisorTransition
from ..i18n import _, _l
from ..manifest import NAME
from ..models.register import BACKGROUNDS, GENDERS, KINDS


class SupervisorForm(Form):
    """Who somebody is; the same for applicants and for what the office enters."""

    kind = fields.ChoiceField(KINDS, default="supervisor")
    name = fields.LineField(40, required=_l("Enter the name."))
    gender = fields.ChoiceField(GENDERS, default="unknown")
    birth_year = fields.NumberField(1900, 2199, required=_l("Enter the year of birth."))
    background = fields.ChoiceField(BACKGROUNDS, default="other")
    unit = fields.LineField(100, required=_l("Enter the unit or the village."))
    phone = fields.PhoneField(required=_l("Enter a telephone number."))
    nominated_by = fields.LineField(100)
    areas = fields.LinesField(10, 40)
    statement = fields.TextField(1_000)

    @classmethod
    def blank(cls) -> FormData:
        """Return the form before anybody typed in it; nothing about a person is guessed."""
        usual = {"kind": "supervisor", "gender": "unknown", "background": "other"}
        return FormData({}, {}, cls.show(usual))

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Check the age that the county has set (N19)."""
        settings = get_plugin_settings(NAME, current_tenant())
        born = values["birth_year"]
        youngest, oldest = settings["youngest"], settings["oldest"]
        if born and not youngest <= today().year - born <= oldest:
            yield "birth_year", _("From %(a)s to %(b)s years of age.", a=youngest, b=oldest)


def list_person_choices() -> dict[str, Any]:
    """List what the form of a person offers."""
    return {
        "kinds": to_options(labels.SUPERVISOR_KINDS),
        "genders": to_options(labels.GENDERS),
        "backgrounds": to_options(labels.BACKGROUNDS),
    }


class ApplicationForm(SupervisorForm):
    """What somebody sends who applies, or whom a unit nominates."""

    agreed = fields.TickField(required=_l("Please agree to what the data are used for."))


class AppointmentForm(Form):
    """A decision on somebody in the register, with what it needs."""

    act = fields.ChoiceField(tuple(SupervisorTransition), required=_l("Choose what to decide."))
    reason = fields.LineField(300)
    day = fields.DayField()
    letter_number = fields.LineField(40)


class TipForm(Form):
    """Whom a tip is about."""

    about = fields.ChoiceField((), required=_l("Choose the office or township."))


class ConflictForm(Form):
    """An office or township that somebody must not judge, and why."""

    subject = fields.ChoiceField((), required=_l("Choose the office or township."))
    why = fields.LineField(200, required=_l("Say why, in a few words."))
