"""Tell the office of its messages: when one comes, before it is due, and when it is late."""

from collections.abc import Iterator
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from core.calendar.service import add_working_days, is_working_day, working_days_between
from core.clock import today
from core.db.scope import Scope, open_session
from core.db.transactions import for_each_in_own_transaction
from core.db.tree import Tenant
from core.jobs.queue import Jobs, Schedule
from core.messages.domain.life import WAITING, find_reminder
from core.messages.models import MessageCase, MessageContact
from core.notifications.outbox import queue_notice
from core.notifications.templates import add_notice_template

#: Before offices open: 08:00 in China.
MORNING = Schedule(minute="0", hour="0")
ARRIVED = "messages.arrived"
add_notice_template(
    ARRIVED,
    _l("%(place)s: message %(number)s about “%(subject)s” has come; answer it by %(due)s."),
)
add_notice_template(
    "messages.due", _l("%(place)s: message %(number)s about “%(subject)s” is due on %(due)s.")
)
add_notice_template(
    "messages.late",
    _l("%(place)s: message %(number)s about “%(subject)s” is late: it was due on %(due)s."),
)
add_notice_template(
    "messages.urged",
    _l("%(place)s: message %(number)s has been late for five working days. Answer it today."),
)


def define_message_jobs(jobs: Jobs) -> None:
    """Have the office reminded on the morning of each working day."""
    jobs.define("messages_remind", remind_offices, MORNING)


def remind_offices() -> None:
    """Queue the reminders of today, each once; nothing on days off."""
    if not is_working_day(today()):
        return
    tomorrow = add_working_days(today(), 1).end
    with open_session(Scope.platform("messages that are due")) as session:
        query = select(MessageCase.tenant_id).where(
            MessageCase.state.in_(WAITING), MessageCase.due_on <= tomorrow
        )
        ids = session.scalars(query.distinct()).all()
        places = list(session.scalars(select(Tenant).where(Tenant.id.in_(ids))))

    def remind(session: Session, place: Tenant) -> None:
        for case in _list_due(session, place, tomorrow):
            late = working_days_between(case.due_on, today()).count if case.due_on < today() else 0
            step = find_reminder(late)
            tell_staff(session, place, case, f"messages.{step}", f"{step}:{case.due_on}")

    for_each_in_own_transaction(Scope.own, places, remind)


def _list_due(session: Session, place: Tenant, until: date) -> Iterator[MessageCase]:
    query = select(MessageCase).where(
        MessageCase.tenant_id == place.id,
        MessageCase.state.in_(WAITING),
        MessageCase.due_on <= until,
    )
    yield from session.scalars(query.order_by(MessageCase.id))


def tell_staff(
    session: Session, tenant: Tenant, case: MessageCase, topic: str = ARRIVED, step: str = ""
) -> None:
    """Queue a notice to those who are told of the organ's messages, or of the place's."""
    session.flush()
    query = _select_contacts(tenant, case.organ_id)
    facts = {
        "place": tenant.name,
        "number": case.number,
        "subject": case.subject,
        "due": str(case.due_on),
    }
    for contact in session.scalars(query):
        queue_notice(
            session,
            tenant,
            topic,
            contact.phone,
            facts,
            subject=f"messages.case:{case.id}",
            dedupe_key=f"messages:{case.id}:{contact.id}:{step}" if step else None,
        )


def _select_contacts(tenant: Tenant, organ_id: int | None) -> Select[MessageContact]:
    return select(MessageContact).where(
        MessageContact.tenant_id == tenant.id,
        or_(MessageContact.organ_id.is_(None), MessageContact.organ_id == organ_id),
    )


def list_contacts(session: Session, tenant: Tenant, organ_id: int | None) -> list[str]:
    """List the numbers that are told of what concerns an organ, or the place as a whole."""
    contacts = session.scalars(_select_contacts(tenant, organ_id).order_by(MessageContact.id))
    return list(dict.fromkeys(contact.phone for contact in contacts))
