"""Tables of the catalog: dated revisions of layers with their changes, and uploads.

Revisions and changes are only ever added; the state of a revision moves once, from `in_review` to
its end. Uploads hold official tables as parsed, with the corrections a person made.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, Inherited, TenantScoped, utc_now
from core.db.tree import Tenant

# SQL NULL stands for JSON null: an unknown value.
_Json = JSON(none_as_null=True)


class CatalogRevision(Inherited, Base):
    """A set of changes that one layer makes together, submitted by one and approved by another."""

    __tablename__ = "catalog_revision"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        # The overview of a chain of layers is read from this index alone.
        Index("ix_catalog_revision_in_force", "tenant_id", "state", "effective_on", "number"),
        CheckConstraint("state IN ('in_review','approved','rejected')", name="state"),
        CheckConstraint("(state = 'approved') = (number IS NOT NULL)", name="number"),
        CheckConstraint("(state = 'in_review') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "state <> 'approved' OR NOT two_people OR author_id IS NULL OR approver_id IS NULL "
            "OR author_id <> approver_id",
            name="second_person",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(
        comment="counts the layer's approved revisions from 1"
    )
    state: Mapped[str] = mapped_column(String(10), default="in_review")
    effective_on: Mapped[date | None] = mapped_column(
        comment="in force from this day; NULL until approval: that day"
    )
    reason: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="how many changes of each kind"
    )
    two_people: Mapped[bool] = mapped_column(
        default=True, comment="it refines, withdraws or locks: author and approver must differ"
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    author_name: Mapped[str] = mapped_column(String(64))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approver_name: Mapped[str | None] = mapped_column(String(64))
    decision_note: Mapped[str | None] = mapped_column(Text, comment="why it was rejected")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]

    tenant: Mapped[Tenant] = relationship()
    changes: Mapped[list["CatalogChange"]] = relationship(
        back_populates="revision", order_by="CatalogChange.position"
    )

    @property
    def shown_on_pages(self) -> bool:
        """Whether it is part of the catalog; one that waits for approval changes no page."""
        return self.state == "approved"


class CatalogChange(Inherited, Base):
    """One statement of a revision; which columns are filled depends on `op`."""

    __tablename__ = "catalog_change"
    __table_args__ = (
        UniqueConstraint("revision_id", "position"),
        # Search asks, of a few items or a domain, who in the country speaks of them.
        Index("ix_catalog_change_item", "item_id", "tenant_id"),
        Index("ix_catalog_change_domain", "domain"),
        CheckConstraint(
            "op IN ('define_domain','define','refine','reset','withdraw','withdraw_domain',"
            "'lock','undo')",
            name="op",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("catalog_revision.id"))
    position: Mapped[int] = mapped_column(comment="order within the revision")
    op: Mapped[str] = mapped_column(String(20))
    item_id: Mapped[str | None] = mapped_column(String(80))
    domain: Mapped[str | None] = mapped_column(String(60), comment="key of the domain")
    field: Mapped[str | None] = mapped_column(String(20))
    value: Mapped[Any] = mapped_column(
        _Json, nullable=True, comment="the new value; all fields of a new item or domain"
    )
    base: Mapped[Any] = mapped_column(
        _Json, nullable=True, comment="the upstream value that a refinement was based on"
    )
    reason: Mapped[str | None] = mapped_column(Text, comment="where it differs from the revision's")
    kinds: Mapped[Any] = mapped_column(
        _Json, nullable=True, comment="kinds of tenants below that it is limited to"
    )

    revision: Mapped[CatalogRevision] = relationship(back_populates="changes")


class CatalogUpload(TenantScoped, Base):
    """An uploaded table as parsed, with corrections; not yet part of the catalog.

    `parsed` is never changed; `corrections` holds the differences only.
    """

    __tablename__ = "catalog_upload"
    __table_args__ = (
        CheckConstraint("state IN ('mending','submitted','discarded')", name="state"),
        CheckConstraint("(state = 'submitted') = (revision_id IS NOT NULL)", name="revision"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256, the stored file")
    filename: Mapped[str] = mapped_column(String(200))
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    uploaded_name: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(default=utc_now)
    touched_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    row_count: Mapped[int]
    parsed: Mapped[dict[str, Any]] = mapped_column("understood", deferred=True)
    corrections: Mapped[dict[str, Any]] = mapped_column("mended", default=dict)
    state: Mapped[str] = mapped_column(String(10), default="mending")
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("catalog_revision.id"))

    revision: Mapped[CatalogRevision | None] = relationship()

    @property
    def stage(self) -> str:
        """State, with that of its revision: mending, in_review, approved, rejected, discarded."""
        return self.revision.state if self.revision else self.state

    @property
    def is_open(self) -> bool:
        """Whether corrections are allowed; a rejected upload can be corrected again."""
        return self.stage in {"mending", "rejected"}
