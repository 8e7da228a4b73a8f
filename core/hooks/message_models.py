"""Messages that left the platform, or would have."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base, TenantScoped, utc_now


class SentMessage(TenantScoped, Base):
    """One message to one person; rows go after a while (`outgoing.KEPT`)."""

    __tablename__ = "sent_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    carrier: Mapped[str] = mapped_column(
        String(30), comment="the plugin that took it; console: nobody did"
    )
    recipient: Mapped[str] = mapped_column(String(60), comment="masked")
    about: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(
        Text, comment="only where nobody took it, for whoever passes it on"
    )
