"""Tables of search: outbox and lease of indexing, synonyms, promotions, anonymous statistics."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Inherited, TenantScoped, utc_now


class SearchCount(TenantScoped, Base):
    """A counter by month: queries, empty answers, clicks by position."""

    __tablename__ = "search_count"
    __table_args__ = (UniqueConstraint("tenant_id", "month", "measure"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, comment="its first day")
    measure: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(default=0)


class FailedQueryCount(TenantScoped, Base):
    """A query that had no hits, or partial ones, in a month.

    Its words are stored only once it has come from several address buckets; `corners` is the bit
    mask of the 16 buckets seen (`analytics.anonymity`), which identifies nobody.
    """

    __tablename__ = "search_wish"
    __table_args__ = (UniqueConstraint("tenant_id", "month", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, comment="its first day")
    digest: Mapped[str] = mapped_column(String(32), comment="keyed hash of the words")
    words: Mapped[str | None] = mapped_column(
        String(60), comment="NULL until enough different people have asked"
    )
    shown_on_pages = False
    in_vain: Mapped[int] = mapped_column(default=0, comment="times that nothing was found")
    partly: Mapped[int] = mapped_column(default=0, comment="times that only a part was found")
    corners: Mapped[int] = mapped_column(default=0, comment="bits of a sketch of 16 cells")


class SearchPromotion(TenantScoped, Base):
    """A document that the county promotes for some words, for a period (推荐)."""

    __tablename__ = "search_promotion"
    __table_args__ = (
        UniqueConstraint("tenant_id", "words", "document"),
        CheckConstraint("starts_on <= ends_on", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(40), comment="in normal form")
    document: Mapped[str] = mapped_column(String(130), comment="id of the search document")
    title: Mapped[str] = mapped_column(String(300), comment="when it was chosen, for the list")
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(comment="last day")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    added_at: Mapped[datetime] = mapped_column(default=utc_now)


# A row of this kind names a tenant: everything that it and those below own has changed.
# With a kind's name after it, it names a thing on which documents of that kind depend there.
SUBTREE = "*"


class SearchOutbox(Base):
    """A change of something findable, written in the transaction of the change.

    It names what changed and has no content, so processing is idempotent and rows may be reordered.
    It belongs to the platform, not to a tenant: a township's refinement changes a document of the
    nation.
    """

    __tablename__ = "search_outbox"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    backend: Mapped[str] = mapped_column(String(20), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    pk: Mapped[str] = mapped_column(String(80))
    changed_by: Mapped[int] = mapped_column(comment="id of the tenant whose change it was")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    due_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(default=utc_now)
    parked: Mapped[bool] = mapped_column(default=False, comment="given up until somebody looks")
    error: Mapped[str | None] = mapped_column(String(500))


class SearchLease(Base):
    """The right to write to a backend, held by one process at a time."""

    __tablename__ = "search_lease"
    shown_on_pages = False

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[datetime]


class WordKind(StrEnum):
    """Direction of a pair: both find each other, only the first finds the second, or never."""

    EQUAL = "equal"
    OFFICIAL = "official"
    BANNED = "banned"


class SearchWord(Inherited, Base):
    """A pair of words in a tenant's list, added to the national list; inherited below."""

    __tablename__ = "search_word"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "word", "other"),
        CheckConstraint("kind IN ('equal','official','banned')", name="kind"),
        CheckConstraint("word <> other", name="two_words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    word: Mapped[str] = mapped_column(String(40), comment="what people type")
    other: Mapped[str] = mapped_column(String(40), comment="what documents write")
    added_by: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    added_at: Mapped[datetime] = mapped_column(default=utc_now)
