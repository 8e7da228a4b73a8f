"""What the privacy guard has found in a revision, and what was decided about it.

No value is stored: a finding has the number of places, keyed digests of the values, and one masked
sample. Triggers (migrations) keep a revision with open or unconfirmed findings from being public.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Inherited, TenantScoped, utc_now
from core.publishing.guard.digests import to_key


class PublicationFinding(TenantScoped, Base):
    """Personal data of one kind at one place of a revision: a text, a column, a file."""

    __tablename__ = "publication_finding"
    __table_args__ = (
        UniqueConstraint("publication_id", "revision", "field", "place", "kind", "handling"),
        CheckConstraint("handling IN ('open','masked','removed','kept')", name="handling"),
        CheckConstraint("handling <> 'kept' OR reason <> ''", name="reason"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmation = '')", name="confirmation"),
        CheckConstraint("confirmed_at IS NULL OR handling = 'kept'", name="kept"),
        CheckConstraint(
            "decided_by_id IS NULL OR confirmed_by_id IS NULL OR decided_by_id <> confirmed_by_id",
            name="second_person",
        ),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(comment="number of the revision in which it stands")
    field: Mapped[str] = mapped_column(String(20), comment="title, summary, body, list, files")
    place: Mapped[str] = mapped_column(
        String(120), default="", comment="table and column, or file and part of it"
    )
    label: Mapped[str] = mapped_column(
        String(60), default="", comment="heading of the column, name of the file"
    )
    kind: Mapped[str] = mapped_column(String(30))
    count: Mapped[int] = mapped_column(comment="number of places")
    digests: Mapped[list[Any]] = mapped_column(default=list, comment="keyed, of the values")
    sample: Mapped[str] = mapped_column(String(80), default="", comment="one value, masked")
    handling: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str] = mapped_column(Text, default="", comment="why it is kept")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[datetime | None]
    confirmation: Mapped[str] = mapped_column(
        Text, default="", comment="reason of the second person"
    )
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_by_name: Mapped[str] = mapped_column(String(64), default="")
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    @property
    def key(self) -> str:
        """The name by which forms know it."""
        return to_key(self.field, self.place, self.kind)

    @property
    def file_id(self) -> int:
        """The file in which it stands; only of findings in files."""
        return int(self.place.partition("/")[0])

    @property
    def awaits_confirmation(self) -> bool:
        """Whether a second person has still to confirm that it is kept."""
        return self.handling == "kept" and self.confirmed_at is None


class FileScan(TenantScoped, Base):
    """What stands in a file, by its digest: a file is read once for each set of rules."""

    __tablename__ = "file_scan"
    __table_args__ = (
        UniqueConstraint("tenant_id", "sha256", "media_type", "rules"),
        CheckConstraint("outcome IN ('read','unreadable')", name="outcome"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100))
    rules: Mapped[str] = mapped_column(String(16), comment="digest of the rules it was read by")
    outcome: Mapped[str] = mapped_column(String(10))
    groups: Mapped[list[Any]] = mapped_column(default=list, comment="findings, without values")
    scanned_at: Mapped[datetime] = mapped_column(default=utc_now)


class PrivacySetting(Inherited, Base):
    """How a place and those below it mask personal data, and which numbers are no person's."""

    __tablename__ = "privacy_setting"
    __table_args__ = (UniqueConstraint("tenant_id"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    formats: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="kind → how many characters stay at its beginning and end"
    )
    kept_numbers: Mapped[list[Any]] = mapped_column(
        default=list, comment="telephones of offices, digits only"
    )
    sensitive_words: Mapped[list[Any]] = mapped_column(
        default=list, comment="wordings of which editors are warned"
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name
