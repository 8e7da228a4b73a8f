"""Registrations with what belongs to them, and every table of the plugin by its name.

A registration is tied to its day by composite keys, so that none can name a slot, a category or a
field of another day or tenant.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.sdk import Base, TenantScoped, utc_now

from ..domain.states import REGISTRATION_STATES, SOURCES
from .event import (
    Category,
    EventSession,
    FormField,
    OpenDay,
    Quota,
    of_day,
    one_of,
    reference,
    tied_to,
)


class Registration(TenantScoped, Base):
    """Somebody's registration for a slot, with those who come along.

    `claim` forbids a second registration of the same phone; it is given up when the registration
    ends. The ticket `code` opens its page and cannot be guessed.
    """

    __tablename__ = "open_day_registration"
    __table_args__ = (
        of_day(),
        tied_to("slot", ondelete=None),
        tied_to("category", ondelete=None),
        Unique("open_day_id", "id"),
        Unique("code"),
        Unique("request_key"),
        Unique("open_day_id", "claim"),
        Unique("slot_id", "waiting_number"),
        Unique("slot_id", "lottery_number"),
        Index("ix_open_day_registration_slot", "slot_id", "state"),
        Index("ix_open_day_registration_phone", "tenant_id", "phone_digest"),
        Index("ix_open_day_registration_offer", "state", "offer_expires_at"),
        CheckConstraint(one_of("state", REGISTRATION_STATES), name="state"),
        CheckConstraint(one_of("source", SOURCES), name="source"),
        CheckConstraint("head_count >= 1", name="head_count"),
        CheckConstraint(
            "state NOT IN ('waiting','offered') OR waiting_number IS NOT NULL", name="waiting"
        ),
        CheckConstraint("state <> 'offered' OR offer_expires_at IS NOT NULL", name="offered"),
        CheckConstraint(
            "(state IN ('confirmed','offered','attended','no_show')) = (pool IS NOT NULL)",
            name="seats",
        ),
        CheckConstraint("pool IS NULL OR pool IN ('open','reserved')", name="pool"),
        CheckConstraint("state NOT IN ('cancelled','declined') OR claim IS NULL", name="claim"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int]
    slot_id: Mapped[int]
    category_id: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(20))
    request_key: Mapped[str | None] = mapped_column(
        String(40), comment="of the form that was sent, so that sending it twice is one act"
    )
    name: Mapped[str] = mapped_column(String(50), comment="empty once purged")
    phone: Mapped[str] = mapped_column(String(20), default="", comment="shown masked")
    phone_digest: Mapped[str | None] = mapped_column(
        String(64), comment="keyed hash of the phone, for finding"
    )
    claim: Mapped[str | None] = mapped_column(String(80))
    head_count: Mapped[int] = mapped_column(default=1, comment="people, companions included")
    organisation: Mapped[str] = mapped_column(
        String(100), default="", comment="of a group, or the unit that nominated"
    )
    residence_id: Mapped[int | None] = mapped_column(
        "home_id",
        ForeignKey("tenant.id", ondelete="SET NULL"),
        comment="the village or town they come from",
    )
    state: Mapped[str] = mapped_column(String(10), default="pending")
    state_reason: Mapped[str] = mapped_column(String(200), default="")
    pool: Mapped[str | None] = mapped_column(String(10), comment="whose seats it holds, if any")
    waiting_number: Mapped[int | None] = mapped_column(comment="order of the waiting list")
    offer_expires_at: Mapped[datetime | None]
    lottery_number: Mapped[int | None] = mapped_column(comment="public number in the draw")
    source: Mapped[str] = mapped_column(String(12), default="self")
    language: Mapped[str] = mapped_column(String(20), default="")
    needs: Mapped[str] = mapped_column(String(300), default="", comment="accessibility needs")
    consent_version: Mapped[int | None]
    consented_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    attended_at: Mapped[datetime | None]
    attended_count: Mapped[int | None] = mapped_column(comment="people of it who came")
    change_request: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        comment="slot, people, name or phone wanted after the deadline; the staff decides",
    )
    purged_at: Mapped[datetime | None] = mapped_column(comment="personal data removed")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    day: Mapped[OpenDay] = reference("Registration", "open_day_id", "OpenDay")
    slot: Mapped[EventSession] = reference("Registration", "slot_id", "EventSession")
    category: Mapped[Category | None] = reference("Registration", "category_id", "Category")
    companions: Mapped[list["Companion"]] = relationship(
        order_by="Companion.position", cascade="all, delete-orphan"
    )
    answers: Mapped[list["Answer"]] = reference(
        "Answer", "registration_id", "Registration", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class Companion(TenantScoped, Base):
    """Somebody who comes along; counted in the head count, named if they like."""

    __tablename__ = "open_day_companion"
    __table_args__ = (Unique("registration_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("open_day_registration.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(50))


class Answer(TenantScoped, Base):
    """What was answered to a question of the form, kept until its own day of removal."""

    __tablename__ = "open_day_answer"
    __table_args__ = (
        tied_to("registration"),
        tied_to("field"),
        Unique("registration_id", "field_id"),
        Index("ix_open_day_answer_purge", "purge_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int]
    registration_id: Mapped[int]
    field_id: Mapped[int] = mapped_column(index=True)
    value: Mapped[str] = mapped_column(Text)
    purge_on: Mapped[date | None]

    field: Mapped[FormField] = reference("Answer", "field_id", "FormField")


class Draw(TenantScoped, Base):
    """A lottery that was drawn: with its seed everybody can repeat it. Holds no personal data."""

    __tablename__ = "open_day_draw"
    __table_args__ = (
        tied_to("slot"),
        Unique("slot_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int]
    slot_id: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    seats: Mapped[int] = mapped_column(comment="open seats before the draw")
    entries: Mapped[list[Any]] = mapped_column(
        comment="[lottery number, people, category or null], by number"
    )
    quotas: Mapped[list[Any]] = mapped_column(comment="[category, seats left] before the draw")
    drawn: Mapped[list[Any]] = mapped_column(comment="lottery numbers in the order drawn")
    winners: Mapped[list[Any]] = mapped_column(comment="lottery numbers that got seats")
    drawn_at: Mapped[datetime] = mapped_column(default=utc_now)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    drawn_by_name: Mapped[str] = mapped_column(String(64), default="")


class OpenDayEvent(TenantScoped, Base):
    """A change of state of a day or of one registration; rows are only ever added."""

    __tablename__ = "open_day_event"
    __table_args__ = (
        of_day(),
        Index("ix_open_day_event_of", "open_day_id", "registration_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int]
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("open_day_registration.id", ondelete="CASCADE"), index=True
    )
    move: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(10), default="")
    to_state: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the citizen, or the program itself"
    )
    actor_name: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime] = mapped_column(default=utc_now)


__all__ = [
    "Answer", "Category", "Companion", "Draw", "EventSession", "FormField", "OpenDay",
    "OpenDayEvent", "Quota", "Registration",
]  # fmt: skip
