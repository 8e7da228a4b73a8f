"""Notices to people that wait to be sent, or were."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now

LONGEST_TOPIC = LONGEST_RECIPIENT = 60
LONGEST_SUBJECT = 80
LONGEST_KEY = 120
STATES = ("queued", "claimed", "handed", "sent", "printed", "failed")


class QueuedNotice(TenantScoped, Base):
    """One notice to one person; an outbox row.

    A worker claims it (a lease, `claimed_until`) and marks it `handed` just before a carrier gets
    it: what is claimed may be sent by another worker after a crash, what was handed never is.
    The recipient and the facts are removed once it was sent or printed.
    """

    __tablename__ = "queued_notice"
    __table_args__ = (
        UniqueConstraint("tenant_id", "dedupe_key"),
        Index("ix_queued_notice_due", "state", "next_try_at"),
        Index("ix_queued_notice_subject", "tenant_id", "subject"),
        CheckConstraint(
            "state IN ('queued','claimed','handed','sent','printed','failed')", name="state"
        ),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(LONGEST_TOPIC), comment="its template: feature.name")
    recipient: Mapped[str] = mapped_column(
        String(LONGEST_RECIPIENT), comment="phone or address; masked once it was sent or printed"
    )
    facts: Mapped[dict[str, Any]] = mapped_column(comment="of the text; empty once sent or printed")
    subject: Mapped[str] = mapped_column(
        String(LONGEST_SUBJECT), default="", comment="row it is about, for withdrawing it"
    )
    dedupe_key: Mapped[str | None] = mapped_column(String(LONGEST_KEY))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now, comment="not sent before")
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None]
    handed_at: Mapped[datetime | None] = mapped_column(comment="last given to a carrier")
    carrier: Mapped[str] = mapped_column(String(30), default="", comment="plugin that took it")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
