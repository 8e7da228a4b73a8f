"""What waits to be indexed, and who is indexing."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, Inherited, utc_now

# A row of this kind names a tenant: everything that it and those below own has changed.
SUBTREE = "*"


class SearchOutbox(Base):
    """That something findable changed, written in the transaction of the change.

    It names what changed and holds no content, so rows may be replayed and reordered freely. It
    belongs to the platform, not to a tenant: the refinement of a township concerns a document of
    the nation.
    """

    __tablename__ = "search_outbox"

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
    """The right to write to an engine, held by one process at a time."""

    __tablename__ = "search_lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[datetime]


class WordKind(StrEnum):
    """What a pair of words says: each finds the other, only the first finds the second, never."""

    EQUAL = "equal"
    OFFICIAL = "official"
    BANNED = "banned"


class SearchWord(Inherited, Base):
    """A pair of words in a tenant's own list, laid over the national one; holds below too."""

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
