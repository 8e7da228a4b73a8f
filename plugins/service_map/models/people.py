"""People and households of villages, as the county has entered them."""

import datetime as dt

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.sdk import Base, TenantScoped


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
