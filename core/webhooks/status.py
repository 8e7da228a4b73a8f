"""What staff and the operator have to know: endpoints that fail, deliveries that were given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.tree import Tenant
from core.webhooks.models import WebhookDelivery, WebhookEndpoint


@dataclass(frozen=True, slots=True)
class EndpointStatus:
    """How one endpoint of a place stands; `host` is what may be shown of its address."""

    tenant: Tenant
    topic: str
    host: str
    pending: int
    given_up: int
    failing_since: datetime | None
    next_try_at: datetime
    last_error: str


def list_webhook_status(
    session: Session, tenant: Tenant, topic: str | None = None
) -> Sequence[EndpointStatus]:
    """List the endpoints of a place, of one topic or of all, for a staff page."""
    conditions = [WebhookEndpoint.tenant_id == tenant.id]
    if topic is not None:
        conditions.append(WebhookEndpoint.topic == topic)
    return _load(session, *conditions)


def list_failing(session: Session) -> Sequence[EndpointStatus]:
    """List endpoints of the scope that fail, or that deliveries were given up for."""
    lost = select(WebhookDelivery.endpoint_id).where(WebhookDelivery.state == "given_up")
    failing = or_(WebhookEndpoint.failing_since.is_not(None), WebhookEndpoint.id.in_(lost))
    return _load(session, failing)


def _load(session: Session, *conditions: ColumnElement[bool]) -> Sequence[EndpointStatus]:
    def count(state: str) -> ColumnElement[int]:
        return func.count(WebhookDelivery.id).filter(WebhookDelivery.state == state)

    query = (
        select(WebhookEndpoint, Tenant, count("pending"), count("given_up"))
        .join(Tenant, Tenant.id == WebhookEndpoint.tenant_id)
        .outerjoin(WebhookDelivery, WebhookDelivery.endpoint_id == WebhookEndpoint.id)
        .where(*conditions)
        .group_by(WebhookEndpoint.id, Tenant.id)
        .order_by(Tenant.id, WebhookEndpoint.id)
    )
    return [
        EndpointStatus(
            tenant=tenant,
            topic=endpoint.topic,
            host=urlsplit(endpoint.url).hostname or "",
            pending=pending,
            given_up=given_up,
            failing_since=endpoint.failing_since,
            next_try_at=endpoint.next_try_at,
            last_error=endpoint.last_error,
        )
        for endpoint, tenant, pending, given_up in session.execute(query)
    ]


def describe(status: EndpointStatus) -> str:
    """Say in one line how an endpoint stands."""
    line: str = _(
        "%(place)s, %(topic)s to %(host)s: %(pending)s waiting, %(given_up)s given up",
        place=status.tenant.name, topic=status.topic, host=status.host,
        pending=status.pending, given_up=status.given_up,
    )  # fmt: skip
    return f"{line} ({status.last_error})" if status.last_error else line


def retry_webhooks(session: Session, tenant: Tenant, topic: str) -> int:
    """Queue given-up deliveries of a topic again, due at once; return how many.

    They keep their keys and their order before all that came later.
    """
    endpoints = select(WebhookEndpoint.id).where(
        WebhookEndpoint.tenant_id == tenant.id, WebhookEndpoint.topic == topic
    )
    again = session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id.in_(endpoints), WebhookDelivery.state == "given_up")
        .values(state="pending", attempts=0, finished_at=None)
    )
    session.execute(
        update(WebhookEndpoint)
        .where(WebhookEndpoint.tenant_id == tenant.id, WebhookEndpoint.topic == topic)
        .values(next_try_at=utc_now(), failures=0)
    )
    return int(again.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a cursor result
