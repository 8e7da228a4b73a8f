"""Evidence that something was hung up on the notice board: a signed sheet, or a photograph."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now

KINDS = ("sheet", "photograph")


class BoardPosting(TenantScoped, Base):
    """A file that shows what hung on the board, from which day, and how many rows it had."""

    __tablename__ = "board_posting"
    __table_args__ = (
        CheckConstraint("kind IN ('sheet','photograph')", name="kind"),
        CheckConstraint("taken_down_on IS NULL OR taken_down_on >= posted_on", name="days"),
        CheckConstraint("row_count IS NULL OR row_count >= 0", name="row_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10), comment="signed sheet, or photograph")
    posted_on: Mapped[date] = mapped_column(comment="the day it was hung up")
    taken_down_on: Mapped[date | None]
    row_count: Mapped[int | None] = mapped_column(comment="households or rows on the sheet")
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(comment="bytes")
    filename: Mapped[str] = mapped_column(String(150))
    note: Mapped[str] = mapped_column(Text, default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    added_by_name: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(default=utc_now)
