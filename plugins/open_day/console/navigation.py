"""The staff's side of the plugin: its pages, its places in the menu, what waits for somebody."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core.sdk import Actor, Context, StaffLink, Task, Tenant, tenant_url, utc_now

from ..domain.states import DayState
from ..events.queries import count_days
from ..followup.replies import open_replies
from ..i18n import _, _l
from ..manifest import CHECK_IN, MANAGE, PUBLISH
from ..models.registration import OpenDay
from ..registrations.queries import count_undecided

_GROUP = _l("Open days")


def staff_links() -> Iterable[StaffLink]:
    """Return the places in the staff menu; each is shown to those who may open it."""
    for key, label, endpoint, permission in (
        ("open-days", _l("Open days"), "days.index", MANAGE),
        ("open-days-approval", _l("Open days to approve"), "approval.queue", PUBLISH),
        ("open-days-decisions", _l("Registrations to decide"), "decisions.index", MANAGE),
        ("open-days-door", _l("Check-in"), "door.today", CHECK_IN),
        ("open-days-year", _l("Year of open days"), "year.index", MANAGE),
    ):
        yield StaffLink(key, _GROUP, label, f"plugin_open_day_{endpoint}", permission)


def staff_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    """Return what waits for the person: approvals, decisions on people, days to close, replies."""
    ctx = Context(session, tenant, actor)
    if ctx.scope(PUBLISH):
        url = tenant_url("plugin_open_day_approval.queue", tenant)
        in_review = count_days(ctx, PUBLISH, OpenDay.state == DayState.IN_REVIEW)
        yield Task(_("Open days to approve"), url, in_review)
    if not ctx.scope(MANAGE):
        return
    url = tenant_url("plugin_open_day_days.index", tenant)
    sent_back = (OpenDay.state == DayState.DRAFT) & (OpenDay.state_reason != "")
    returned = count_days(ctx, MANAGE, sent_back)
    yield Task(_("Open days that were returned"), url, returned, urgent=True)
    decisions_url = tenant_url("plugin_open_day_decisions.index", tenant)
    yield Task(_("Registrations to decide"), decisions_url, count_undecided(ctx))
    over = (OpenDay.state == DayState.PUBLISHED) & (OpenDay.ends_at < utc_now())
    past = tenant_url("plugin_open_day_days.index", tenant, tab="past")
    yield Task(_("Open days to close"), past, count_days(ctx, MANAGE, over))
    waiting, due = open_replies(ctx)
    yield Task(_("Questions of open days to answer"), past, waiting, due=due)
