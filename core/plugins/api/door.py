"""Load names of a module when somebody asks for them, from where its `TYPE_CHECKING` block says."""

import ast
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple


class NameOrigin(NamedTuple):
    """The module in which something is defined, and its name there."""

    module: str
    name: str


def read_origins(source: Path) -> Mapping[str, NameOrigin]:
    """Read the imports under `if TYPE_CHECKING:` of a module's source, by the names they bind.

    What type checkers see is thereby what is loaded.
    """
    blocks = [
        node
        for node in ast.parse(source.read_text(encoding="utf-8")).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return {
        alias.asname or alias.name: NameOrigin(str(statement.module), alias.name)
        for block in blocks
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }


def lazy_attributes(module: dict[str, Any]) -> Callable[[str], Any]:
    """Make the `__getattr__` (PEP 562) of a module, given its `globals()`."""
    origins: dict[str, NameOrigin] = {}

    def find(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if not origins:
            origins.update(read_origins(Path(module["__file__"])))
        if name not in origins:
            raise AttributeError(f"module {module['__name__']!r} has no attribute {name!r}")
        module[name] = found = _load(origins[name])
        return found

    return find


def _load(origin: NameOrigin) -> Any:
    home = import_module(origin.module)
    try:
        return getattr(home, origin.name)
    except AttributeError:  # a module of a package: `from core.web import params`
        return import_module(f"{origin.module}.{origin.name}")
