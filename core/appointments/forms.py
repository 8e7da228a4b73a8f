"""Forms of a register: an application or nomination, somebody's data, a decision."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.appointments.domain.life import AppointmentTransition
from core.appointments.labels import GENDERS
from core.appointments.register import AppointmentRegister
from core.clock import today
from core.db.tree import Tenant
from core.web.forms import fields
from core.web.forms.feature_pages import to_options
from core.web.forms.form import Form, FormData


class AppointeeForm(Form):
    """Who somebody is; the same for applicants and for what the office enters."""

    kind = fields.ChoiceField(())
    name = fields.LineField(40, required=_l("Enter the name."))
    gender = fields.ChoiceField(tuple(GENDERS), default="unknown")
    birth_year = fields.NumberField(1900, 2199, required=_l("Enter the year of birth."))
    background = fields.ChoiceField(())
    unit = fields.LineField(100, required=_l("Enter the unit or the village."))
    phone = fields.PhoneField(required=_l("Enter a telephone number."))
    nominated_by = fields.LineField(100)
    areas = fields.LinesField(10, 40)
    statement = fields.TextField(1_000)


class ApplicationForm(AppointeeForm):
    """What somebody sends who applies, or whom a unit nominates."""

    agreed = fields.TickField(required=_l("Please agree to what the data are used for."))


class AppointmentForm(Form):
    """A decision on somebody in the register, with what it needs."""

    act = fields.ChoiceField(tuple(AppointmentTransition), required=_l("Choose what to decide."))
    reason = fields.LineField(300)
    day = fields.DayField()
    letter_number = fields.LineField(40)


def read_person(
    register: AppointmentRegister, tenant: Tenant, form: type[AppointeeForm] = AppointeeForm
) -> FormData:
    """Read who somebody is, with the age that the place has set (N19)."""
    offered = {"kind": list(register.kinds), "background": list(register.backgrounds)}
    read, settings = form.read(choices=offered), register.get_settings(tenant)
    for field, usual in show_blank(register).items():
        read.values[field] = read.values[field] or usual
    youngest, oldest = settings["youngest"], settings["oldest"]
    born = read.values["birth_year"]
    if born and not youngest <= today().year - born <= oldest:
        message = _("From %(a)s to %(b)s years of age.", a=youngest, b=oldest)
        read.errors.setdefault("birth_year", message)
    return read


def show_blank(register: AppointmentRegister) -> dict[str, Any]:
    """Return the form before anybody typed in it; nothing about a person is guessed.

    The first kind is the usual one, the last background stands for all others.
    """
    usual = next(iter(register.kinds)), list(register.backgrounds)[-1]
    return {"kind": usual[0], "gender": "unknown", "background": usual[1]}


def list_person_choices(register: AppointmentRegister) -> dict[str, Any]:
    """List what the form of a person offers."""
    return {
        "kinds": to_options(register.kinds),
        "genders": to_options(GENDERS),
        "backgrounds": to_options(register.backgrounds),
    }
