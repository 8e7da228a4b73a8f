"""Findings: what has to be mended by whom until when, and the files that show that it is."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, relationship

from core.sdk import Base, MendingFile, MendingTask, mending_checks

from .columns import reference

#: Where findings come from, as the database knows it.
FINDING_SOURCES = ("campaign", "tip", "vote", "other")


class EvaluationFinding(MendingTask, Base):
    """Something that an office or township has to mend."""

    __tablename__ = "supervisor_evaluation_finding"
    __table_args__ = (
        *mending_checks(FINDING_SOURCES),
        Index("ix_supervisor_evaluation_finding_desk", "tenant_id", "state", "due_on"),
        Index("ix_supervisor_evaluation_finding_origin", "origin_id", "state", "due_on"),
    )

    files: Mapped[list["FindingFile"]] = relationship(
        order_by="FindingFile.id", cascade="all, delete-orphan", passive_deletes=True
    )


class FindingFile(MendingFile, Base):
    """A photograph or document that shows what was mended."""

    __tablename__ = "supervisor_evaluation_finding_file"

    finding_id: Mapped[int] = reference("finding_file", "finding_id", "finding")
