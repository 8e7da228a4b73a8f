"""Who judges: supervisors and experience officers, in a register of the kit."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Tenant

from .i18n import _l
from .labels import BACKGROUNDS, SUPERVISOR_KINDS
from .manifest import MANAGE, NAME
from .models.register import ConflictOfInterest, EvaluationSupervisor

REGISTER = sdk.AppointmentRegister(
    NAME,
    EvaluationSupervisor,
    MANAGE,
    SUPERVISOR_KINDS,
    BACKGROUNDS,
    letter=_l(
        "You are appointed as %(kind)s for the disclosure of government affairs of %(place)s, "
        "from %(from)s to %(until)s. The appointment is confirmed each year."
    ),
    desk=f"plugin_{NAME}_desk.show",
    texts={
        "appoint": _l(
            "%(place)s has appointed you as supervisor until %(until)s. The letter of appointment "
            "holds the address of your own page."
        ),
        "confirm": _l("%(place)s has confirmed your appointment until %(until)s."),
        "decline": _l(
            "Thank you for your interest in becoming a supervisor of %(place)s. This time others "
            "were appointed."
        ),
        "suspend": _l("Your work as supervisor of %(place)s is suspended."),
        "resume": _l("Your work as supervisor of %(place)s goes on."),
        "end": _l("Your term as supervisor of %(place)s has ended. Thank you for your work."),
        "renewal": _l(
            "Your appointment as supervisor of %(place)s lasts until %(until)s and awaits renewal."
        ),
    },
)
REGISTER.add_texts()


def load_conflicts(session: Session, tenant: Tenant) -> frozenset[tuple[int, str, int]]:
    """Load who must not judge whom: supervisor, "organ" or "township", its id."""
    rows = session.scalars(
        select(ConflictOfInterest).where(ConflictOfInterest.tenant_id == tenant.id)
    )
    return frozenset((row.supervisor_id, *row.subject_key) for row in rows)


def _is_of_person(digest: str) -> ColumnElement[bool]:
    theirs = select(EvaluationSupervisor.id).where(EvaluationSupervisor.phone_digest == digest)
    return ConflictOfInterest.supervisor_id.in_(theirs)


def _keep_days(tenant: Tenant) -> int:
    return int(REGISTER.get_settings(tenant)["keep_days"])


_JOINED = (EvaluationSupervisor, EvaluationSupervisor.id == ConflictOfInterest.supervisor_id)
sdk.add_person_fields(
    REGISTER,
    sdk.PersonalField(
        ConflictOfInterest, "reason", _l("Reasons of conflicts of interest"),
        _l("so that nobody judges an office that is close to them"),
        _l("as long as the term lasts, and then as long as the settings say"),
        sdk.DaysAfter(EvaluationSupervisor.ended_on, _keep_days, (_JOINED,)),
        sdk.ErasureAction.DELETE, sdk.PersonKey(_is_of_person, REGISTER.phone_purpose),
    ),
)  # fmt: skip
