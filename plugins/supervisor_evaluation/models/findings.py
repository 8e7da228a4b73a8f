"""Findings: what has to be mended by whom until when, and the files that show that it is."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.sdk import Base, TenantScoped, utc_now

from ..domain.findings import FINDING_SOURCES, FindingState
from .columns import one_of, reference


class EvaluationFinding(TenantScoped, Base):
    """Something to be mended, at the place whose people mend it; without an organ: its own.

    `origin_id` is the place that found it and looks again once mending is reported.
    """

    __tablename__ = "supervisor_evaluation_finding"
    __table_args__ = (
        one_of("state", tuple(FindingState)),
        one_of("source", FINDING_SOURCES),
        CheckConstraint("state <> 'closed' OR closed_on IS NOT NULL", name="closed"),
        CheckConstraint("state <> 'reported' OR reported_at IS NOT NULL", name="reported"),
        Index("ix_supervisor_evaluation_finding_desk", "tenant_id", "state", "due_on"),
        Index("ix_supervisor_evaluation_finding_origin", "origin_id", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    origin_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="RESTRICT"))
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id", ondelete="SET NULL"))
    subject: Mapped[str] = mapped_column(String(100), comment="its name when it was found")
    source: Mapped[str] = mapped_column(String(12), default="campaign")
    reference: Mapped[str] = mapped_column(
        String(60), default="", comment="campaign, number of the message"
    )
    text: Mapped[str] = mapped_column(Text, comment="what is wrong; shown once it is mended")
    page_url: Mapped[str] = mapped_column(
        String(500), default="", comment="path on this site of the page it is about"
    )
    due_on: Mapped[dt.date]
    state: Mapped[str] = mapped_column(String(12), default=FindingState.OPEN)
    report: Mapped[str] = mapped_column(Text, default="", comment="what was mended")
    reported_at: Mapped[dt.datetime | None]
    reported_by_name: Mapped[str] = mapped_column(String(64), default="")
    recheck_note: Mapped[str] = mapped_column(String(500), default="")
    closed_on: Mapped[dt.date | None]
    escalated_at: Mapped[dt.datetime | None] = mapped_column(comment="overdue: the origin is told")
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    files: Mapped[list["FindingFile"]] = relationship(
        order_by="FindingFile.id", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name

    @property
    def owner_organ_id(self) -> int | None:
        """The organ whose own staff mend it."""
        return self.organ_id


class FindingFile(TenantScoped, Base):
    """A photograph or document that shows what was mended."""

    __tablename__ = "supervisor_evaluation_finding_file"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = reference("finding_file", "finding_id", "finding")
    name: Mapped[str] = mapped_column(String(200), comment="file name; no name of a photograph")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the stored file")
    media_type: Mapped[str] = mapped_column(String(100))
    is_picture: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
