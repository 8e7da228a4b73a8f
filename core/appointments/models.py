"""Columns of people who are appointed for a term; each feature has a table of its own."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from core.appointments.domain.life import AppointmentState
from core.db.base import TenantScoped, utc_now

GENDERS = ("female", "male", "unknown")


class AppointedPerson(TenantScoped):
    """Somebody who serves without an account: an applicant at first, then appointed for a term.

    A private link opens their desk; only its keyed hash is kept. The feature names the kinds of
    appointments and the backgrounds of people, the usual ones last and first.
    """

    kinds: ClassVar[tuple[str, ...]]
    backgrounds: ClassVar[tuple[str, ...]]

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40), comment="empty once the data are erased")
    gender: Mapped[str] = mapped_column(String(10), default="unknown")
    birth_year: Mapped[int | None]
    background: Mapped[str] = mapped_column(String(12), default="other")
    unit: Mapped[str] = mapped_column(String(100), default="", comment="unit or village")
    phone: Mapped[str] = mapped_column(String(20), default="")
    phone_digest: Mapped[str | None] = mapped_column(String(64), comment="keyed hash")
    source: Mapped[str] = mapped_column(String(12), default="application")
    nominated_by: Mapped[str] = mapped_column(String(100), default="", comment="a unit")
    statement: Mapped[str] = mapped_column(Text, default="", comment="why the person applies")
    areas: Mapped[list[Any]] = mapped_column(default=list, comment="what they look at, in words")
    state: Mapped[str] = mapped_column(String(12), default=AppointmentState.APPLIED)
    reason: Mapped[str] = mapped_column(
        String(300), default="", comment="of declining, suspending or ending; for the office"
    )
    appointed_on: Mapped[dt.date | None]
    term_ends_on: Mapped[dt.date | None]
    confirmed_until: Mapped[dt.date | None] = mapped_column(comment="confirmed year by year")
    ended_on: Mapped[dt.date | None] = mapped_column(comment="ended, or declined")
    letter_number: Mapped[str | None] = mapped_column(String(40))
    link_digest: Mapped[str | None] = mapped_column(
        String(64), comment="keyed hash of the private link; NULL: none, or withdrawn"
    )
    version: Mapped[int] = mapped_column(default=1, comment="counts changes, against lost ones")
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    erased_at: Mapped[dt.datetime | None]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        name = f"ix_{cls.__tablename__}"  # type: ignore[attr-defined]  # of the table it becomes
        return (
            _one_of("kind", cls.kinds),
            _one_of("state", AppointmentState),
            _one_of("gender", GENDERS),
            _one_of("background", cls.backgrounds),
            _one_of("source", ("application", "nomination")),
            CheckConstraint(
                "state NOT IN ('appointed','suspended') OR (appointed_on IS NOT NULL "
                "AND term_ends_on IS NOT NULL AND confirmed_until IS NOT NULL)",
                name="term",
            ),
            CheckConstraint("confirmed_until <= term_ends_on", name="confirmed"),
            UniqueConstraint("tenant_id", "letter_number"),
            Index(f"{name}_link", "link_digest", unique=True),
            Index(f"{name}_list", "tenant_id", "state"),
            Index(f"{name}_phone", "tenant_id", "phone_digest"),
        )

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def _one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    listed = ",".join(repr(str(value)) for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
