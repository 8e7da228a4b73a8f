"""By which rules for personal data what is public was looked at, and how far that has come."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now


class ArchiveCheck(TenantScoped, Base):
    """The last look at a public text: which revision, by which rules."""

    __tablename__ = "archive_check"
    __table_args__ = (UniqueConstraint("publication_id"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    revision: Mapped[int]
    rules: Mapped[str] = mapped_column(String(16), comment="digest of the rules it was read by")
    checked_at: Mapped[datetime] = mapped_column(default=utc_now)


class ArchiveProgress(TenantScoped, Base):
    """How much of a place's archive has still to be looked at by the present rules."""

    __tablename__ = "archive_progress"
    __table_args__ = (UniqueConstraint("tenant_id"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    total: Mapped[int] = mapped_column(comment="publications that are public")
    left: Mapped[int] = mapped_column("still_left", comment="of them not looked at yet")
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
