"""The staff's side of the plugin: its pages, its places in the menu, what waits for somebody."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core.sdk import Actor, Context, StaffLink, Task, Tenant, tenant_url

from ..i18n import _, _l
from ..manifest import MANAGE
from ..points.queries import count_stale

_GROUP = _l("Service points")


def staff_links() -> Iterable[StaffLink]:
    """Return the places in the staff menu; each is shown to those who may open it."""
    endpoint = "plugin_service_map_points.index"
    yield StaffLink("service-points", _GROUP, _l("Service points"), endpoint, MANAGE)
    yield StaffLink("service-points-statistics", _GROUP, _l("Statistics of service points"),
                    "plugin_service_map_statistics.show", MANAGE)  # fmt: skip
    coverage_page = "plugin_service_map_coverage.show"
    yield StaffLink("service-points-coverage", _GROUP, _l("Coverage"), coverage_page, MANAGE)


def staff_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    """Return what waits for the person: points that should be verified again."""
    ctx = Context(session, tenant, actor)
    if ctx.scope(MANAGE):
        url = tenant_url("plugin_service_map_points.index", tenant, attention="stale")
        yield Task(_("Service points to verify"), url, count_stale(ctx))
