"""Declare personal data field by field: why it is kept, until when, and what happens then.

A feature declares its fields where its module is imported. The nightly job, the dry run, the
erasure of one person and the list of what is kept where all read these declarations.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from threading import RLock
from typing import Any, TypeAlias

from flask_babel import LazyString
from sqlalchemy import JSON, ColumnElement, Date, String, cast, false, func, null, or_, select
from sqlalchemy import inspect as inspect_model
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.clock import local_day
from core.db.base import TenantScoped
from core.db.tree import Tenant
from core.plugins.loading.host import get_host
from core.redaction import keyed_digest

Label: TypeAlias = str | LazyString
DIGEST_LENGTH = 64
# Condition on a model: rows whose time is over at a moment.
IsOver: TypeAlias = Callable[[Session, Tenant, datetime], ColumnElement[bool]]
# Condition on a model: rows of a person, given the digest (or the plain value without a purpose).
IsPerson: TypeAlias = Callable[[str], ColumnElement[bool]]


class ErasureAction(StrEnum):
    """What happens to a value when its time is over."""

    ERASE = "erase"  # the value is emptied
    MASK = "mask"  # some of it stays, as on published lists
    DIGEST = "digest"  # a keyed hash stays, to find or count it
    DELETE = "delete"  # the whole row goes


@dataclass(frozen=True, slots=True, eq=False)
class DaysAfter:
    """Keep a row for some days after a moment (a time or a date); without the moment, for ever.

    `days` is a number, a column, or what a place has set. The moment and the days may stand in
    other tables: `through` names them, each with the condition that joins it.
    """

    moment: InstrumentedAttribute[Any]
    days: int | InstrumentedAttribute[int] | Callable[[Tenant], int]
    through: tuple[tuple[type[Any], ColumnElement[bool]], ...] = ()

    def is_over(
        self, model: type[TenantScoped], session: Session, tenant: Tenant, now: datetime
    ) -> ColumnElement[bool]:
        """Return the condition for rows whose time is over at `now`."""
        condition = self._is_past(session, tenant, now)
        if not self.through:
            return condition
        key = inspect_model(model).primary_key[0]
        rows = select(key)
        for target, joined in self.through:
            rows = rows.join(target, joined)
        found: ColumnElement[bool] = key.in_(rows.where(condition))
        return found

    def _is_past(self, session: Session, tenant: Tenant, now: datetime) -> ColumnElement[bool]:
        if not isinstance(self.days, InstrumentedAttribute):
            days = self.days if isinstance(self.days, int) else self.days(tenant)
            return self._ended(now, days)
        # Adding a column of days to a time is written differently in each database; there are
        # few different numbers of days.
        column = self.days
        numbers = session.scalars(
            select(column).where(column.class_.tenant_id == tenant.id).distinct()
        )
        each = [(column == days) & self._ended(now, days) for days in numbers if days is not None]
        return or_(false(), *each)

    def _ended(self, now: datetime, days: int) -> ColumnElement[bool]:
        limit = now - timedelta(days=days)
        return self.moment <= (local_day(limit) if isinstance(self.moment.type, Date) else limit)


@dataclass(frozen=True, slots=True, eq=False)
class PersonKey:
    """How the rows of one person are found: by a column, or by a condition for other tables.

    With a `purpose` the column holds `keyed_digest(purpose, identifier)`, else the identifier.
    """

    column: InstrumentedAttribute[Any] | IsPerson
    purpose: str = ""

    def matches(self, identifier: str) -> ColumnElement[bool]:
        """Return the condition for the rows of a person."""
        value = keyed_digest(self.purpose, identifier) if self.purpose else identifier
        if isinstance(self.column, InstrumentedAttribute):
            return self.column == value
        return self.column(value)


@dataclass(frozen=True, slots=True, eq=False)
class PersonalField:
    """One column with personal data. Fields of a model that share `keep` are erased together.

    `what`, `basis` and `kept` are for people: what it is, why it may be kept, and how long.
    `stamp` names a time column that is set when the row is erased. `on_request` is false where a
    law demands that it is kept even if the person asks for erasure.
    """

    model: type[TenantScoped]
    column: str
    what: Label
    basis: Label
    kept: Label
    keep: DaysAfter | IsOver
    action: ErasureAction = ErasureAction.ERASE
    person: PersonKey | None = None
    mask: Callable[[str], str] | None = None
    purpose: str = ""
    stamp: str | None = None
    on_request: bool = True

    def __post_init__(self) -> None:
        if self.column not in inspect_model(self.model).columns:
            raise ValueError(f"{self.model.__name__} has no column {self.column}")
        if self.action is ErasureAction.MASK and self.mask is None:
            raise ValueError(f"{self}: say how it is masked")
        if self.action is ErasureAction.DIGEST and not self._holds_digest():
            raise ValueError(f"{self}: a digest needs a purpose and {DIGEST_LENGTH} characters")

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"

    @property
    def table(self) -> str:
        """Name of the table."""
        return str(inspect_model(self.model).local_table)

    @property
    def _attribute(self) -> InstrumentedAttribute[Any]:
        found: InstrumentedAttribute[Any] = getattr(self.model, self.column)
        return found

    def _holds_digest(self) -> bool:
        return (
            bool(self.purpose)
            and (getattr(self._attribute.type, "length", None) or DIGEST_LENGTH) >= DIGEST_LENGTH
        )

    def is_over(self, session: Session, tenant: Tenant, now: datetime) -> ColumnElement[bool]:
        """Return the condition for rows whose time is over at `now`."""
        if isinstance(self.keep, DaysAfter):
            return self.keep.is_over(self.model, session, tenant, now)
        return self.keep(session, tenant, now)

    def has_value(self) -> ColumnElement[bool]:
        """Return the condition for rows that still hold what has to go."""
        column = self._attribute
        kept: ColumnElement[bool] = column.is_not(None)
        if isinstance(column.type, JSON):
            return kept & cast(column, String).not_in(["{}", "[]", "null"])
        if isinstance(column.type, String):
            kept &= column != ""
        if self.action is ErasureAction.MASK:
            kept &= ~column.contains("*")
        if self.action is ErasureAction.DIGEST:
            kept &= func.length(column) != DIGEST_LENGTH
        return kept

    def apply(self, row: TenantScoped, now: datetime) -> None:
        """Remove the value from a row that holds it; `DELETE` is the caller's."""
        value = getattr(row, self.column)
        if value:
            setattr(row, self.column, self._remainder(value))
        if self.stamp is not None:
            setattr(row, self.stamp, now)

    def _remainder(self, value: Any) -> Any:
        if self.action is ErasureAction.DIGEST:
            done = isinstance(value, str) and len(value) == DIGEST_LENGTH
            return value if done else keyed_digest(self.purpose, value)
        if self.action is ErasureAction.MASK and self.mask is not None:
            masked = self.mask(value)
            return masked if "*" in masked else "*" * len(value)
        column = inspect_model(self.model).columns[self.column]
        if column.nullable:
            return null() if isinstance(column.type, JSON) else None
        return type(value)()


# By feature and by the module of the models, so that each such module may declare its own.
_DECLARED: dict[tuple[str, str], tuple[PersonalField, ...]] = {}


def add_personal_fields(feature: str, *fields: PersonalField) -> None:
    """Declare the personal data of a feature; a plugin's name for a plugin.

    Declaring those of the same models again (a plugin that is loaded anew) replaces them.
    """
    for module in {field.model.__module__ for field in fields}:
        own = tuple(field for field in fields if field.model.__module__ == module)
        _DECLARED[feature, module] = own


# Steps that declare what is not loaded with the application.
_STEPS: deque[Callable[[], None]] = deque()
_LOADING = RLock()


def add_declarations(step: Callable[[], None]) -> None:
    """Add a step that declares fields; it is taken when the fields are listed first."""
    _STEPS.append(step)


def list_personal_fields() -> Iterable[tuple[str, PersonalField]]:
    """List the fields of the core's features and of the plugins that are loaded."""
    with _LOADING:
        while _STEPS:
            _STEPS.popleft()()
    plugins = get_host().plugins
    for (feature, _module), fields in sorted(_DECLARED.items(), key=itemgetter(0)):
        for field in fields:
            if feature in plugins or field.model.__module__.startswith("core."):
                yield feature, field
