"""Columns of what has to be mended, by whom, until when; each feature has tables of its own."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from core.db.base import TenantScoped, utc_now
from core.mending.domain.life import MendingState


class MendingTask(TenantScoped):
    """Something to be mended, at the place whose people mend it; without an organ: its own.

    `origin_id` is the place that found it and looks again once mending is reported. The table has
    `mending_checks()`; a model that refers to its files calls that relationship `files`.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    origin_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="RESTRICT"))
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id", ondelete="SET NULL"))
    subject: Mapped[str] = mapped_column(String(100), comment="its name when it was found")
    source: Mapped[str] = mapped_column(String(12))
    reference: Mapped[str] = mapped_column(
        String(60), default="", comment="campaign, number of the message"
    )
    text: Mapped[str] = mapped_column(Text, comment="what is wrong; shown once it is mended")
    page_url: Mapped[str] = mapped_column(
        String(500), default="", comment="path on this site of the page it is about"
    )
    due_on: Mapped[dt.date]
    state: Mapped[str] = mapped_column(String(12), default=MendingState.OPEN)
    report: Mapped[str] = mapped_column(Text, default="", comment="what was mended")
    reported_at: Mapped[dt.datetime | None]
    reported_by_name: Mapped[str] = mapped_column(String(64), default="")
    recheck_note: Mapped[str] = mapped_column(String(500), default="")
    closed_on: Mapped[dt.date | None]
    escalated_at: Mapped[dt.datetime | None] = mapped_column(comment="overdue: the origin is told")
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    @property
    def owner_organ_id(self) -> int | None:
        """The organ whose own staff mend it."""
        return self.organ_id

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class MendingFile(TenantScoped):
    """A photograph or document that shows what was mended."""

    shown_on_pages = False

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), comment="file name; no name of a photograph")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the stored file")
    media_type: Mapped[str] = mapped_column(String(100))
    is_picture: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[dt.datetime] = mapped_column(default=utc_now)


def mending_checks(sources: tuple[str, ...]) -> tuple[CheckConstraint, ...]:
    """Make the checks of a table of tasks; `sources` are where they may come from."""

    def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
        listed = ",".join(repr(str(value)) for value in values)
        return CheckConstraint(f"{column} IN ({listed})", name=column)

    return (
        one_of("state", tuple(MendingState)),
        one_of("source", sources),
        CheckConstraint("state <> 'closed' OR closed_on IS NOT NULL", name="closed"),
        CheckConstraint("state <> 'reported' OR reported_at IS NOT NULL", name="reported"),
    )
