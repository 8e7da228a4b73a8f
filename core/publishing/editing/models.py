"""Work that nobody has saved yet, and drafts that were deleted and can be brought back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now


class UnsavedWork(TenantScoped, Base):
    """What a person has typed into one form and not saved, from whichever device."""

    __tablename__ = "unsaved_work"
    __table_args__ = (UniqueConstraint("user_id", "form_key"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    user_name: Mapped[str] = mapped_column(String(64))
    publication_id: Mapped[int | None] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), index=True, comment="NULL: a new one"
    )
    form_key: Mapped[str] = mapped_column(String(40), comment="edit:ID or new:RANDOM")
    device: Mapped[str] = mapped_column(String(40), default="", comment="random, of one browser")
    device_name: Mapped[str] = mapped_column(String(60), default="")
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="as typed")
    based_on: Mapped[int] = mapped_column(default=0, comment="version of the publication")
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    begun_at: Mapped[datetime] = mapped_column(default=utc_now)
    saved_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)


class DiscardedDraft(TenantScoped, Base):
    """A draft that was deleted, with what is needed to bring it back."""

    __tablename__ = "discarded_draft"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    snapshot: Mapped[dict[str, Any]] = mapped_column(default=dict)
    files: Mapped[list[Any]] = mapped_column(default=list, comment="rows of its attachments")
    discarded_at: Mapped[datetime] = mapped_column(default=utc_now)

    @property
    def owner_organ_id(self) -> int | None:
        """The organ that the draft was of, for the gate of staff pages."""
        return self.snapshot.get("organ_id")
