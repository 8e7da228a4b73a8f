"""What the staff's side keeps: nominations, check-in events, questions raised, a plan."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.sdk import Base, Organ, TenantScoped, utc_now

from .event import OpenDay, of_day, reference, tied_to


class Nomination(TenantScoped, Base):
    """How many people a unit (单位) may nominate for a session, and by when."""

    __tablename__ = "open_day_nomination"
    __table_args__ = (
        of_day(),
        tied_to("slot"),
        Unique("slot_id", "unit"),
        CheckConstraint("quota >= 1", name="quota"),
        Index("ix_open_day_nomination_link", "link_digest", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int] = mapped_column(index=True)
    slot_id: Mapped[int]
    unit: Mapped[str] = mapped_column(String(100))
    quota: Mapped[int] = mapped_column(comment="people")
    due_on: Mapped[date | None]
    link_digest: Mapped[str | None] = mapped_column(
        String(64), comment="keyed hash of the unit's link; NULL: none, or withdrawn"
    )
    link_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    day: Mapped[OpenDay] = reference("Nomination", "open_day_id", "OpenDay")


class CheckInEvent(TenantScoped, Base):
    """A scan at the entrance: a registration's people came in, or this was undone.

    Rows are only added; who is inside follows from all of them together. The nonce is drawn by
    the device, so that a note that is sent twice counts once.
    """

    __tablename__ = "open_day_check"
    __table_args__ = (
        tied_to("registration"),
        of_day(),
        Unique("open_day_id", "nonce"),
        Index("ix_open_day_check_of", "open_day_id", "registration_id"),
        CheckConstraint("act IN ('in','out')", name="act"),
        CheckConstraint("heads >= 0", name="heads"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int]
    registration_id: Mapped[int]
    nonce: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(3))
    heads: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(comment="when it was noted, by the device's clock")
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    device: Mapped[str] = mapped_column(String(40), default="")
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the visitor"
    )


class Reply(TenantScoped, Base):
    """A question raised on the day, who is to answer it by when, and the answer."""

    __tablename__ = "open_day_reply"
    __table_args__ = (of_day(), Index("ix_open_day_reply_due", "tenant_id", "replied_at", "due_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    open_day_id: Mapped[int] = mapped_column(index=True)
    question: Mapped[str] = mapped_column(Text)
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))
    unit: Mapped[str] = mapped_column(String(100), default="", comment="where no organ is named")
    due_on: Mapped[date | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None]
    replied_by_name: Mapped[str] = mapped_column(String(64), default="")
    is_public: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    organ: Mapped[Organ | None] = relationship()
    day: Mapped[OpenDay] = reference("Reply", "open_day_id", "OpenDay")

    @property
    def owner_organ_id(self) -> int | None:
        """The organ of the open day; `organ_id` is the one that is to answer."""
        return self.day.organ_id

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class YearPlan(TenantScoped, Base):
    """How many open days a unit is to hold in a year."""

    __tablename__ = "open_day_year_plan"
    __table_args__ = (
        Unique("tenant_id", "year", "unit"),
        CheckConstraint("planned >= 0", name="planned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    unit: Mapped[str] = mapped_column(String(100))
    planned: Mapped[int]
