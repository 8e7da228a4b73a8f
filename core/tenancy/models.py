"""The tree of tenants (kept beside the scopes) and the organs that belong to its nodes."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Inherited
from core.db.tree import FormerCode, Tenant


class Organ(Inherited, Base):
    """A body of a tenant that must publish (公开主体)."""

    __tablename__ = "organ"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name"),
        CheckConstraint(
            "kind IN ('government','department','vertical','enterprise','committee',"
            "'supervision','collective')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20), default="department")
    short_name: Mapped[str | None] = mapped_column(String(50))
    address: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(50))
    hours: Mapped[str | None] = mapped_column(String(200))
    index_code: Mapped[str | None] = mapped_column(
        String(10), comment="its own part {dept} of index numbers (索引号)"
    )
    uscc: Mapped[str | None] = mapped_column(String(18), comment="unified social credit code")
    reviewer_above: Mapped[str | None] = mapped_column(
        String(100), comment="the superior office of a vertically managed organ, e.g. at the city"
    )


__all__ = ["FormerCode", "Organ", "Tenant"]
