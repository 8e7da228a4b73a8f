"""Where other systems are told of changes, and what they are still to be told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, TenantScoped, utc_now

LONGEST_TOPIC = 60
LONGEST_URL = 500


class WebhookEndpoint(TenantScoped, Base):
    """An address that is told of one topic of a place, and the state of telling it.

    Deliveries go out one by one in their order, so failures and the next attempt are the
    endpoint's. `claim` is the worker that is at it, until `claimed_until` (a lease).
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (UniqueConstraint("tenant_id", "topic", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(LONGEST_TOPIC), comment="feature.subject")
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    secret: Mapped[str] = mapped_column(String(200), comment="signs deliveries; never shown")
    failures: Mapped[int] = mapped_column(default=0, comment="in a row")
    failing_since: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(200), default="")
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    deliveries: Mapped[list["WebhookDelivery"]] = relationship(
        back_populates="endpoint", cascade="all, delete-orphan", passive_deletes=True
    )
    shown_on_pages = False


class WebhookDelivery(TenantScoped, Base):
    """One change that an endpoint is told; an outbox row until it is delivered or given up."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_webhook_delivery_order", "endpoint_id", "state", "id"),
        CheckConstraint("state IN ('pending','delivered','given_up')", name="state"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(
        String(32), comment="idempotency key, the same at each attempt"
    )
    event: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text, comment="JSON as it is signed and sent")
    state: Mapped[str] = mapped_column(String(10), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    finished_at: Mapped[datetime | None] = mapped_column(comment="delivered or given up")

    endpoint: Mapped[WebhookEndpoint] = relationship(back_populates="deliveries")
