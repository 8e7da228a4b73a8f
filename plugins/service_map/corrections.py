"""What readers report as wrong at a point: a kind of messages, put right by whoever keeps it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import MessageKind, MessageSubject, Tenant, add_message_kind, tenant_url

from .i18n import _l
from .manifest import MISTAKE
from .models.point import ServicePoint
from .points.queries import point_url

__all__ = ["MISTAKE", "mistake_url"]


def _find_point(session: Session, tenant: Tenant, key: str) -> MessageSubject | None:
    """Find the point of a report at its place; also one that is closed for good."""
    query = select(ServicePoint).where(
        ServicePoint.tenant_id == tenant.id,
        ServicePoint.state != "draft",
        ServicePoint.id == (int(key) if key.isdecimal() and len(key) < 10 else 0),
    )
    point = session.scalar(query)
    if point is None:
        return None
    return MessageSubject(
        point.name,
        point_url(point, tenant),
        organ_id=point.organ_id,
        edit_url=tenant_url("plugin_service_map_points.edit", tenant, id=point.id),
    )


def mistake_url(session: Session, point: ServicePoint) -> str:
    """Build the address of the form at the point's own place, whose people can put it right."""
    place = session.get_one(Tenant, point.tenant_id)
    return tenant_url("messages.form", place, kind=MISTAKE, key=point.id)


add_message_kind(
    MessageKind(
        MISTAKE,
        _l("Report a mistake"),
        _l("What should it say?"),
        _find_point,
        hint=_l("No account is needed. Leave a phone if you would like to hear of it."),
        aspects=(
            _l("The telephone number is wrong"),
            _l("The address or the position is wrong"),
            _l("The opening hours are wrong"),
            _l("It has moved or closed"),
            _l("This cannot be done here"),
        ),
        thanks=_l("Thank you. What you reported has been put right."),
        publishable=False,
    )
)
