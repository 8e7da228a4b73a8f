"""Records of what happened before typing: secrecy reviews, and decisions about disclosure.

Rows are only ever added while a text is being written; the newest of its round counts. A round
begins with each publication: a correction needs records of its own.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now
from core.publishing.records.rules import LONGEST_NAME, LONGEST_NUMBER


class SecrecyReview(TenantScoped, Base):
    """A secrecy review (保密审查) as its form says; the form itself stays where it is."""

    __tablename__ = "secrecy_review"
    __table_args__ = (
        Index("ix_secrecy_review_of", "publication_id", "since_revision"),
        CheckConstraint("result IN ('public','partly','withheld')", name="result"),
        CheckConstraint("number <> '' AND reviewer_name <> ''", name="complete"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    since_revision: Mapped[int] = mapped_column(
        comment="the published revision that it came after; 0 before the first"
    )
    number: Mapped[str] = mapped_column(String(LONGEST_NUMBER), comment="of the form")
    reviewer_name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    reviewed_on: Mapped[date]
    result: Mapped[str] = mapped_column(String(10))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_by_name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    recorded_at: Mapped[datetime] = mapped_column(default=utc_now)


class DisclosureDecision(TenantScoped, Base):
    """What was decided of a matter's disclosure (公开属性认定), on what ground, by whom."""

    __tablename__ = "disclosure_decision"
    __table_args__ = (
        Index("ix_disclosure_decision_of", "publication_id", "since_revision"),
        CheckConstraint("nature IN ('partly','withheld','active','on_request')", name="nature"),
        CheckConstraint(
            "ground IN ('state_secret','law','stability','trade_secret','privacy','internal',"
            "'process','enforcement','inquiry','')",
            name="ground",
        ),
        CheckConstraint("(nature IN ('partly','withheld')) = (ground <> '')", name="grounded"),
        CheckConstraint("decided_by <> ''", name="decided_by"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    since_revision: Mapped[int] = mapped_column(
        comment="the published revision that it came after; 0 before the first"
    )
    nature: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(
        String(20), default="", comment="of the closed list, where something is withheld"
    )
    decided_by: Mapped[str] = mapped_column(String(LONGEST_NAME))
    decided_on: Mapped[date]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_by_name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    recorded_at: Mapped[datetime] = mapped_column(default=utc_now)
