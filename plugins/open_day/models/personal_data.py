"""What is kept about people, why, and until when; the core erases it when its time is over.

Counts stay: an anonymous registration keeps its session, category, head count and state.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core import sdk

from ..i18n import _l
from .registration import Answer, Companion, EventSession, OpenDay, Registration

FEATURE, PHONE = "open_day", "open_day.phone"
_PARENTS = (
    (EventSession, EventSession.id == Registration.slot_id),
    (OpenDay, OpenDay.id == Registration.open_day_id),
)
_END = sdk.DaysAfter(EventSession.ends_at, OpenDay.retention_days, _PARENTS)
_BASIS = _l("to keep the place, to reach the person and to check in")
_KEPT = _l("as long as the open day says, 180 days after its end unless changed")


def _end_of(part: type[Companion] | type[Answer]) -> sdk.DaysAfter:
    registration = (Registration, Registration.id == part.registration_id)
    return sdk.DaysAfter(EventSession.ends_at, OpenDay.retention_days, (registration, *_PARENTS))


def _is_answer_over(session: Session, tenant: sdk.Tenant, now: datetime) -> ColumnElement[bool]:
    """Build the condition that an answer's own term or that of its registration is over."""
    own = Answer.purge_on <= sdk.local_day(now)
    return own | _end_of(Answer).is_over(Answer, session, tenant, now)


def _key_of(part: type[Companion] | type[Answer]) -> sdk.PersonKey:
    def matches(digest: str) -> ColumnElement[bool]:
        theirs = select(Registration.id).where(Registration.phone_digest == digest)
        return part.registration_id.in_(theirs)

    return sdk.PersonKey(matches, PHONE)


def _field(column: str, what: object) -> sdk.PersonalField:
    key = sdk.PersonKey(Registration.phone_digest, PHONE)
    return sdk.PersonalField(
        Registration, column, what, _BASIS, _KEPT, _END, person=key, stamp="purged_at"
    )


sdk.add_personal_fields(
    FEATURE,
    _field("name", _l("Name")),
    _field("phone", _l("Telephone number")),
    _field("phone_digest", _l("Telephone number")),
    _field("claim", _l("Telephone number")),
    _field("request_key", _l("Registration form")),
    _field("organisation", _l("Unit")),
    _field("needs", _l("Needs")),
    _field("language", _l("Language")),
    _field("change_request", _l("Change that was asked for")),
    sdk.PersonalField(
        Companion, "name", _l("Companions"), _BASIS, _KEPT, _end_of(Companion),
        sdk.ErasureAction.DELETE, _key_of(Companion),
    ),
    sdk.PersonalField(
        Answer, "value", _l("Answers to the form's own questions"), _l("as the open day says"),
        _l("each question's own term, at most as long as the registration"), _is_answer_over,
        sdk.ErasureAction.DELETE, _key_of(Answer),
    ),
)  # fmt: skip
