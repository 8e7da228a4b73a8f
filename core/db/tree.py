"""The tree of tenants: the one table that scopes are cut from. Its rules are in `core.tenancy`."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, utc_now


class Tenant(Base):
    """A node of the administrative tree: a layer (nation … city) or a portal (county … village)."""

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint(
            "level IN ('nation','province','city','county','township','village')", name="level"
        ),
        CheckConstraint("status IN ('active','suspended','merged')", name="status"),
        CheckConstraint("hostname IS NULL OR level = 'county'", name="hostname_of_county"),
        UniqueConstraint("division_code"),
        UniqueConstraint("path"),
        UniqueConstraint("hostname"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("tenant.id"), index=True)
    division_code: Mapped[str] = mapped_column(
        String(12), comment="2, 4, 6, 9 or 12 digits, or CN; unique today, may change"
    )
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(10), comment="position in the tree")
    kind: Mapped[str] = mapped_column(String(20), comment="what it is: town, street, community …")
    path: Mapped[str] = mapped_column(
        # Byte order, so that "below" is a range on the index in both databases.
        String(120).with_variant(String(120, collation="C"), "postgresql"),
        comment="ids from the root: /1/5/77/",
    )
    status: Mapped[str] = mapped_column(String(10), default="active")
    hostname: Mapped[str | None] = mapped_column(String(253), comment="a county's own host name")
    profile: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="masthead, footer, guide: from the pack"
    )
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    parent: Mapped["Tenant | None"] = relationship(remote_side="Tenant.id")

    @property
    def chain(self) -> tuple[int, ...]:
        """Ids from the root to this tenant."""
        return ids_on(self.path)

    @property
    def has_portal(self) -> bool:
        """Layers above the county hold catalog content only."""
        return self.level in {"county", "township", "village"}

    def __repr__(self) -> str:
        return f"<Tenant {self.division_code} {self.name}>"


def ids_on(path: str) -> tuple[int, ...]:
    """Ids on a path (`/1/5/77/`), from the root."""
    return tuple(map(int, path[1:-1].split("/"))) if path else ()


def path_end(path: str) -> str:
    """Return the first path, in byte order, behind this one and all below it ("0" follows "/")."""
    return path[:-1] + "0"


def between(first: Any, end: Any) -> ColumnElement[bool]:
    """Condition on `Tenant`: the tenants from one path to the end of another."""
    return and_(Tenant.path >= first, Tenant.path < end)


def below(path: str) -> ColumnElement[bool]:
    """Condition on `Tenant`: the tenant of this path and all below it."""
    return between(path, path_end(path))


class FormerCode(Base):
    """A code that a tenant once had; addresses with it redirect."""

    __tablename__ = "former_code"

    division_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"), index=True)
    replaced_at: Mapped[datetime] = mapped_column(default=utc_now)
