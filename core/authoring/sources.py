"""What can be said of a plugin from its files alone."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from core.testing.catalogs import KEYWORDS, LOCALE, METHODS, OPTIONS

DOOR = "core.sdk"
TEST_DOOR = "core.testing"
LONGEST_FILE = 500


def python_files(folder: Path) -> list[Path]:
    """List the sources of the plugin, its tests included."""
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def imports_past_the_door(folder: Path) -> Iterator[str]:
    """List imports of the core past `core.sdk`, and imports of other plugins."""
    for path in python_files(folder):
        inside = path.relative_to(folder)
        for line, module in _imported(path):
            if not _is_allowed(module, folder.name, in_tests=inside.parts[0] == "tests"):
                yield f"{inside}:{line} {module}"


def _imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            # `from core import sdk` names the module in the second part.
            whole = node.module in {"core", "plugins"}
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name) for name in (names if whole else [node.module]))


def _is_allowed(module: str, name: str, *, in_tests: bool) -> bool:
    top = module.partition(".")[0]
    if top == "plugins":
        return module == "plugins" or f"{module}.".startswith(f"plugins.{name}.")
    if top != "core":
        return True
    return module == DOOR or (in_tests and f"{module}.".startswith(f"{TEST_DOOR}."))


def untranslated(folder: Path) -> list[str]:
    """Messages of the sources that the plugin's Chinese catalog does not translate."""
    path = folder / "translations" / LOCALE / "LC_MESSAGES" / f"{folder.name}.po"
    stored = read_po(BytesIO(path.read_bytes()), locale=LOCALE) if path.exists() else Catalog()
    missing = []
    found = extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS, strip_comment_tags=True)
    for _file, _line, message, _comments, context in found:
        key = message[0] if isinstance(message, tuple) else message
        known = stored.get(key, context)
        if known is None or known.fuzzy or not _is_complete(known.string):
            missing.append(str(key))
    return list(dict.fromkeys(missing))


def _is_complete(said: object) -> bool:
    return all(said) if isinstance(said, (list, tuple)) else bool(said)


def long_files(folder: Path) -> list[str]:
    """Files that nobody reads in one go; a migration is written once and read never."""
    return [
        path.name
        for path in python_files(folder)
        if "migrations" not in path.parts
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    ]
