"""Emergency takedowns: who took a text offline, why, and what a second person decided."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import today
from core.db.base import Base, TenantScoped, utc_now
from core.publishing.models import Publication


class PublicationTakedown(TenantScoped, Base):
    """A published text that one person hid at once; another one confirms it or shows it again."""

    __tablename__ = "publication_takedown"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason"),
        CheckConstraint("outcome IN ('confirmed','restored')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "outcome IS NULL OR taken_down_by_id IS NULL OR decided_by_id IS NULL "
            "OR taken_down_by_id <> decided_by_id",
            name="second_person",
        ),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(
        ForeignKey("publication.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str] = mapped_column(Text, comment="only staff read it")
    taken_down_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    taken_down_by_name: Mapped[str] = mapped_column(String(64))
    taken_down_at: Mapped[datetime] = mapped_column(default=utc_now)
    due_on: Mapped[date] = mapped_column(comment="the working day by which another decides")
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_by_name: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="", comment="why it is shown again")

    publication: Mapped[Publication] = relationship()

    @property
    def is_overdue(self) -> bool:
        """Whether nobody has decided by the day on which somebody should have."""
        return self.outcome is None and self.due_on < today()


# One waits for a decision. The migration says WHERE outcome IS NULL: said here, it loads a dialect
# at every start.
Index("ix_publication_takedown_open", PublicationTakedown.publication_id, unique=True)
