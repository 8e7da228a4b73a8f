"""What a county learns from its search box, and what it shows first; nothing of any person."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now


class SearchCount(TenantScoped, Base):
    """How often something happened in a month: questions, empty answers, clicks by position."""

    __tablename__ = "search_count"
    __table_args__ = (UniqueConstraint("tenant_id", "month", "measure"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, comment="its first day")
    measure: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(default=0)


class SearchWish(TenantScoped, Base):
    """A question that found nothing, or only parts of what was asked.

    Its words are kept only once it has come from several corners; `corners` says in which
    sixteenths of all addresses the askers were, which singles nobody out.
    """

    __tablename__ = "search_wish"
    __table_args__ = (UniqueConstraint("tenant_id", "month", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, comment="its first day")
    digest: Mapped[str] = mapped_column(String(32), comment="keyed hash of the words")
    words: Mapped[str | None] = mapped_column(
        String(60), comment="NULL until enough different people have asked"
    )
    in_vain: Mapped[int] = mapped_column(default=0, comment="times that nothing was found")
    partly: Mapped[int] = mapped_column(default=0, comment="times that only a part was found")
    corners: Mapped[int] = mapped_column(default=0, comment="bits of a sketch of 16 cells")


class SearchPromotion(TenantScoped, Base):
    """A document that the county shows first for some words, for a while (推荐)."""

    __tablename__ = "search_promotion"
    __table_args__ = (
        UniqueConstraint("tenant_id", "words", "document"),
        CheckConstraint("starts_on <= ends_on", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(40), comment="in normal form")
    document: Mapped[str] = mapped_column(String(130), comment="id of the search document")
    title: Mapped[str] = mapped_column(String(300), comment="when it was chosen, for the list")
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(comment="last day")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime] = mapped_column(default=utc_now)
