"""The register: supervisors and experience officers, and what they must not judge."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.sdk import Base, TenantScoped, utc_now

from .columns import OfSubject, exactly_one_subject, one_of, reference

KINDS = ("supervisor", "experience_officer")
STATES = ("applied", "nominated", "appointed", "suspended", "ended", "declined")
BACKGROUNDS = ("deputy", "adviser", "media", "enterprise", "resident", "other")
GENDERS = ("female", "male", "unknown")
_CONFLICT = "ix_supervisor_evaluation_conflict"


class EvaluationSupervisor(TenantScoped, Base):
    """A supervisor (监督员) or experience officer (体验官): an applicant at first, then appointed.

    They have no account: a private link opens their desk. Only its keyed digest is kept.
    """

    __tablename__ = "supervisor_evaluation_supervisor"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", STATES),
        one_of("gender", GENDERS),
        one_of("background", BACKGROUNDS),
        one_of("source", ("application", "nomination")),
        CheckConstraint(
            "state NOT IN ('appointed','suspended') OR (appointed_on IS NOT NULL "
            "AND term_ends_on IS NOT NULL AND confirmed_until IS NOT NULL)",
            name="term",
        ),
        CheckConstraint("confirmed_until <= term_ends_on", name="confirmed"),
        UniqueConstraint("tenant_id", "letter_number"),
        Index("ix_supervisor_evaluation_supervisor_link", "link_digest", unique=True),
        Index("ix_supervisor_evaluation_supervisor_list", "tenant_id", "state"),
        Index("ix_supervisor_evaluation_supervisor_phone", "tenant_id", "phone_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), default="supervisor")
    name: Mapped[str] = mapped_column(String(40), comment="empty once the data are erased")
    gender: Mapped[str] = mapped_column(String(10), default="unknown")
    birth_year: Mapped[int | None]
    background: Mapped[str] = mapped_column(String(12), default="other")
    unit: Mapped[str] = mapped_column(String(100), default="", comment="unit or village")
    phone: Mapped[str] = mapped_column(String(20), default="")
    phone_digest: Mapped[str | None] = mapped_column(String(64), comment="keyed hash")
    source: Mapped[str] = mapped_column(String(12), default="application")
    nominated_by: Mapped[str] = mapped_column(String(100), default="", comment="a unit")
    statement: Mapped[str] = mapped_column(Text, default="", comment="why the person applies")
    areas: Mapped[list[Any]] = mapped_column(default=list, comment="what they supervise, in words")
    state: Mapped[str] = mapped_column(String(12), default="applied")
    reason: Mapped[str] = mapped_column(
        String(300), default="", comment="of declining, suspending or ending; for the office"
    )
    appointed_on: Mapped[dt.date | None]
    term_ends_on: Mapped[dt.date | None]
    confirmed_until: Mapped[dt.date | None] = mapped_column(comment="confirmed year by year")
    ended_on: Mapped[dt.date | None] = mapped_column(comment="ended, or declined")
    letter_number: Mapped[str | None] = mapped_column(String(40))
    link_digest: Mapped[str | None] = mapped_column(
        String(64), comment="keyed hash of the private link; NULL: none, or withdrawn"
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    erased_at: Mapped[dt.datetime | None]

    conflicts: Mapped[list["ConflictOfInterest"]] = relationship(
        order_by="ConflictOfInterest.id", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class ConflictOfInterest(OfSubject, TenantScoped, Base):
    """An organ or township that a supervisor must not judge, declared by either side."""

    __tablename__ = "supervisor_evaluation_conflict"
    __table_args__ = (
        exactly_one_subject(),
        one_of("declared_by", ("supervisor", "office")),
        Index(f"{_CONFLICT}_organ", "supervisor_id", "organ_id", unique=True),
        Index(f"{_CONFLICT}_township", "supervisor_id", "township_id", unique=True),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    supervisor_id: Mapped[int] = reference("conflict", "supervisor_id", "supervisor", index=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    declared_by: Mapped[str] = mapped_column(String(12), default="office")
    declared_on: Mapped[dt.date]
