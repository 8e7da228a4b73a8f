"""Points as staff list them: of their place and those below it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from core.sdk import Context, Page, Tenant, below, paginate, tenant_url, tenants_with, today

from ..manifest import MANAGE, NAME
from ..models.point import PointHistory, ServicePoint

PER_PAGE = 50
ATTENTION = ("stale", "unplaced", "draft", "closed")


@dataclass(frozen=True, slots=True)
class PointFilter:
    """What a list of points is narrowed to; empty: everything."""

    text: str = ""
    type_key: str = ""
    attention: str = ""
    tenant_id: int = 0


def list_points(ctx: Context, chosen: PointFilter, number: int) -> Page[ServicePoint]:
    """Load one page of the points that the person may edit, by place and name."""
    query = _query(ctx, chosen).order_by(ServicePoint.tenant_id, ServicePoint.name, ServicePoint.id)
    return paginate(ctx.session, query, number, PER_PAGE)


def count_stale(ctx: Context) -> int:
    """Count the points that should be verified again."""
    counted = _query(ctx, PointFilter(attention="stale")).order_by(None).subquery()
    return ctx.session.scalar(select(func.count()).select_from(counted)) or 0


def is_shown() -> ColumnElement[bool]:
    """Build the condition for points that the public sees."""
    return (ServicePoint.state == "public") & ServicePoint.tenant_id.in_(tenants_with(NAME))


def point_url(point: ServicePoint, place: Tenant | None = None, **asked: Any) -> str:
    """Build the address of a point's page, at the place of this request or another."""
    return tenant_url("plugin_service_map_point.show", place, point_id=point.id, **asked)


def is_stale() -> ColumnElement[bool]:
    """Build the condition for points that were never verified, or not for too long."""
    due = or_(ServicePoint.review_on.is_(None), ServicePoint.review_on <= today())
    return and_(ServicePoint.state == "public", due)


def is_due(point: ServicePoint) -> bool:
    """Tell whether a point should be verified again."""
    return point.state == "public" and (point.review_on is None or point.review_on <= today())


def _query(ctx: Context, chosen: PointFilter) -> Select[ServicePoint]:
    """Build the query of the points of the place and below that the person may edit."""
    places = select(Tenant.id).where(below(ctx.tenant.path))
    wanted = [
        ServicePoint.tenant_id.in_(places), ctx.scope(MANAGE).condition(ServicePoint.organ_id)
    ]  # fmt: skip
    if chosen.text:
        columns = (ServicePoint.name, ServicePoint.address)
        wanted.append(or_(*(column.contains(chosen.text, autoescape=True) for column in columns)))
    if chosen.type_key:
        wanted.append(ServicePoint.type_key == chosen.type_key)
    if chosen.tenant_id:
        wanted.append(ServicePoint.tenant_id == chosen.tenant_id)
    if chosen.attention:
        wanted.append(_needs(chosen.attention))
    return select(ServicePoint).where(*wanted)


def _needs(attention: str) -> ColumnElement[bool]:
    return {
        "stale": is_stale(),
        "unplaced": ServicePoint.lng.is_(None),
        "draft": ServicePoint.state == "draft",
        "closed": ServicePoint.state == "closed",
    }[attention]


def list_history(ctx: Context, point: ServicePoint, most: int = 50) -> list[PointHistory]:
    """Load what was done to a point, the newest first."""
    query = (
        select(PointHistory)
        .where(PointHistory.point_id == point.id, PointHistory.tenant_id == point.tenant_id)
        .order_by(PointHistory.id.desc())
    )
    return list(ctx.session.scalars(query.limit(most)))
