"""Old documents that wait to be converted, or were."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now

WAITING, DONE, FAILED = "waiting", "done", "failed"


class OfficeConversion(TenantScoped, Base):
    """An old document that somebody has sent to a page, which goes on with it once converted.

    It may name people: the bytes go when the page has taken them, the row after a day.
    """

    __tablename__ = "office_conversion"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','done','failed')", name="state"),
        CheckConstraint("state <> 'failed' OR fault <> ''", name="fault"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    filename: Mapped[str] = mapped_column(String(200))
    back: Mapped[str] = mapped_column(String(500), comment="address of the page that goes on")
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    fault: Mapped[str] = mapped_column(String(40), default="", comment="a code of the messages")
    source: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    result: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    made_id: Mapped[int | None] = mapped_column(comment="what the page has made of it")
