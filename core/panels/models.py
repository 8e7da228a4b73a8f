"""Columns of versions of indicators; each feature has a table of its own."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from core.db.base import Inherited, utc_now
from core.panels.domain.indicators import Indicator, VersionState


class IndicatorVersion(Inherited):
    """A version of a place's indicators; once in force it is never changed, only superseded.

    The one in force is inherited by the places below.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(comment="the version, counted from 1 at its place")
    title: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="", comment="what is new, and why")
    indicators: Mapped[list[Any]] = mapped_column(
        default=list, comment="key, name, weight, anchors, evidence, group, source, measure"
    )
    state: Mapped[str] = mapped_column(String(12), default=VersionState.DRAFT)
    comment_until: Mapped[dt.date | None]
    in_force_on: Mapped[dt.date | None]
    superseded_on: Mapped[dt.date | None]
    derived_from_id: Mapped[int | None] = mapped_column(
        comment="the set it was copied from, perhaps of a place above; no key: it may be gone"
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        listed = ",".join(repr(str(state)) for state in VersionState)
        return (
            CheckConstraint(f"state IN ({listed})", name="state"),
            UniqueConstraint("tenant_id", "number"),
        )

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    def read(self) -> tuple[Indicator, ...]:
        """Return its indicators."""
        return tuple(Indicator.from_json(values) for values in self.indicators)
