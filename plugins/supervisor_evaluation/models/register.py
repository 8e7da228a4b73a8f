"""The register: supervisors and experience officers, and what they must not judge."""

import datetime as dt

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.sdk import AppointedPerson, Base, TenantScoped

from .columns import OfSubject, exactly_one_subject, one_of, reference

_CONFLICT = "ix_supervisor_evaluation_conflict"


class EvaluationSupervisor(AppointedPerson, Base):
    """A supervisor (监督员) or experience officer (体验官), or somebody who wants to be one."""

    __tablename__ = "supervisor_evaluation_supervisor"
    kinds = ("supervisor", "experience_officer")
    backgrounds = ("deputy", "adviser", "media", "enterprise", "resident", "other")

    kind: Mapped[str] = mapped_column(String(20), default="supervisor")
    conflicts: Mapped[list["ConflictOfInterest"]] = relationship(
        order_by="ConflictOfInterest.id", cascade="all, delete-orphan", passive_deletes=True
    )


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
