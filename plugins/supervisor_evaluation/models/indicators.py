"""Sets of indicators, in versions; one in force is inherited by the places below."""

import datetime as dt
from typing import Any

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.sdk import Base, Inherited, utc_now

from .columns import one_of

SET_STATES = ("draft", "comment", "in_force", "superseded")


class IndicatorSet(Inherited, Base):
    """A version of a place's indicators; once in force it is never changed, only superseded."""

    __tablename__ = "supervisor_evaluation_indicator_set"
    __table_args__ = (
        one_of("state", SET_STATES),
        UniqueConstraint("tenant_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(comment="the version, counted from 1 at its place")
    title: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="", comment="what is new, and why")
    indicators: Mapped[list[Any]] = mapped_column(
        default=list, comment="key, name, weight, anchors, evidence, group, source, measure"
    )
    state: Mapped[str] = mapped_column(String(12), default="draft")
    comment_until: Mapped[dt.date | None]
    in_force_on: Mapped[dt.date | None]
    superseded_on: Mapped[dt.date | None]
    derived_from_id: Mapped[int | None] = mapped_column(
        comment="the set it was copied from, perhaps of a place above; no key: it may be gone"
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - the library's own name
