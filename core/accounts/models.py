"""People who sign in, what they are at which node, and where they are signed in."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db.base import Base, utc_now
from core.db.tree import Tenant


class User(Base):
    """One person, one account; what they may do follows from memberships."""

    __tablename__ = "user_account"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64), comment="as shown beside what the person did")
    # Empty until the person has chosen one, with a one-time code.
    password_hash: Mapped[str] = mapped_column(String(255), comment="argon2id")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    office_id: Mapped[int | None] = mapped_column(
        ForeignKey("tenant.id"), index=True, comment="whose office keeps the account"
    )
    code_digest: Mapped[str | None] = mapped_column(
        String(64), comment="of the one-time code with which a password is chosen"
    )
    code_until: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", cascade="all, delete-orphan"
    )

    # What the sign-in library asks of a user.
    is_authenticated = True
    is_anonymous = False
    # The session in which the person is signed in here, see `core.accounts.sessions`.
    session_token = ""

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        """Return what the session cookie holds."""
        return self.session_token


class Membership(Base):
    """A role at a node of the tree, optionally for one organ and between two days."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("role IN ('officer','liaison','reviewer','clerk')", name="role"),
        CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name="days"),
        # One person may have one role for two organs of a place; each once, the place's own too.
        # The migration says WHERE organ_id IS NULL: said here, it loads a dialect at every start.
        UniqueConstraint("user_id", "tenant_id", "role", "organ_id"),
        Index(
            "uq_membership_of_place",
            "user_id",
            "tenant_id",
            "role",
            unique=True,
        ),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))
    since: Mapped[date | None] = mapped_column(comment="first day; NULL: from the beginning")
    until: Mapped[date | None] = mapped_column(comment="last day; NULL: without an end")

    user: Mapped[User] = relationship(back_populates="memberships")
    tenant: Mapped[Tenant] = relationship()

    @classmethod
    def is_held_on(cls, day: date) -> ColumnElement[bool]:
        """Build the condition that a role is held on a day."""
        begun = or_(cls.since.is_(None), cls.since <= day)
        return begun & or_(cls.until.is_(None), cls.until >= day)


class UserSession(Base):
    """A browser in which somebody is signed in; without its row the cookie is worthless."""

    __tablename__ = "user_session"
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True, comment="of the cookie's secret")
    device: Mapped[str] = mapped_column(String(60), comment="browser and system, as it says itself")
    begun_at: Mapped[datetime] = mapped_column(default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(default=utc_now, comment="within five minutes")
    idle_minutes: Mapped[int] = mapped_column(comment="without a request it ends after these")
