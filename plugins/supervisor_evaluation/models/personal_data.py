"""What is kept about supervisors and applicants, why, and until when; the core erases it then.

Counts stay: gender, background and the days of the term are kept without the person.
"""

from sqlalchemy import ColumnElement, select

from core import sdk

from ..i18n import _l
from ..manifest import NAME
from .register import ConflictOfInterest, EvaluationSupervisor

_BASIS = _l("to appoint them, to reach them and to show how the group is made up")
_KEPT = _l("as long as the term lasts, and then as long as the settings say")


def _keep_days(tenant: sdk.Tenant) -> int:
    days: int = sdk.get_plugin_settings(NAME, tenant)["keep_days"]
    return days


_END = sdk.DaysAfter(EvaluationSupervisor.ended_on, _keep_days)
_PERSON = sdk.PersonKey(EvaluationSupervisor.phone_digest, f"{NAME}.phone")


def _field(column: str, what: object) -> sdk.PersonalField:
    return sdk.PersonalField(
        EvaluationSupervisor, column, what, _BASIS, _KEPT, _END, person=_PERSON, stamp="erased_at"
    )


def _is_of_person(digest: str) -> ColumnElement[bool]:
    theirs = select(EvaluationSupervisor.id).where(EvaluationSupervisor.phone_digest == digest)
    return ConflictOfInterest.supervisor_id.in_(theirs)


_JOINED = (EvaluationSupervisor, EvaluationSupervisor.id == ConflictOfInterest.supervisor_id)
sdk.add_personal_fields(
    NAME,
    _field("name", _l("Name")),
    _field("birth_year", _l("Year of birth")),
    _field("unit", _l("Unit")),
    _field("phone", _l("Telephone number")),
    _field("phone_digest", _l("Telephone number")),
    _field("nominated_by", _l("Unit")),
    _field("statement", _l("Statement")),
    _field("areas", _l("Areas")),
    _field("reason", _l("Reason of a decision")),
    _field("link_digest", _l("Private link")),
    sdk.PersonalField(
        ConflictOfInterest, "reason", _l("Reasons of conflicts of interest"),
        _l("so that nobody judges an office that is close to them"), _KEPT,
        sdk.DaysAfter(EvaluationSupervisor.ended_on, _keep_days, (_JOINED,)),
        sdk.ErasureAction.DELETE, sdk.PersonKey(_is_of_person, f"{NAME}.phone"),
    ),
)  # fmt: skip
