"""What the levels say about the templates of catalog items; rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Inherited, utc_now


class ItemTemplateLayer(Inherited, Base):
    """One level's word on one item, with its reason; the newest of a level counts."""

    __tablename__ = "item_template"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        Index("ix_item_template_item", "tenant_id", "item_id", "id"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(String(80))
    fields: Mapped[dict[str, Any]] = mapped_column(
        comment="what differs from the levels above; empty: nothing any more"
    )
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    author_name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
