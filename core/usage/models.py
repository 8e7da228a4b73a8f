"""How often pages about things were asked for, by month; nothing about who asked."""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped


class UsageCount(TenantScoped, Base):
    """How often something of a place was asked for in a month.

    The thing is named by its feature: `topic` (`service_map.view`) and `key` (the id of its row).
    """

    __tablename__ = "usage_count"
    __table_args__ = (
        Index("uq_usage_count_thing", "tenant_id", "topic", "month", "key", unique=True),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(80))
    month: Mapped[date] = mapped_column(comment="its first day")
    number: Mapped[int]
