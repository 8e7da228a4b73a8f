"""Remarks of reviewers on passages of a text."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now

LONGEST_PASSAGE = 300
LONGEST_REMARK = 1000


class PassageRemark(TenantScoped, Base):
    """What a reviewer says of one passage, until the author has dealt with it."""

    __tablename__ = "publication_remark"
    __table_args__ = (CheckConstraint("remark <> ''", name="remark"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), index=True
    )
    revision: Mapped[int] = mapped_column(comment="number of the revision it was made on")
    passage: Mapped[str] = mapped_column(
        String(LONGEST_PASSAGE), default="", comment="as in the text; empty: the whole"
    )
    remark: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    author_name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column(comment="when it was dealt with")
    settled_by: Mapped[str] = mapped_column(String(64), default="")
