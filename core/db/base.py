"""Declarative base, naming convention, tenant mixins and column types."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, Mapper, declared_attr, mapped_column, registry

from core.clock import now

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in and out, stored as UTC (SQLite keeps no zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "naive datetime: every stored time carries its zone"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None]:
        """Return what makes a moment of a value; lists have hundreds, so it is one function."""
        read = self.impl_instance.result_processor(dialect, coltype)

        def process(value: Any) -> datetime | None:
            if value is None:
                return None
            moment: datetime = value if read is None else read(value)  # type: ignore[assignment]  # of a value
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

        return process


class Base(DeclarativeBase):
    """Base of every table.

    `shown_on_pages` is false where no public page shows anything of a table's rows: then writing
    them leaves kept pages as they are (`core.db.versions`). A property may decide row by row.

    Each feature and each plugin has a registry of its own. SQLAlchemy settles all relationships of
    a registry with its first query: so a command settles those of the features that it uses, and a
    mistake in a plugin's relationships harms that plugin alone. Tables know each other all the
    same, and a relationship to another feature names the class, not a text.
    """

    shown_on_pages: Any = True

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }

    def __init_subclass__(cls, **options: Any) -> None:
        cls._sa_registry = _get_registry(_get_feature(cls.__module__))
        super().__init_subclass__(**options)


_REGISTRIES: dict[str, registry] = {}


def _get_registry(feature: str) -> registry:
    """Return the registry of a feature or plugin, made for its first table."""
    if feature not in _REGISTRIES:
        kinds = Base.type_annotation_map
        _REGISTRIES[feature] = registry(metadata=Base.metadata, type_annotation_map=kinds)
    return _REGISTRIES[feature]


def _get_feature(module: str) -> str:
    """Return `core.catalog`, `plugins.fair`, or the package of a plugin that was installed."""
    first, *rest = module.split(".")
    return ".".join([first, *rest[:1]]) if first in {"core", "plugins"} else first


def list_mappers() -> list[Mapper[Any]]:
    """List the mappers of all features and plugins that are loaded."""
    return [mapper for each in _REGISTRIES.values() for mapper in each.mappers]


class TenantScoped:
    """A row that belongs to one tenant; it can be read and written in a scope only."""

    @declared_attr
    @classmethod
    def tenant_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("tenant.id", ondelete="RESTRICT"), index=True)


class Inherited(TenantScoped):
    """A tenant's row that the tenants below it may read (a catalog layer, a setting)."""


#: The default of columns that hold the moment of writing.
utc_now = now
