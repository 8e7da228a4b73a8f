"""What can be done with a point; each act is kept in its history and in the audit log."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Context, NotFound, Tenant, get_plugin_settings, today, touch

from ..manifest import MANAGE, NAME
from ..models.point import PointHistory, ServicePoint
from .values import list_changes, set_values, to_values


def get_point(session: Session, tenant: Tenant, point_id: int) -> ServicePoint:
    """Load a point of a place; raises `NotFound`."""
    query = select(ServicePoint).where(
        ServicePoint.id == point_id, ServicePoint.tenant_id == tenant.id
    )
    point = session.scalar(query)
    if point is None:
        raise NotFound(where=str(point_id))
    return point


def create_point(ctx: Context, tenant: Tenant, values: Mapping[str, Any]) -> ServicePoint:
    """Create a point of a place, which is the person's own or one below it."""
    ctx.require(MANAGE, organ=values.get("organ_id"))
    point = ServicePoint(tenant_id=tenant.id)
    set_values(point, values)
    ctx.session.add(point)
    ctx.session.flush()
    log_point(ctx, point, "create")
    return point


def edit_point(
    ctx: Context, point: ServicePoint, values: Mapping[str, Any], event: str = "edit"
) -> bool:
    """Change what differs; return whether anything did."""
    ctx.require(MANAGE, organ=point.organ_id)
    ctx.require(MANAGE, organ=values.get("organ_id", point.organ_id))
    changes = list_changes(to_values(point), values)
    if not changes:
        return False
    set_values(point, {name: values[name] for name in changes})
    log_point(ctx, point, event, changes)
    return True


def verify_point(ctx: Context, point: ServicePoint, tenant: Tenant) -> None:
    """Record that somebody has made sure today that all of it is true."""
    ctx.require(MANAGE, organ=point.organ_id)
    days = get_plugin_settings(NAME, tenant)["review_days"]
    point.verified_on, point.verified_by = today(), ctx.actor.name
    point.review_on = today() + timedelta(days=days)
    log_point(ctx, point, "verify")


def delete_point(ctx: Context, point: ServicePoint) -> None:
    """Delete a point; its history stays, with what it said last."""
    ctx.require(MANAGE, organ=point.organ_id)
    said = {name: [value, None] for name, value in to_values(point).items() if value}
    log_point(ctx, point, "delete", said)
    ctx.session.delete(point)
    ctx.session.flush()


def log_point(
    ctx: Context, point: ServicePoint, event: str, changes: Mapping[str, Any] | None = None
) -> None:
    """Add to the history and the audit log, and tell the search."""
    touch(ctx.session, NAME, point.id, point.tenant_id)
    ctx.session.add(
        PointHistory(
            tenant_id=point.tenant_id,
            point_id=point.id,
            actor_id=ctx.actor.user_id,
            actor_name=ctx.actor.name,
            event=event,
            changes=dict(changes or {}),
        )
    )
    ctx.audit(f"{NAME}.{event}", str(point.id), fields=sorted(changes or ()))
    ctx.session.flush()
