"""Questionnaires of any feature, their anonymous answers, and the tokens that were used."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.db.base import Base, TenantScoped
from core.questionnaires.domain.statistics import DEFAULT_MINIMUM

# What fits into a number that every program can read exactly.
_RANDOM_BITS = 53


def random_id() -> int:
    """Return an id that tells nothing of the order in which rows were made."""
    return secrets.randbits(_RANDOM_BITS)


def _belongs_to_questionnaire() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["tenant_id", "questionnaire_id"],
        ["questionnaire.tenant_id", "questionnaire.id"],
        ondelete="CASCADE",
    )


class Questionnaire(TenantScoped, Base):
    """What is asked about a subject, when, and from how many answers on results are shown.

    The subject is named by its feature: `kind` by what it is (`open_day.survey`), `key` by which
    one it is. The kind is also the purpose of the keyed hashes of its tokens.
    """

    __tablename__ = "questionnaire"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        UniqueConstraint("tenant_id", "kind", "key"),
        CheckConstraint("minimum >= 1", name="minimum"),
        CheckConstraint("opens_at < closes_at", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60), comment="what the subject is, e.g. plugin.thing")
    key: Mapped[str] = mapped_column(String(80), comment="which subject of this kind")
    title: Mapped[str] = mapped_column(String(200), default="")
    introduction: Mapped[str] = mapped_column(Text, default="")
    questions: Mapped[list[Any]] = mapped_column(default=list)
    minimum: Mapped[int] = mapped_column(
        default=DEFAULT_MINIMUM, comment="results of fewer answers are shown to nobody"
    )
    is_open: Mapped[bool] = mapped_column(default=False)
    is_public: Mapped[bool] = mapped_column(default=False, comment="results on public pages")
    is_blind: Mapped[bool] = mapped_column(
        default=False, comment="results only after closing, which is final then"
    )
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class QuestionnaireAnswer(TenantScoped, Base):
    """One anonymous answer: no time, no order, nothing that leads to whoever gave it."""

    __tablename__ = "questionnaire_answer"
    __table_args__ = (_belongs_to_questionnaire(), {"sqlite_with_rowid": False})

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, default=random_id
    )
    shown_on_pages = False
    questionnaire_id: Mapped[int] = mapped_column(index=True)
    answers: Mapped[dict[str, Any]]


class QuestionnaireUse(TenantScoped, Base):
    """That a token has answered, by its keyed hash; stands apart from the answers."""

    __tablename__ = "questionnaire_use"
    __table_args__ = (_belongs_to_questionnaire(), {"sqlite_with_rowid": False})

    questionnaire_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
