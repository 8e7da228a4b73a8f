"""The staff's side of the plugin: its pages, its places in the menu, what waits for somebody."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core.sdk import Actor, StaffLink, Task, Tenant

from ..i18n import _l
from ..manifest import MANAGE
from . import register

BLUEPRINTS = (register.blueprint,)
_GROUP = _l("Evaluation")
# Key, label, endpoint, permission of each place in the menu.
_LINKS = (
    ("evaluation-register", _l("Supervisors"), "plugin_supervisor_evaluation_register.index",
     MANAGE),
)  # fmt: skip


def staff_links() -> Iterable[StaffLink]:
    """Return the places in the staff menu; each is shown to those who may open it."""
    for key, label, endpoint, action in _LINKS:
        yield StaffLink(key, _GROUP, label, endpoint, action)


def staff_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    """Return what waits for the person."""
    del session, tenant, actor
    return ()
