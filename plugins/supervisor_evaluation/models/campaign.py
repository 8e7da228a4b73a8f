"""Campaigns: subjects, what they say of themselves, and who scores them with what.

The rows of a campaign are of the place that runs it. What a township answers is of the township,
so that its own staff write it; they read campaigns from above, and neither assignments nor scores.
"""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.sdk import (
    Base,
    IndicatorVersion,
    Inherited,
    TenantScoped,
    utc_now,
)

from ..domain.phases import (
    ASSIGNMENT_KINDS,
    ASSIGNMENT_STATES,
    CAMPAIGN_STATES,
    GROUPS,
    LEAST_MINIMUM,
    LEVELS,
    REPLY_STATES,
    USUAL_MINIMUM,
    PhaseDates,
)
from .columns import OfSubject, exactly_one_subject, one_of, reference

NOTE_STATES = ("open", "accepted", "refused")


class IndicatorSet(IndicatorVersion, Base):
    """A version of a place's indicators; once in force it is never changed, only superseded."""

    __tablename__ = "supervisor_evaluation_indicator_set"


class EvaluationCampaign(Inherited, Base):
    """A year's evaluation of departments and townships by supervisors."""

    __tablename__ = "supervisor_evaluation_campaign"
    __table_args__ = (
        one_of("state", CAMPAIGN_STATES),
        one_of("level", LEVELS),
        CheckConstraint(f"minimum >= {LEAST_MINIMUM}", name="minimum"),
        CheckConstraint("scores_per_subject >= 1", name="scores_per_subject"),
        CheckConstraint(
            "state IN ('draft','cancelled') OR indicator_set_id IS NOT NULL", name="frozen"
        ),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
        CheckConstraint(
            "self_until <= scoring_until AND scoring_until <= verify_until "
            "AND verify_until <= reply_until AND reply_until <= publish_on",
            name="dates",
        ),
        Index("ix_supervisor_evaluation_campaign_list", "tenant_id", "state", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    year: Mapped[int]
    introduction: Mapped[str] = mapped_column(Text, default="")
    plan_number: Mapped[str] = mapped_column(
        String(100), default="", comment="of the year's plan of checks that names it"
    )
    state: Mapped[str] = mapped_column(String(16), default="draft")
    state_reason: Mapped[str] = mapped_column(String(300), default="", comment="of cancelling it")
    indicator_set_id: Mapped[int | None] = mapped_column(
        ForeignKey(
            "supervisor_evaluation_indicator_set.id",
            name="fk_supervisor_evaluation_campaign_indicator_set_id",
        ),
        comment="fixed when it starts",
    )
    self_until: Mapped[dt.date]
    scoring_until: Mapped[dt.date]
    verify_until: Mapped[dt.date] = mapped_column(comment="three working days after scoring")
    reply_until: Mapped[dt.date]
    publish_on: Mapped[dt.date]
    scores_per_subject: Mapped[int] = mapped_column(default=7)
    minimum: Mapped[int] = mapped_column(
        default=USUAL_MINIMUM, comment="nothing is shown of fewer answers"
    )
    level: Mapped[str] = mapped_column(String(20), default="grades", comment="what is published")
    seed: Mapped[str] = mapped_column(
        String(40), default="", comment="of the assignment and of the order of scorers; published"
    )
    started_at: Mapped[dt.datetime | None]
    published_at: Mapped[dt.datetime | None]
    sheet_digest: Mapped[str | None] = mapped_column(
        String(64), comment="SHA-256 of the published calculation sheet in the file store"
    )
    results: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="as published"
    )
    cloned_from_id: Mapped[int | None] = mapped_column(
        ForeignKey(
            "supervisor_evaluation_campaign.id",
            name="fk_supervisor_evaluation_campaign_cloned_from_id",
            ondelete="SET NULL",
        )
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    indicator_set: Mapped[IndicatorSet | None] = relationship()
    subjects: Mapped[list["EvaluationSubject"]] = relationship(
        order_by="(EvaluationSubject.group, EvaluationSubject.id)",
        cascade="all, delete-orphan",
        passive_deletes=True,
        back_populates="campaign",
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name

    @property
    def dates(self) -> PhaseDates:
        """The last days of the phases."""
        return PhaseDates(
            self.self_until, self.scoring_until, self.verify_until, self.reply_until,
            self.publish_on,
        )  # fmt: skip


class EvaluationSubject(OfSubject, Inherited, Base):
    """A department or township that is evaluated in a campaign; never a village or a person."""

    __tablename__ = "supervisor_evaluation_subject"
    __table_args__ = (
        exactly_one_subject(),
        one_of("subject_group", GROUPS),
        CheckConstraint("(subject_group = 'department') = (organ_id IS NOT NULL)", name="kind"),
        UniqueConstraint("campaign_id", "organ_id"),
        UniqueConstraint("campaign_id", "township_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = reference("subject", "campaign_id", "campaign")
    group: Mapped[str] = mapped_column("subject_group", String(12))
    name: Mapped[str] = mapped_column(String(100), comment="as it was called then")
    peer_group: Mapped[str] = mapped_column(
        String(40), default="", comment="those it is compared with, in words"
    )
    disclosed: Mapped[list[Any]] = mapped_column(
        default=list,
        comment="what its people see of the scores: indicator, reason, links, in an order that "
        "says nothing of who wrote them; taken when scoring ends",
    )

    campaign: Mapped[EvaluationCampaign] = relationship(back_populates="subjects")


class SubjectStatement(TenantScoped, Base):
    """What a subject's people say: self-assessment, errors of fact, reply, what was mended."""

    __tablename__ = "supervisor_evaluation_statement"
    __table_args__ = (
        one_of("reply_state", REPLY_STATES),
        Index("ix_supervisor_evaluation_statement_subject", "subject_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = reference("statement", "subject_id", "subject", index=False)
    self_assessment: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="indicator key: text, links"
    )
    self_submitted_at: Mapped[dt.datetime | None]
    facts_confirmed_at: Mapped[dt.datetime | None] = mapped_column(
        comment="they have looked through the facts"
    )
    reply: Mapped[str] = mapped_column(Text, default="", comment="published once accepted")
    reply_state: Mapped[str] = mapped_column(String(12), default="none")
    reply_note: Mapped[str] = mapped_column(
        String(500), default="", comment="why a reply was returned"
    )
    mended: Mapped[str] = mapped_column(Text, default="", comment="published with the results")
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")

    subject: Mapped[EvaluationSubject] = relationship()
    notes: Mapped[list["FactNote"]] = relationship(
        order_by="FactNote.id", cascade="all, delete-orphan", passive_deletes=True,
        back_populates="statement",
    )  # fmt: skip

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class FactNote(TenantScoped, Base):
    """An error of fact that a subject's people find in a reason, and what was decided of it."""

    __tablename__ = "supervisor_evaluation_fact_note"
    __table_args__ = (one_of("state", NOTE_STATES), UniqueConstraint("statement_id", "item"))
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = reference("fact_note", "statement_id", "statement")
    item: Mapped[int] = mapped_column(comment="number of the reason among those disclosed")
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str] = mapped_column(Text, default="", comment="why it was decided so")
    decided_at: Mapped[dt.datetime | None]

    statement: Mapped[SubjectStatement] = relationship(back_populates="notes")


class EvaluationAssignment(TenantScoped, Base):
    """One supervisor's work on one subject; who it is stays with those who run the campaign."""

    __tablename__ = "supervisor_evaluation_assignment"
    __table_args__ = (
        one_of("kind", ASSIGNMENT_KINDS),
        one_of("state", ASSIGNMENT_STATES),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted"),
        UniqueConstraint(
            "subject_id", "supervisor_id", "kind", name="uq_supervisor_evaluation_assignment_pair"
        ),
        Index("ix_supervisor_evaluation_assignment_campaign", "campaign_id", "state"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = reference("assignment", "campaign_id", "campaign", index=False)
    subject_id: Mapped[int] = reference("assignment", "subject_id", "subject", index=False)
    supervisor_id: Mapped[int] = reference("assignment", "supervisor_id", "supervisor")
    kind: Mapped[str] = mapped_column(String(14), default="regular")
    state: Mapped[str] = mapped_column(String(12), default="assigned")
    reason: Mapped[str] = mapped_column(String(300), default="", comment="of declining or a swap")
    text: Mapped[str] = mapped_column(Text, default="", comment="what was seen on the whole")
    visited_on: Mapped[dt.date | None]
    assigned_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    submitted_at: Mapped[dt.datetime | None]

    subject: Mapped[EvaluationSubject] = relationship()
    scores: Mapped[list["EvaluationScore"]] = relationship(
        order_by="EvaluationScore.id", cascade="all, delete-orphan", passive_deletes=True
    )


class EvaluationScore(TenantScoped, Base):
    """The points that one supervisor gave for one indicator; never written over."""

    __tablename__ = "supervisor_evaluation_score"
    __table_args__ = (UniqueConstraint("assignment_id", "indicator"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = reference("score", "assignment_id", "assignment", index=False)
    indicator: Mapped[str] = mapped_column(String(40), comment="its key")
    points: Mapped[int | None] = mapped_column(comment="NULL: not seen")
    reason: Mapped[str] = mapped_column(Text, default="")
    links: Mapped[list[Any]] = mapped_column(default=list, comment="addresses that show it")

    changes: Mapped[list["EvaluationScoreChange"]] = relationship(
        order_by="EvaluationScoreChange.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def valid_points(self) -> int | None:
        """What counts: the last recorded decision, else what was given."""
        return self.changes[-1].new_points if self.changes else self.points


class EvaluationScoreChange(TenantScoped, Base):
    """A decision that changes points after a dispute, with its reason; added, never changed."""

    __tablename__ = "supervisor_evaluation_score_change"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    score_id: Mapped[int] = reference("score_change", "score_id", "score")
    old_points: Mapped[int | None]
    new_points: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(100), comment="an organ or post")
    note_item: Mapped[int | None] = mapped_column(
        comment="number of the disclosed reason whose facts were disputed"
    )
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)


class EvaluationEvidence(TenantScoped, Base):
    """A photograph or document for a score, or for a subject's self-assessment."""

    __tablename__ = "supervisor_evaluation_evidence"
    __table_args__ = (
        CheckConstraint("(assignment_id IS NULL) <> (statement_id IS NULL)", name="owner"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int | None] = reference("evidence", "assignment_id", "assignment")
    statement_id: Mapped[int | None] = reference("evidence", "statement_id", "statement")
    indicator: Mapped[str] = mapped_column(String(40), default="", comment="its key")
    name: Mapped[str] = mapped_column(String(200), comment="file name; no name of a photograph")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the stored file")
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    added_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
