"""The record of administrative acts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now


class AuditEntry(TenantScoped, Base):
    """One act; rows are only ever added."""

    __tablename__ = "audit_entry"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    action: Mapped[str] = mapped_column(String(60), comment="e.g. catalog.approve")
    subject: Mapped[str] = mapped_column(String(120), comment="what it was done to")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
