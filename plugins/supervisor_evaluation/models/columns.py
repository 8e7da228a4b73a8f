"""Columns and checks that several tables of the plugin share."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

PREFIX = "supervisor_evaluation_"


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Allow these values of a column only."""
    listed = ",".join(repr(str(value)) for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def reference(table: str, column: str, target: str, **options: Any) -> Any:
    """Make a column that refers to a row of another table of the plugin.

    The key is named by its own table and column: with both tables it would be longer than the
    63 bytes that PostgreSQL allows.
    """
    key = ForeignKey(
        f"{PREFIX}{target}.id", ondelete="CASCADE", name=f"fk_{PREFIX}{table}_{column}"
    )
    return mapped_column(key, **{"index": True} | options)


class OfSubject:
    """A row about an evaluated subject: an organ of the place, or a township below it (N37)."""

    @declared_attr
    @classmethod
    def organ_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("organ.id"))

    @declared_attr
    @classmethod
    def township_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("tenant.id", ondelete="RESTRICT"))

    @property
    def owner_organ_id(self) -> int | None:
        """The organ whose own staff may open it; of a township, nobody's at the county."""
        return self.organ_id

    @property
    def subject_key(self) -> tuple[str, int]:
        """Which subject it is about: "organ" or "township", and its id."""
        if self.organ_id is not None:
            return "organ", self.organ_id
        return "township", self.township_id or 0


def exactly_one_subject() -> CheckConstraint:
    """Demand an organ or a township, and not both."""
    return CheckConstraint("(organ_id IS NULL) <> (township_id IS NULL)", name="subject")
