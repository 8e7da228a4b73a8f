"""What a list says of its own objections, and the corrections that followed from them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now
from core.publishing.objections.domain.terms import MOST_ANSWER_DAYS


class ObjectionContact(TenantScoped, Base):
    """Who receives objections to one list, and by when they are answered; empty: as the place."""

    __tablename__ = "publication_objection_contact"
    __table_args__ = (
        UniqueConstraint("publication_id"),
        CheckConstraint(
            f"answer_days IS NULL OR answer_days BETWEEN 1 AND {MOST_ANSWER_DAYS}",
            name="answer_days",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    office: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(50), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")
    answer_days: Mapped[int | None] = mapped_column(comment="working days until the answer")


class ObjectionCorrection(TenantScoped, Base):
    """A correction that was begun because an objection was upheld.

    The first release of the publication after `from_revision` is the correction.
    """

    __tablename__ = "publication_objection_correction"
    __table_args__ = (UniqueConstraint("publication_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    case_id: Mapped[int] = mapped_column(
        ForeignKey("message_case.id", ondelete="CASCADE"), index=True
    )
    from_revision: Mapped[int] = mapped_column(
        comment="the one that was public when the correction was begun"
    )
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    begun_by_name: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(default=utc_now)
