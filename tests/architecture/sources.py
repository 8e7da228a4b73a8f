"""The program's own Python files, read once for the tests of its architecture."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_OURS = frozenset({"bundled", "migrations", "skeleton", "node_modules"})


@cache
def list_sources(*, with_tests: bool = False) -> tuple[Path, ...]:
    """Files of `core` and `plugins`, relative to the repository; of `tests` too where asked."""
    folders = ("core", "plugins", "tests") if with_tests else ("core", "plugins")
    return tuple(
        path.relative_to(ROOT)
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not NOT_OURS & set(path.parts)
        if with_tests or "tests" not in path.relative_to(ROOT).parts
    )


@cache
def parse(path: Path) -> ast.Module:
    """The syntax tree of a file that `list_sources` names."""
    return ast.parse((ROOT / path).read_text("utf-8"))


def count_lines(path: Path) -> int:
    """Lines of a file."""
    return (ROOT / path).read_text("utf-8").count("\n")


def list_definitions(path: Path) -> Iterator[str]:
    """Names that a file gives: its own, of functions, classes, parameters, fields, variables."""
    yield path.stem
    for node in ast.walk(parse(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def list_functions() -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of the program."""
    for path in list_sources():
        for node in ast.walk(parse(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node
