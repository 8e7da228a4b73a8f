"""Message cases (what people write to the office), and their history, which is only added to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from core.db.base import Base, TenantScoped
from core.messages.domain.life import CaseState, Channel, Satisfaction
from core.tenancy.models import Organ

HEADLINE = 40


def _one_of(column: str, words: type[CaseState] | type[Satisfaction]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


class MessageCase(TenantScoped, Base):
    """A message with its term and its reply.

    The subject is named by its feature: `kind` (`service_map.mistake`) and `key` (the id of its
    row). `number` is what people read out on the telephone; `code` opens the sender's page and
    cannot be guessed. Texts that are published are the staff's own versions of both.
    """

    __tablename__ = "message_case"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("code"),
        UniqueConstraint("request_key"),
        Index("ix_message_case_list", "tenant_id", "state", "due_on"),
        Index("ix_message_case_phone", "tenant_id", "phone_digest"),
        Index("ix_message_case_subject", "tenant_id", "kind", "key"),
        CheckConstraint(_one_of("state", CaseState), name="state"),
        CheckConstraint(
            f"satisfaction IS NULL OR {_one_of('satisfaction', Satisfaction)}", name="satisfaction"
        ),
        CheckConstraint(
            "state NOT IN ('in_review','replied') OR reply_author_name <> ''", name="author"
        ),
        CheckConstraint("state <> 'replied' OR replied_at IS NOT NULL", name="replied"),
        CheckConstraint("published_at IS NULL OR state = 'replied'", name="published"),
        CheckConstraint(
            "state <> 'replied' OR reply_author_id IS NULL OR approver_id IS NULL "
            "OR reply_author_id <> approver_id",
            name="second_person",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), comment="year and a running number")
    code: Mapped[str] = mapped_column(String(40))
    request_key: Mapped[str | None] = mapped_column(
        String(80), comment="of the form that was sent, so that sending it twice is one act"
    )
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(80))
    subject_tenant_id: Mapped[int | None] = mapped_column(
        comment="place of the subject, where the message was passed on from there"
    )
    subject: Mapped[str] = mapped_column(String(200), comment="its title when the message came")
    text: Mapped[str] = mapped_column(Text, comment="empty once erased")
    name: Mapped[str] = mapped_column(String(50), default="")
    phone: Mapped[str] = mapped_column(String(20), default="", comment="shown masked")
    phone_digest: Mapped[str | None] = mapped_column(
        String(64), comment="keyed hash of the phone, for finding"
    )
    may_be_published: Mapped[bool] = mapped_column(default=False, comment="the sender agrees")
    channel: Mapped[str] = mapped_column(
        String(10), default=Channel.WEB, server_default="web", comment="how it came"
    )
    row_number: Mapped[int | None] = mapped_column(comment="row of the list that it is about")
    outcome: Mapped[str | None] = mapped_column(
        String(20), comment="how the matter was decided, a word of its kind"
    )
    state: Mapped[str] = mapped_column(String(12), default=CaseState.OPEN)
    organ_id: Mapped[int | None] = mapped_column(
        ForeignKey("organ.id", ondelete="SET NULL"), comment="who answers; NULL: the place"
    )
    received_at: Mapped[datetime] = mapped_column(default=now)
    due_on: Mapped[date]
    is_provisional: Mapped[bool] = mapped_column(
        default=False, comment="the term reaches a year without an official calendar"
    )
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_author_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reply_author_name: Mapped[str] = mapped_column(String(64), default="")
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    replied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None] = mapped_column(comment="replied, handed over, dismissed")
    erased_at: Mapped[datetime | None] = mapped_column(comment="personal data removed")
    public_text: Mapped[str] = mapped_column(Text, default="")
    public_reply: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime | None]
    satisfaction: Mapped[str | None] = mapped_column(String(12))
    remark: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")

    organ: Mapped[Organ | None] = relationship()
    history: Mapped[list["MessageEvent"]] = relationship(
        order_by="MessageEvent.id", cascade="all, delete-orphan"
    )

    transfer: Mapped["MessageTransfer | None"] = relationship(
        cascade="all, delete-orphan", uselist=False
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name

    @property
    def headline(self) -> str:
        """The first line of what everybody may read of it, cut to the length of a heading."""
        line = self.public_text.strip().partition("\n")[0]
        return line if len(line) <= HEADLINE else f"{line[: HEADLINE - 1]}…"


class MessageTransfer(TenantScoped, Base):
    """Where a case was passed on to: there it has a number, a term and a page of its own."""

    __tablename__ = "message_transfer"
    __table_args__ = (UniqueConstraint("case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("message_case.id", ondelete="CASCADE"))
    place_code: Mapped[str] = mapped_column(String(12), comment="division code")
    place_name: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(20), comment="of the case there")
    code: Mapped[str] = mapped_column(String(40), comment="of its sender's page there")
    at: Mapped[datetime] = mapped_column(default=now)


class MessageContact(TenantScoped, Base):
    """A number that is told of messages: when they come, before they are due, and when late."""

    __tablename__ = "message_contact"
    __table_args__ = (UniqueConstraint("tenant_id", "organ_id", "phone"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    organ_id: Mapped[int | None] = mapped_column(
        ForeignKey("organ.id", ondelete="CASCADE"), comment="whose messages; NULL: the place's"
    )
    phone: Mapped[str] = mapped_column(String(20))
    added_at: Mapped[datetime] = mapped_column(default=now)

    organ: Mapped[Organ | None] = relationship()


class MessageEvent(TenantScoped, Base):
    """One thing that was done with a case, by whom and why."""

    __tablename__ = "message_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(
        ForeignKey("message_case.id", ondelete="CASCADE"), index=True
    )
    move: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
    organ_name: Mapped[str] = mapped_column(String(100), default="", comment="who has it since")
    due_on: Mapped[date | None] = mapped_column(comment="the term that runs since")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[str] = mapped_column(String(64), default="", comment="empty: the sender")
    at: Mapped[datetime] = mapped_column(default=now)
