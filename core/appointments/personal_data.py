"""What is kept about people who are appointed, why, and until when; the core erases it then.

Counts stay: gender, background and the days of the term are kept without the person.
"""

from flask_babel import lazy_gettext as _l

from core.appointments.register import AppointmentRegister
from core.retention.fields import DaysAfter, PersonalField, PersonKey, add_personal_fields

_BASIS = _l("to appoint them, to reach them and to show how the group is made up")
_KEPT = _l("as long as the term lasts, and then as long as the settings say")
_FIELDS = {
    "name": _l("Name"),
    "birth_year": _l("Year of birth"),
    "unit": _l("Unit"),
    "phone": _l("Telephone number"),
    "phone_digest": _l("Telephone number"),
    "nominated_by": _l("Unit"),
    "statement": _l("Statement"),
    "areas": _l("Areas"),
    "reason": _l("Reason of a decision"),
    "link_digest": _l("Private link"),
}


def add_person_fields(register: AppointmentRegister, *more: PersonalField) -> None:
    """Declare the columns of a register's people, and what else the feature keeps about them."""
    table = register.table
    end = DaysAfter(table.ended_on, lambda tenant: int(register.get_settings(tenant)["keep_days"]))
    person = PersonKey(table.phone_digest, register.phone_purpose)
    fields = [
        PersonalField(table, column, what, _BASIS, _KEPT, end, person=person, stamp="erased_at")
        for column, what in _FIELDS.items()
    ]
    add_personal_fields(register.name, *fields, *more)
