"""Official tables uploaded in the browser, as far as they have been understood and mended."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.catalog.models import CatalogRevision
from core.db.base import Base, TenantScoped, utc_now


class CatalogUpload(TenantScoped, Base):
    """A file with what was read from it and what a person put right; the catalog knows nothing.

    `understood` is never changed; `mended` holds the differences only.
    """

    __tablename__ = "catalog_upload"
    __table_args__ = (
        CheckConstraint("state IN ('mending','submitted','discarded')", name="state"),
        CheckConstraint("(state = 'submitted') = (revision_id IS NOT NULL)", name="revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256, the stored file")
    filename: Mapped[str] = mapped_column(String(200))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    uploaded_name: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(default=utc_now)
    touched_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    row_count: Mapped[int]
    understood: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    mended: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10), default="mending")
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("catalog_revision.id"))

    revision: Mapped[CatalogRevision | None] = relationship()

    @property
    def stage(self) -> str:
        """Where it stands: mending, in_review, approved, rejected (to be mended), discarded."""
        return self.revision.state if self.revision else self.state

    @property
    def is_open(self) -> bool:
        """Whether it can still be mended; a rejected one can be taken up again."""
        return self.stage in {"mending", "rejected"}
