"""What states, decisions and genders are called, and the age bands of a group."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.appointments.domain.life import AppointmentState, AppointmentTransition

STATES = {
    AppointmentState.APPLIED: (_l("Has applied"), "warn"),
    AppointmentState.NOMINATED: (_l("Was nominated"), "warn"),
    AppointmentState.APPOINTED: (_l("Appointed"), "good"),
    AppointmentState.SUSPENDED: (_l("Suspended"), "warn"),
    AppointmentState.ENDED: (_l("Term ended"), "quiet"),
    AppointmentState.DECLINED: (_l("Not appointed"), "quiet"),
}
DECISIONS = {
    AppointmentTransition.APPOINT: _l("Appoint"),
    AppointmentTransition.DECLINE: _l("Do not appoint"),
    AppointmentTransition.CONFIRM: _l("Confirm for one more year"),
    AppointmentTransition.SUSPEND: _l("Suspend"),
    AppointmentTransition.RESUME: _l("End the suspension"),
    AppointmentTransition.END: _l("End the term"),
}
GENDERS = {"female": _l("Female"), "male": _l("Male"), "unknown": _l("Not stated")}


def say_age_band(band: tuple[int, int]) -> str:
    """Say a band of ages in words."""
    first, last = band
    if not first:
        return str(_("Below %(age)s", age=last + 1))
    return str(_("%(age)s and older", age=first)) if last > 100 else f"{first}–{last}"
