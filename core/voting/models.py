"""Public votes of any feature: plan, subjects, voices by web and paper, remarks."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from core.db.base import Base, TenantScoped

VOTE_STATES = ("draft", "open", "counting", "published")
PAPER_CHANNELS = ("meeting", "paper")
TURNS = ("first", "second", "settled")
REMARK_STATES = ("waiting", "shown", "refused")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    listed = ",".join(repr(value) for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _belongs_to(table: str, *, index: bool = True) -> Any:
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"), index=index)


class PublicVote(TenantScoped, Base):
    """A vote: what it asks, how much each channel weighs, when it is open, what came of it.

    Its `kind` is one of `core.voting.kinds`. Plan and weights are fixed once it is open. The
    results are computed once, when it is published, and never again: two readers of different days
    see the same figures.
    """

    __tablename__ = "vote"
    __table_args__ = (
        _one_of("state", VOTE_STATES),
        CheckConstraint("opens_at < closes_at", name="window"),
        CheckConstraint("minimum >= 3", name="minimum"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published"),
        Index("ix_vote_list", "tenant_id", "kind", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), comment="whose vote, e.g. plugin.thing")
    year: Mapped[int]
    title: Mapped[str] = mapped_column(String(100))
    introduction: Mapped[str] = mapped_column(Text, default="")
    weights: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="percent by channel that is used: meeting, web, paper"
    )
    weight_reason: Mapped[str] = mapped_column(
        String(300), default="", comment="why the web weighs more than it does by default"
    )
    aspects: Mapped[list[Any]] = mapped_column(default=list, comment="key, label, in their order")
    minimum: Mapped[int] = mapped_column(comment="grades below which a cell is withheld")
    by_ticket: Mapped[bool] = mapped_column(
        default=False, comment="on the web: with a printed ticket only, not by device"
    )
    opens_at: Mapped[dt.datetime]
    closes_at: Mapped[dt.datetime]
    state: Mapped[str] = mapped_column(String(12), default="draft")
    published_at: Mapped[dt.datetime | None]
    results: Mapped[list[Any]] = mapped_column(
        default=list, comment="by subject: counts that may be shown, weights that held, rates"
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[dt.datetime] = mapped_column(default=now)

    subjects: Mapped[list["VoteSubject"]] = relationship(
        order_by="VoteSubject.position", cascade="all, delete-orphan", passive_deletes=True
    )
    records: Mapped[list["PaperRecord"]] = relationship(
        order_by="PaperRecord.id", cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class VoteSubject(TenantScoped, Base):
    """What is judged; its feature knows it by `key`, and compares it with its `group` only."""

    __tablename__ = "vote_subject"
    __table_args__ = (UniqueConstraint("vote_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = _belongs_to("vote")
    key: Mapped[str] = mapped_column(String(80), comment="which subject, in its feature's words")
    group: Mapped[str] = mapped_column("peer_group", String(40), comment="is compared with")
    name: Mapped[str] = mapped_column(String(100), comment="as it stood on the ballot")
    position: Mapped[int] = mapped_column(default=0)
    mended: Mapped[str] = mapped_column(Text, default="", comment="what was mended, for everybody")


class PaperRecord(TenantScoped, Base):
    """Sheets handed out and come back at a meeting (评议会) or a counter, with who watched.

    It is closed when the sheets counted by hand and those keyed in agree; then it is evidence.
    """

    __tablename__ = "vote_record"
    __table_args__ = (
        _one_of("channel", PAPER_CHANNELS),
        CheckConstraint("void >= 0 AND void <= collected AND collected <= issued", name="counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = _belongs_to("vote")
    channel: Mapped[str] = mapped_column(String(10))
    day: Mapped[dt.date]
    place: Mapped[str] = mapped_column(String(100))
    issued: Mapped[int] = mapped_column(default=0, comment="sheets handed out")
    collected: Mapped[int] = mapped_column(default=0, comment="sheets that came back")
    void: Mapped[int] = mapped_column(default=0, comment="of these spoilt")
    scrutineers: Mapped[str] = mapped_column(String(200), default="", comment="监票")
    tellers: Mapped[str] = mapped_column(String(200), default="", comment="计票")
    scan_digest: Mapped[str | None] = mapped_column(String(64), comment="SHA-256 of the scan")
    scan_type: Mapped[str] = mapped_column(String(100), default="")
    closed_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name


class KeyedSheet(TenantScoped, Base):
    """A sheet as one person has keyed it in; two persons key each, a third look settles it."""

    __tablename__ = "vote_sheet"
    __table_args__ = (
        _one_of("turn", TURNS),
        UniqueConstraint("record_id", "number", "turn"),
        CheckConstraint("number > 0", name="number"),
    )
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = _belongs_to("vote_record")
    number: Mapped[int] = mapped_column(comment="written on the sheet when it is keyed in")
    turn: Mapped[str] = mapped_column(String(8))
    is_void: Mapped[bool] = mapped_column(default=False)
    rows: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="by id of the subject: a digit for each aspect"
    )
    keyed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    keyed_by: Mapped[str] = mapped_column(String(64), default="")
    keyed_at: Mapped[dt.datetime] = mapped_column(default=now)


class WebBallot(TenantScoped, Base):
    """A voice over the web: one for each subject and voter, kept by the database itself.

    The voter is a keyed digest of a device's cookie or of a ticket, and is forgotten later.
    """

    __tablename__ = "vote_ballot"
    __table_args__ = (UniqueConstraint("subject_id", "voter_digest"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = _belongs_to("vote")
    subject_id: Mapped[int] = _belongs_to("vote_subject", index=False)
    voter_digest: Mapped[str | None] = mapped_column(String(64), comment="keyed hash")
    grades: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="by key of the aspect")
    cast_on: Mapped[dt.date]


class VoteTicket(TenantScoped, Base):
    """A printed ticket, known by its keyed digest only; nobody's name belongs to it."""

    __tablename__ = "vote_ticket"
    __table_args__ = (UniqueConstraint("vote_id", "code_digest"),)
    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = _belongs_to("vote", index=False)
    code_digest: Mapped[str] = mapped_column(String(64), comment="keyed hash")


class VoteRemark(TenantScoped, Base):
    """What somebody wrote about a subject; shown once somebody of the office has let it through."""

    __tablename__ = "vote_remark"
    __table_args__ = (_one_of("state", REMARK_STATES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = _belongs_to("vote")
    subject_id: Mapped[int] = _belongs_to("vote_subject")
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    sent_on: Mapped[dt.date]
    decided_by: Mapped[str] = mapped_column(String(64), default="")
