"""Commands that plugins name in their manifests, read from the source: no code of theirs runs."""

import ast
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from core.plugins.loading.discovery import Found, discover

_FILES = ("manifest", "plugin")


class NamedCommands(NamedTuple):
    """Names and short helps; whether there are plugins that give commands and name none."""

    helps: dict[str, str]
    has_unnamed: bool


def list_named_commands(more_folders: str = "") -> NamedCommands:
    """List what installed plugins say of their commands; the first of a name wins."""
    helps: dict[str, str] = {}
    has_unnamed = False
    for found in discover(more_folders):
        trees = list(_parse(found))
        named = _read_named(trees)
        helps = named | helps
        has_unnamed |= not named and any(map(_gives_commands, trees))
    return NamedCommands(helps, has_unnamed)


def read_named_commands(found: Found) -> dict[str, str]:
    """Read the commands that a plugin's manifest names; empty where they are not written out."""
    return _read_named(list(_parse(found)))


def _parse(found: Found) -> Iterator[ast.Module]:
    """Parse the files that may hold the manifest; what cannot be read is told when it is loaded."""
    top, *inner, main = found.module.split(".")
    spec = find_spec(top)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        for name in dict.fromkeys((*_FILES, main)):
            path = Path(folder, *inner, f"{name}.py")
            try:
                yield ast.parse(path.read_text(encoding="utf-8"))
            except (OSError, SyntaxError, ValueError):
                continue


def _read_named(trees: Iterable[ast.Module]) -> dict[str, str]:
    """Read `commands` of `Manifest(…)` where it is written out as names and texts."""
    values = (
        keyword.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Manifest"
        for keyword in node.keywords
        if keyword.arg == "commands"
    )
    for value in values:
        try:
            return {str(name): str(text) for name, text in ast.literal_eval(value).items()}
        except (ValueError, AttributeError):
            continue
    return {}


def _gives_commands(tree: ast.Module) -> bool:
    """Say whether a module answers the hook `commands`."""
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assigned = (
        target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
    )
    return "commands" in names | {node.id for node in assigned if isinstance(node, ast.Name)}
