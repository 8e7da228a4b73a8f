"""Decisions that wait for their results, the results, and later days with their reasons."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, TenantScoped, utc_now
from core.publishing.models import Publication

LONGEST_STAGE = 60


class PublicationDecision(TenantScoped, Base):
    """A publication that is a decision (决议), and by when its result is to be public."""

    __tablename__ = "publication_decision"
    __table_args__ = (UniqueConstraint("publication_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    due_on: Mapped[date] = mapped_column(comment="last day of the term, with extensions")
    begun_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    begun_by_name: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(default=utc_now)
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")

    publication: Mapped[Publication] = relationship()
    results: Mapped[list["DecisionResult"]] = relationship(
        back_populates="decision", cascade="all, delete-orphan", order_by="DecisionResult.id"
    )
    extensions: Mapped[list["DecisionExtension"]] = relationship(
        passive_deletes="all", order_by="DecisionExtension.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class DecisionResult(TenantScoped, Base):
    """A publication that tells what came of a decision: a stage of it, or the end."""

    __tablename__ = "decision_result"
    __table_args__ = (UniqueConstraint("decision_id", "publication_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("publication_decision.id", ondelete="CASCADE")
    )
    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), index=True
    )
    stage: Mapped[str] = mapped_column(
        String(LONGEST_STAGE), default="", comment="as staff call it"
    )
    is_final: Mapped[bool] = mapped_column(default=True)
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    linked_by_name: Mapped[str] = mapped_column(String(64))
    linked_at: Mapped[datetime] = mapped_column(default=utc_now)

    decision: Mapped[PublicationDecision] = relationship(back_populates="results")
    publication: Mapped[Publication] = relationship()


class DecisionExtension(TenantScoped, Base):
    """A later day for the result of a decision, with its reason; rows are only ever added."""

    __tablename__ = "decision_extension"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("to_day > from_day", name="later"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(
        ForeignKey("publication_decision.id", ondelete="CASCADE"), index=True
    )
    from_day: Mapped[date]
    to_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    extended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    extended_by_name: Mapped[str] = mapped_column(String(64))
    extended_at: Mapped[datetime] = mapped_column(default=utc_now)
