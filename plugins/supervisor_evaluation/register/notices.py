"""What supervisors are told: decisions, and that their term has to be confirmed."""

from sqlalchemy.orm import Session

from core.sdk import Tenant, add_notice_template, queue_notice

from ..domain.appointments import SupervisorTransition
from ..i18n import _l
from ..manifest import NAME
from ..models.register import EvaluationSupervisor

RENEWAL = f"{NAME}.renewal"
_TEXTS = {
    SupervisorTransition.APPOINT: _l(
        "%(place)s has appointed you as supervisor until %(until)s. The letter of appointment "
        "holds the address of your own page."
    ),
    SupervisorTransition.CONFIRM: _l("%(place)s has confirmed your appointment until %(until)s."),
    SupervisorTransition.DECLINE: _l(
        "Thank you for your interest in becoming a supervisor of %(place)s. This time others "
        "were appointed."
    ),
    SupervisorTransition.SUSPEND: _l("Your work as supervisor of %(place)s is suspended."),
    SupervisorTransition.RESUME: _l("Your work as supervisor of %(place)s goes on."),
    SupervisorTransition.END: _l(
        "Your term as supervisor of %(place)s has ended. Thank you for your work."
    ),
}
for _transition, _text in _TEXTS.items():
    add_notice_template(f"{NAME}.{_transition}", _text)
add_notice_template(
    RENEWAL,
    _l("Your appointment as supervisor of %(place)s lasts until %(until)s and awaits renewal."),
)


def to_notice_subject(supervisor: EvaluationSupervisor) -> str:
    """Name a supervisor's row for the notices about it."""
    return f"{NAME}:{supervisor.id}"


def tell_supervisor(
    session: Session, tenant: Tenant, supervisor: EvaluationSupervisor, topic: str
) -> None:
    """Queue the notice of a decision or reminder; of each term a reminder is sent once."""
    until = str(supervisor.confirmed_until or "")
    key = f"{topic}:{supervisor.id}:{until}" if topic == RENEWAL else None
    queue_notice(
        session,
        tenant,
        topic if topic == RENEWAL else f"{NAME}.{topic}",
        supervisor.phone,
        {"place": tenant.name, "until": until},
        subject=to_notice_subject(supervisor),
        dedupe_key=key,
    )
