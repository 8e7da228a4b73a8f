"""Pairs of items with what must agree, how lists of both sides compare, and what was done."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.sdk import Base, Inherited, TenantScoped, utc_now


class PairRule(Inherited, Base):
    """What a county says of a linked pair of items: its kind, and the facts that must agree."""

    __tablename__ = "village_sync_pair"
    __table_args__ = (UniqueConstraint("tenant_id", "village_item", "government_item"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    village_item: Mapped[str] = mapped_column(String(80))
    government_item: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    tolerances: Mapped[dict[str, Any] | None] = mapped_column(
        comment="facts compared with their tolerance; NULL: those of the kind"
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class PairHistory(Inherited, Base):
    """Something that was decided on a pair; rows are only ever added."""

    __tablename__ = "village_sync_pair_history"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    village_item: Mapped[str] = mapped_column(String(80))
    government_item: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(300), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)


class SyncComparison(TenantScoped, Base):
    """How a village's list and the government's of one pair and one batch compare.

    It belongs to the village. `organ_id` is the organ of the government's list, which answers.
    """

    __tablename__ = "village_sync_comparison"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "village_item", "government_item", "kind", "batch",
            name="uq_village_sync_comparison_pair",
        ),
        CheckConstraint("state IN ('agrees','open','explained','unclear','gone')", name="state"),
        CheckConstraint("state <> 'open' OR due_on IS NOT NULL", name="due"),
        CheckConstraint(
            "state <> 'explained' OR (reason <> '' AND reason_on IS NOT NULL)", name="reason"
        ),
        Index("ix_village_sync_comparison_desk", "tenant_id", "state", "due_on"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    village_item: Mapped[str] = mapped_column(String(80))
    government_item: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    batch: Mapped[str] = mapped_column(String(40))
    village_publication_id: Mapped[int | None] = mapped_column(
        ForeignKey("publication.id", ondelete="SET NULL", name="fk_village_sync_village_list"),
        index=True,
    )
    government_publication_id: Mapped[int | None] = mapped_column(
        ForeignKey("publication.id", ondelete="SET NULL", name="fk_village_sync_government_list"),
        index=True,
    )
    government_tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="RESTRICT"))
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id", ondelete="SET NULL"))
    facts: Mapped[list[Any]] = mapped_column(
        default=list, comment="key, what each side says in words, whether they agree"
    )
    rows: Mapped[list[Any]] = mapped_column(
        default=list, comment="rows that differ, names masked; emptied once both agree"
    )
    row_count: Mapped[int] = mapped_column(default=0, comment="how many rows differ in all")
    digest: Mapped[str] = mapped_column(String(64), comment="of what both sides say")
    state: Mapped[str] = mapped_column(String(10))
    is_villages: Mapped[bool] = mapped_column(
        default=False, comment="the village has to correct: policy and standards come down"
    )
    found_on: Mapped[dt.date]
    due_on: Mapped[dt.date | None]
    settled_on: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(String(20), default="", comment="coded")
    reason_on: Mapped[dt.date | None] = mapped_column(comment="day on which it came to be")
    reason_note: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class SyncEvent(TenantScoped, Base):
    """What happened to a comparison, and what people said; rows are only ever added."""

    __tablename__ = "village_sync_event"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    comparison_id: Mapped[int] = mapped_column(
        ForeignKey("village_sync_comparison.id", ondelete="CASCADE"), index=True
    )
    act: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(20), default="", comment="coded")
    note: Mapped[str] = mapped_column(String(300), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(64), default="", comment="empty: the comparison")
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)


class ReadPublication(TenantScoped, Base):
    """Which version of a publication has been compared; what differs is compared again."""

    __tablename__ = "village_sync_read"
    __table_args__ = (UniqueConstraint("publication_id"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    stamp: Mapped[str] = mapped_column(
        String(64), comment="of its version, whether it is public, and the pairs of its item"
    )
