"""The register of withheld items: number, ground and dates; never a title, never content."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, TenantScoped, utc_now
from core.publishing.withheld.rules import LONGEST_REFERENCE
from core.tenancy.models import Organ

_GROUNDS = (
    "ground IN ('state_secret','law','stability','trade_secret','privacy','internal','process',"
    "'enforcement','inquiry')"
)


class WithheldItem(TenantScoped, Base):
    """Something that an organ withholds, wholly or in part, until it is evaluated again."""

    __tablename__ = "withheld_item"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        CheckConstraint("nature IN ('withheld','partly')", name="nature"),
        CheckConstraint(_GROUNDS, name="ground"),
        CheckConstraint("third_party IN ('refused','unanswered','')", name="third_party"),
        CheckConstraint("released_on IS NULL OR next_on IS NULL", name="released"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), comment="given by the register")
    reference: Mapped[str] = mapped_column(
        String(LONGEST_REFERENCE), default="", comment="number of the organ's own file"
    )
    nature: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(20), comment="as it was found last")
    third_party: Mapped[str] = mapped_column(String(12), default="")
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_on: Mapped[date]
    next_on: Mapped[date | None] = mapped_column(index=True, comment="to be evaluated by this day")
    released_on: Mapped[date | None]
    publication_id: Mapped[int | None] = mapped_column(
        ForeignKey("publication.id", ondelete="SET NULL"),
        index=True,
        comment="whose withheld part it is, or what became of it",
    )
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    entered_by_name: Mapped[str] = mapped_column(String(64))
    entered_at: Mapped[datetime] = mapped_column(default=utc_now)
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")

    organ: Mapped[Organ] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class WithheldEvaluation(TenantScoped, Base):
    """One re-evaluation of a withheld item and its result; rows are only ever added."""

    __tablename__ = "withheld_evaluation"
    __table_args__ = (
        CheckConstraint("outcome IN ('kept','released')", name="outcome"),
        CheckConstraint(_GROUNDS, name="ground"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("withheld_item.id", ondelete="CASCADE"), index=True
    )
    evaluated_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(20))
    next_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_by_name: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(default=utc_now)
