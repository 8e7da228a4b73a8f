"""Publications with everything that belongs to them: revisions, reviews, files, links, numbers.

The columns of a publication hold what the public sees once it is published, and the draft before
that; a correction waits in the newest revision until it is approved. Triggers (migrations) refuse
illegal changes of state, changed revisions and reviews by the author below the ORM as well.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now_until, today
from core.db.base import Base, Inherited, TenantScoped, utc_now
from core.db.tree import Tenant
from core.publishing.lists.column import ListDataType
from core.publishing.lists.domain.model import ListData
from core.publishing.rules import is_shown
from core.tenancy.models import Organ


class Publication(TenantScoped, Base):
    """Information that a tenant's organ has published or is preparing."""

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("tenant_id", "index_number"),
        UniqueConstraint("tenant_id", "source_id"),
        # Lists are read in its order; filters with their counts are read from the second alone.
        Index("ix_publication_list", "tenant_id", "published_at", "state"),
        Index(
            "ix_publication_facets",
            "tenant_id",
            "state",
            "genre",
            "domain",
            "published_at",
            "publicity_until",
            "off_web_from",
            "hidden_since",
        ),
        Index("ix_publication_item", "item_id", "tenant_id"),
        CheckConstraint(
            "state IN ('draft','in_review','returned','approved','published','withdrawn',"
            "'expired')",
            name="state",
        ),
        CheckConstraint(
            "correction IS NULL OR (correction IN ('draft','in_review','returned') "
            "AND state IN ('published','expired'))",
            name="correction",
        ),
        CheckConstraint(
            "state NOT IN ('published','withdrawn','expired') OR (title <> '' "
            "AND published_at IS NOT NULL AND index_number IS NOT NULL "
            "AND published_revision IS NOT NULL)",
            name="official_metadata",
        ),
        CheckConstraint("validity IN ('effective','lapsed','repealed')", name="validity"),
        CheckConstraint(
            "state <> 'withdrawn' OR withdrawal_reason IS NOT NULL", name="withdrawal_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"), index=True)
    item_id: Mapped[str | None] = mapped_column(String(80), comment="the catalog item it serves")
    domain: Mapped[str | None] = mapped_column(String(60), comment="key of the domain")
    domain_text: Mapped[str | None] = mapped_column(
        String(100), comment="an imported domain that the catalog does not know"
    )
    no_item_reason: Mapped[str | None] = mapped_column(String(200))
    source_id: Mapped[str | None] = mapped_column(
        String(100), comment="id in the file it was imported from; makes imports repeatable"
    )
    title: Mapped[str] = mapped_column(String(300), default="")
    body_source: Mapped[str] = mapped_column(Text, default="", comment="as typed or imported")
    body_html: Mapped[str] = mapped_column(Text, default="", comment="sanitised")
    list_data: Mapped[ListData | None] = mapped_column(
        ListDataType, comment="rows of a list, as JSON"
    )
    summary: Mapped[str] = mapped_column(String(500), default="")
    index_number: Mapped[str | None] = mapped_column(String(100))
    document_number: Mapped[str | None] = mapped_column(String(100))
    formed_on: Mapped[date | None]
    issued_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    genre: Mapped[str] = mapped_column(String(40), default="")
    theme: Mapped[str] = mapped_column(String(100), default="")
    validity: Mapped[str] = mapped_column(String(10), default="effective")
    source: Mapped[str] = mapped_column(
        String(200), default="", comment="where it comes from, if not from the organ"
    )
    publicity_days: Mapped[int | None] = mapped_column(
        comment="days that a list about persons is shown"
    )
    publicity_day_kind: Mapped[str] = mapped_column(
        String(10), default="calendar", server_default="calendar", comment="calendar or working"
    )
    publicity_until: Mapped[date | None] = mapped_column(
        index=True, comment="last day, known when it is published"
    )
    off_web_from: Mapped[date | None] = mapped_column(
        comment="from this day it is on paper only: no page, search, feed or file has it"
    )
    hidden_since: Mapped[datetime | None] = mapped_column(
        comment="taken offline in an emergency: only staff see it, until a second person decides"
    )
    state: Mapped[str] = mapped_column(String(10), default="draft")
    correction: Mapped[str | None] = mapped_column(
        String(10), comment="state of the correction that is under way"
    )
    review_step: Mapped[int] = mapped_column(default=1, comment="step of the review it waits for")
    waiting_since: Mapped[datetime | None] = mapped_column(
        comment="when it was handed in, or passed the step before"
    )
    withdrawal_reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    author_name: Mapped[str] = mapped_column(String(64), default="")
    revision: Mapped[int] = mapped_column(default=0, comment="number of the newest revision")
    published_revision: Mapped[int | None] = mapped_column(comment="the one the public sees")
    scanned_revision: Mapped[int | None] = mapped_column(
        comment="the one whose text and files were searched for personal data"
    )
    demanded_records: Mapped[str | None] = mapped_column(
        String(10), comment="which records it needs to be public; decided when it is handed in"
    )
    imported_at: Mapped[datetime | None]
    import_digest: Mapped[str | None] = mapped_column(
        String(64), comment="of the line it was imported from"
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    tenant: Mapped[Tenant] = relationship(viewonly=True)
    organ: Mapped[Organ | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name

    @property
    def shown_on_pages(self) -> bool:
        """Whether the public sees anything of it; what is being prepared changes no page."""
        return self.state in {"published", "expired", "withdrawn"}

    @property
    def on_web(self) -> bool:
        """Whether its item's channels and audience let it be on the web today."""
        return self.off_web_from is None or self.off_web_from > today()

    @property
    def is_public_now(self) -> bool:
        """Whether everybody may read it: its day has come, it may be on the web, nobody hid it."""
        return self.hidden_since is None and self.has_appeared

    @property
    def has_appeared(self) -> bool:
        """Whether it is live, its day has come, and it may be on the web."""
        return self.on_web and is_shown(self.state, self.published_at, now_until(self.published_at))


class PublicationRevision(TenantScoped, Base):
    """One saved version of a publication; rows are only ever added."""

    __tablename__ = "publication_revision"
    __table_args__ = (UniqueConstraint("publication_id", "number"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    number: Mapped[int]
    snapshot: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="", comment="what was changed, and why")
    dates_imported: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    author_name: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class Review(TenantScoped, Base):
    """The result of a second person's (or the operator's) review of a revision."""

    __tablename__ = "publication_review"
    __table_args__ = (
        Index("ix_publication_review_of", "publication_id", "revision"),
        CheckConstraint("outcome IN ('pass','return')", name="outcome"),
        CheckConstraint("outcome = 'pass' OR comment <> ''", name="reason_for_return"),
        CheckConstraint(
            "reviewer_id IS NULL OR author_id IS NULL OR reviewer_id <> author_id",
            name="second_person",
        ),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(comment="number of the revision that was reviewed")
    step: Mapped[int] = mapped_column(default=1)
    step_name: Mapped[str] = mapped_column(
        String(20), default="", server_default="", comment="as the place calls it"
    )
    taken_by: Mapped[str] = mapped_column(
        String(10), default="account", server_default="account", comment="account or form"
    )
    reviewer_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    reviewer_name: Mapped[str] = mapped_column(String(64), comment="of a form: who signed it")
    signed_on: Mapped[date | None] = mapped_column(comment="day on a signed form")
    scan_sha256: Mapped[str | None] = mapped_column(String(64), comment="the form, as scanned")
    scan_type: Mapped[str | None] = mapped_column(String(100))
    recorded_by: Mapped[str] = mapped_column(
        String(64), default="", server_default="", comment="name of whoever sent the scan"
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="who wrote the revision"
    )
    outcome: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str] = mapped_column(Text, default="")
    checks: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="secrecy, law, wording, standard: confirmed or not"
    )
    at: Mapped[datetime] = mapped_column(default=utc_now)


class PublicationRequest(TenantScoped, Base):
    """A person's request to withdraw a published text, or to restore it; another one decides."""

    __tablename__ = "publication_request"
    __table_args__ = (
        CheckConstraint("kind IN ('withdraw','restore')", name="kind"),
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("outcome IN ('approved','declined','taken_back')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "outcome <> 'approved' OR asked_by_id IS NULL OR decided_by_id IS NULL "
            "OR asked_by_id <> decided_by_id",
            name="second_person",
        ),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(
        String(20), default="other", comment="what the page says of it; the reason is for staff"
    )
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    asked_by_name: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="", comment="why it was declined")

    publication: Mapped[Publication] = relationship()


class PublicationRelease(TenantScoped, Base):
    """A revision that became public, with the note that everybody reads; never changed."""

    __tablename__ = "publication_release"
    __table_args__ = (UniqueConstraint("publication_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(comment="the one that became public")
    note: Mapped[str] = mapped_column(Text, default="", comment="更正说明, for everybody to read")
    hides_comparison: Mapped[bool] = mapped_column(
        default=False, comment="what it takes out is not shown again beside it"
    )
    at: Mapped[datetime] = mapped_column(default=utc_now)


class Attachment(TenantScoped, Base):
    """A file of a publication; its bytes never change, another file is another row."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), index=True
    )
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(comment="bytes")
    filename: Mapped[str] = mapped_column(String(150))
    is_photograph: Mapped[bool] = mapped_column(default=False)
    width: Mapped[int | None]
    height: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    alt_text: Mapped[str] = mapped_column(String(200), default="")
    live: Mapped[bool] = mapped_column(default=False, comment="part of what the public sees")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class AttachmentText(TenantScoped, Base):
    """The text of a published file, extracted once by a job for the search."""

    __tablename__ = "attachment_text"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('text','empty','unreadable','too_costly')",
            name="outcome",
        ),
    )
    shown_on_pages = False

    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    outcome: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="", comment="numbers of persons masked")
    read_at: Mapped[datetime] = mapped_column(default=utc_now)
    reader: Mapped[int] = mapped_column(server_default="0", comment="version of the readers")


class Interpretation(TenantScoped, Base):
    """A publication (解读) that explains another (a policy); belongs to the one that explains."""

    __tablename__ = "interpretation"
    __table_args__ = (
        UniqueConstraint("interpretation_id", "policy_id"),
        CheckConstraint("interpretation_id <> policy_id", name="two_publications"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interpretation_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    policy_id: Mapped[int] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), index=True
    )


class ItemLink(Inherited, Base):
    """A link between a village item and a government item on one subject, held by the county."""

    __tablename__ = "item_link"
    __table_args__ = (
        UniqueConstraint("tenant_id", "village_item", "government_item"),
        CheckConstraint("state IN ('proposed','confirmed','rejected')", name="state"),
        CheckConstraint("proposed_by IN ('machine','person')", name="proposed_by"),
        CheckConstraint("village_item <> government_item", name="two_items"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    village_item: Mapped[str] = mapped_column(String(80))
    government_item: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    proposed_by: Mapped[str] = mapped_column(String(10))
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    decision_reason: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    decided_at: Mapped[datetime | None]


class IndexCounter(TenantScoped, Base):
    """The last serial given in one series of index numbers; it only ever rises."""

    __tablename__ = "index_counter"
    __table_args__ = (UniqueConstraint("tenant_id", "key"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(150))
    last: Mapped[int] = mapped_column(default=0)


class ImportProgress(TenantScoped, Base):
    """How far an import has come that has not ended; removed when it does.

    Lines with an id are known again by it. Of those without, one that is run again after it was
    interrupted leaves out what is stored.
    """

    __tablename__ = "import_progress"
    __table_args__ = (UniqueConstraint("tenant_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), comment="of the whole file")
    line: Mapped[int] = mapped_column(default=0, comment="all up to it are stored or rejected")
    explaining_line: Mapped[int] = mapped_column(
        default=0, comment="the same of lines that explain others: they come last"
    )
    shown_on_pages = False
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
