"""Tables by the package that defines them, and how to forget those of a plugin that is left out."""

import sys

from sqlalchemy import Table
from sqlalchemy.orm import Mapper

from core.db import scope
from core.db.base import Base, list_mappers


def known_tables() -> frozenset[str]:
    """Names of all tables that are known now."""
    return frozenset(Base.metadata.tables)


def list_owned_tables(package: str) -> frozenset[str]:
    """Names of the tables whose classes a package defines."""
    return frozenset(
        mapper.local_table.name
        for mapper in _mappers(package)
        if isinstance(mapper.local_table, Table)
    )


def check_mappings(package: str) -> None:
    """Raise what is wrong with the relationships of a package's classes."""
    for registry in {mapper.registry for mapper in _mappers(package)}:
        registry.configure(cascade=True)


def forget(package: str, tables: frozenset[str]) -> None:
    """Take away a package's classes and tables, so that one mistake in them harms nobody else.

    SQLAlchemy disposes of whole registries only; this is what it does for one class of them.
    """
    for mapper in _mappers(package):
        registry, manager = mapper.registry, mapper.class_manager
        registry._managers.pop(manager, None)  # noqa: SLF001
        registry._dispose_manager_and_mapper(manager)  # noqa: SLF001
    for name in tables:
        if name in Base.metadata.tables:
            Base.metadata.remove(Base.metadata.tables[name])
    scope.forget_tables()
    for module in [name for name in sys.modules if _is_in(name, package)]:
        del sys.modules[module]


def _mappers(package: str) -> list[Mapper[object]]:
    return [mapper for mapper in list_mappers() if _is_in(mapper.class_.__module__, package)]


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
