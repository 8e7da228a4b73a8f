"""What lists brought: imports of points, to be undone as a whole, and people of villages."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.sdk import Base, TenantScoped, utc_now


class PointImport(TenantScoped, Base):
    """One import of a list at a place, for it and the places below."""

    __tablename__ = "service_map_import"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(64), default="")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[dt.datetime | None]


class PointImportChange(TenantScoped, Base):
    """What an import did to one point; of the place that the point belongs to."""

    __tablename__ = "service_map_import_change"
    __table_args__ = (CheckConstraint("action IN ('created','updated')", name="action"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(
        ForeignKey("service_map_import.id", ondelete="CASCADE"), index=True
    )
    point_id: Mapped[int] = mapped_column(comment="no key: the point may be gone")
    action: Mapped[str] = mapped_column(String(10))
    before: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="values before, by field; with `imported`"
    )
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)


class VillagePeople(TenantScoped, Base):
    """How many people live in a village; figures of few persons are shown to the staff only."""

    __tablename__ = "service_map_people"
    __table_args__ = (
        UniqueConstraint("tenant_id"),
        CheckConstraint("people >= 0 AND (households IS NULL OR households >= 0)", name="counts"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    people: Mapped[int]
    households: Mapped[int | None]
    entered_on: Mapped[dt.date]
