"""One act on many publications, row by row: what was chosen, and what became of each."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now


class BatchState(StrEnum):
    """An import is read and looked at first; then rows wait for the job, and are done by it."""

    READING = "reading"
    PREVIEW = "preview"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class PublicationBatch(TenantScoped, Base):
    """What a person does with many publications at once; nobody else sees it."""

    __tablename__ = "publication_batch"
    __table_args__ = (
        CheckConstraint("state IN ('reading','preview','waiting','done','failed')", name="state"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    act: Mapped[str] = mapped_column(String(20), comment="an act of the list, or import")
    state: Mapped[str] = mapped_column(String(10), index=True)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="as chosen for all rows")
    filename: Mapped[str] = mapped_column(String(200), default="", comment="of an import")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    finished_at: Mapped[datetime | None]


class BatchRow(TenantScoped, Base):
    """One publication, or one row of a file; `outcome` is empty until it was its turn."""

    __tablename__ = "publication_batch_row"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("publication_batch.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(comment="of the row in its file, or in the list")
    publication_id: Mapped[int | None] = mapped_column(
        ForeignKey("publication.id", ondelete="SET NULL"), index=True
    )
    version: Mapped[int | None] = mapped_column(comment="of the publication as it was chosen")
    title: Mapped[str] = mapped_column(String(300), default="")
    outcome: Mapped[str] = mapped_column(String(10), default="")
    message: Mapped[str] = mapped_column(Text, default="", comment="why it was refused")
    source: Mapped[bytes | None] = mapped_column(
        LargeBinary, deferred=True, comment="a document that has still to be read"
    )
    line: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        deferred=True,
        comment="the fields of a row of a file; NULL once it is stored",
    )
    plan: Mapped[str] = mapped_column(String(10), default="", comment="what an import would do")
    findings: Mapped[list[Any]] = mapped_column(default=list, comment="what is to be said of it")
    choice: Mapped[str] = mapped_column(String(10), default="", comment="about personal data")
    reason: Mapped[str] = mapped_column(String(500), default="", comment="why it is kept")
