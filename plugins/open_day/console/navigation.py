"""The staff's side of the plugin: its pages, its places in the menu, what waits for somebody."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.sdk import Actor, StaffLink, Task, Tenant, allowed, tenant_url, utc_now

from ..domain.states import DayState
from ..followup.replies import open_replies
from ..i18n import _, _l
from ..manifest import CHECK_IN, MANAGE, PUBLISH
from ..models.registration import OpenDay
from ..registrations.queries import count_undecided
from . import (
    annual_plan,
    approval,
    checkin,
    entry,
    exports,
    followup,
    nominations,
    participants,
    program,
    surveys,
)
from . import decisions as console_decisions
from . import events as console_days

BLUEPRINTS = (
    console_days.blueprint,
    program.blueprint,
    approval.blueprint,
    participants.blueprint,
    console_decisions.blueprint,
    entry.blueprint,
    nominations.blueprint,
    checkin.blueprint,
    followup.blueprint,
    surveys.blueprint,
    exports.blueprint,
    annual_plan.blueprint,
)
_GROUP = _l("Open days")


def staff_links() -> Iterable[StaffLink]:
    """Places in the staff menu; each is shown to those who may open it."""
    return (
        StaffLink(
            "open-days", _GROUP, _l("Open days"), "plugin_open_day_days.index", MANAGE
        ),
        StaffLink(
            "open-days-approval", _GROUP, _l("Open days to approve"),
            "plugin_open_day_approval.queue", PUBLISH,
        ),
        StaffLink(
            "open-days-decisions", _GROUP, _l("Registrations to decide"),
            "plugin_open_day_decisions.index", MANAGE,
        ),
        StaffLink(
            "open-days-door", _GROUP, _l("Check-in"), "plugin_open_day_door.today", CHECK_IN
        ),
        StaffLink(
            "open-days-year", _GROUP, _l("Year of open days"), "plugin_open_day_year.index", MANAGE
        ),
    )  # fmt: skip


def staff_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    """What waits for the person: approvals, decisions on people, days to close, replies."""
    if allowed(actor, PUBLISH, tenant):
        url = tenant_url("plugin_open_day_approval.queue", tenant)
        count = _days(session, tenant, OpenDay.state == DayState.IN_REVIEW)
        yield Task(_("Open days to approve"), url, count)
    if not allowed(actor, MANAGE, tenant):
        return
    url = tenant_url("plugin_open_day_days.index", tenant)
    returned = (OpenDay.state == DayState.DRAFT) & (OpenDay.state_reason != "")
    yield Task(
        _("Open days that were returned"), url, _days(session, tenant, returned), urgent=True
    )
    decisions = tenant_url("plugin_open_day_decisions.index", tenant)
    yield Task(_("Registrations to decide"), decisions, count_undecided(session, tenant))
    over = (OpenDay.state == DayState.PUBLISHED) & (OpenDay.ends_at < utc_now())
    past = tenant_url("plugin_open_day_days.index", tenant, tab="past")
    yield Task(_("Open days to close"), past, _days(session, tenant, over))
    waiting, due = open_replies(session, tenant)
    yield Task(_("Questions of open days to answer"), past, waiting, due=due)


def _days(session: Session, tenant: Tenant, condition: object) -> int:
    query = select(func.count(OpenDay.id)).where(
        OpenDay.tenant_id == tenant.id,
        OpenDay.is_template.is_(False),
        condition,  # type: ignore[arg-type]  # conditions are columns
    )
    return session.scalar(query) or 0
