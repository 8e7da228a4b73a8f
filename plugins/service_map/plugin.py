"""Service points (便民服务点): what the plugin is, and where it takes part."""

from collections.abc import Iterable

import click
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.sdk import (
    HeadLink,
    Link,
    SearchKind,
    Tenant,
    erase_messages,
    erase_uses,
    hookimpl,
    tenant_url,
)

from . import search
from .console import navigation
from .corrections import MISTAKE
from .i18n import _
from .manifest import MANIFEST, NAME
from .models import lists, point
from .points.care import make_due_moves
from .public import blocks

__all__ = ["MANIFEST"]

PUBLIC = ("listing", "point", "map", "open_data", "poster")
CONSOLE = ("points", "care", "bulk", "imports", "types", "coverage", "statistics")

# Those that others point to come last.
TABLES_TO_ERASE = (
    lists.VillagePeople, lists.PointImportChange, lists.PointImport, point.PointHistory,
    point.PointPhoto, point.PointMove, point.PointClosure, point.ServiceOffer,
    point.ServicePoint, point.PointType,
)  # fmt: skip


@hookimpl
def blueprints() -> Iterable[str]:
    yield from (f"public.{page}:blueprint" for page in PUBLIC)
    yield from (f"console.{page}:blueprint" for page in CONSOLE)


@hookimpl
def commands() -> Iterable[click.Command]:
    from .commands import points  # when one is asked for

    return (points,)


@hookimpl
def search_kinds() -> Iterable[SearchKind]:
    return (search.search_kind(),)


@hookimpl
def nav_links(tenant: Tenant) -> Iterable[Link]:
    """Link the list in the public navigation."""
    url = tenant_url("plugin_service_map.index", tenant)
    return [Link("service-points", _("Service points"), url)]


@hookimpl
def head_links(tenant: Tenant) -> Iterable[HeadLink]:
    """Let feed readers find what changed."""
    url = tenant_url("plugin_service_map_open.feed", tenant)
    title = _("Service points of %(place)s", place=tenant.name)
    return [HeadLink("alternate", "application/atom+xml", url, title)]


@hookimpl
def daily(session: Session, tenant: Tenant) -> None:
    """Move the points whose day has come."""
    make_due_moves(session, tenant)


@hookimpl
def erase(session: Session, tenant: Tenant) -> None:
    """Delete everything that is kept of a place, and what was reported of its points."""
    erase_messages(session, tenant, MISTAKE)
    erase_uses(session, tenant, NAME)
    for model in TABLES_TO_ERASE:
        session.execute(delete(model).where(model.tenant_id == tenant.id))


answer_cards = hookimpl(blocks.answer_cards)
item_panels = hookimpl(blocks.item_panels)
home_blocks = hookimpl(blocks.home_blocks)
staff_links = hookimpl(navigation.staff_links)
staff_tasks = hookimpl(navigation.staff_tasks)


@hookimpl
def demo(session: Session, tenant: Tenant) -> None:
    """Put in the points of one place, once."""
    from . import demo as demonstration  # needed once

    demonstration.load(session, tenant)
