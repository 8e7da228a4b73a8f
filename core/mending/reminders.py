"""Tell offices of what is overdue, on the numbers that are told of their messages, too."""

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.mending.models import MendingTask
from core.messages.reminders import list_contacts
from core.notifications.outbox import queue_notice
from core.notifications.templates import add_notice_template

OVERDUE = "mending.overdue"
add_notice_template(
    OVERDUE,
    _l("%(place)s: what was found at “%(subject)s” (no. %(number)s) was to be mended by %(due)s."),
)


def tell_of_overdue(
    session: Session, tenant: Tenant, feature: str, task: MendingTask, organ_id: int | None
) -> None:
    """Queue the notice to an organ of the place, or to the place's own office; each number once."""
    due = str(task.due_on)
    facts = {"place": tenant.name, "subject": task.subject, "number": task.id, "due": due}
    for phone in list_contacts(session, tenant, organ_id):
        key = f"{OVERDUE}:{feature}:{task.id}:{due}:{phone}"
        queue_notice(
            session, tenant, OVERDUE, phone, facts, subject=f"{feature}:{task.id}", dedupe_key=key
        )
