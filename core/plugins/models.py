"""What is decided about plugins in the tree, their settings, and what went wrong with them.

Messages that left the platform, or would have.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.accounts.models import User
from core.db.base import Base, Inherited, TenantScoped, utc_now


class SentMessage(TenantScoped, Base):
    """One message to one person; rows go after 30 days (`core.notifications.personal_data`)."""

    __tablename__ = "sent_message"
    shown_on_pages = False

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


LONGEST_NAME = 60


class PluginClock(Base):
    """One row that counts changes, so that each process knows when to read them again."""

    __tablename__ = "plugin_clock"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)


class PluginDecision(Inherited, Base):
    """A word about a plugin at a node: the county's, or (`own`) that of the node's own people."""

    __tablename__ = "plugin_decision"
    __table_args__ = (
        UniqueConstraint("tenant_id", "plugin", "own"),
        CheckConstraint(
            "word IN ('on','off','pinned','forbidden','delegated')"
            " AND (NOT own OR word IN ('on','off'))",
            name="word",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(String(LONGEST_NAME))
    own: Mapped[bool] = mapped_column(comment="said by people of the node itself or just above")
    word: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    decided_at: Mapped[datetime] = mapped_column(default=utc_now)

    user: Mapped[User | None] = relationship()


class PluginSetting(Inherited, Base):
    """The value of one setting here and below; `locked`: nobody below may choose another."""

    __tablename__ = "plugin_setting"
    __table_args__ = (UniqueConstraint("tenant_id", "plugin", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(String(LONGEST_NAME))
    field: Mapped[str] = mapped_column(String(LONGEST_NAME))
    value: Mapped[Any] = mapped_column(JSON)
    locked: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    set_at: Mapped[datetime] = mapped_column(default=utc_now)


class PluginFault(TenantScoped, Base):
    """A call of a plugin's hook that failed at a tenant."""

    __tablename__ = "plugin_fault"
    __table_args__ = (Index("ix_plugin_fault_recent", "tenant_id", "plugin", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(String(LONGEST_NAME))
    hook: Mapped[str] = mapped_column(String(LONGEST_NAME))
    error: Mapped[str] = mapped_column(String(500))
    trace: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=utc_now)
    settled: Mapped[bool] = mapped_column(
        default=False, comment="from before a release: counts no more towards a quarantine"
    )
    shown_on_pages = False


class PluginQuarantine(TenantScoped, Base):
    """A plugin that failed again and again at a tenant: out of use there until it is released."""

    __tablename__ = "plugin_quarantine"
    __table_args__ = (UniqueConstraint("tenant_id", "plugin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(String(LONGEST_NAME))
    since: Mapped[datetime] = mapped_column(default=utc_now)


class PluginErasure(TenantScoped, Base):
    """A plugin's data of a tenant was erased: by whom, when, why."""

    __tablename__ = "plugin_erasure"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin: Mapped[str] = mapped_column(String(LONGEST_NAME))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id"), comment="NULL: the operator's command line"
    )
    reason: Mapped[str] = mapped_column(Text)
    erased_at: Mapped[datetime] = mapped_column(default=utc_now)

    user: Mapped[User | None] = relationship()
