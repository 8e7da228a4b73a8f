"""Tests name pages by endpoint: where a page lies is written in its route, and nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT

REQUESTS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "open"})
# Real browsers and measurements type an address as people do.
TYPED = frozenset({"bench", "e2e", "soak"})
LEFT = frozenset((ROOT / "tests/architecture/literal_paths.txt").read_text("utf-8").split("\n"))


def test_no_new_test_writes_the_path_of_a_page(app):
    """`client.get("/990111/catalog/")` is refused; `client.get(url_for("catalog.index"))` is not.

    What counts is the first argument of a request: a text that begins with `/`, also by way of a
    constant of its module, and whose path is one of the URL map, whatever stands in braces. Tests
    about addresses themselves are in the list.
    """
    routes = [
        re.compile(re.sub(r"<(int:|code)?[^>]*>", _part_pattern, rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
    ]
    found = {
        f"{path}: {text}"
        for path, text in _list_requests()
        if any(route.fullmatch(re.sub(r"{[^{}]*}", "0", text).split("?")[0]) for route in routes)
    }
    new = sorted(found - LEFT)
    assert new == [], "\n".join(["use core.testing.pages.url_for(endpoint, …) in", *new])
    assert sorted(LEFT - found - {""}) == [], "these are gone: take them out of the list"


def _part_pattern(part: re.Match[str]) -> str:
    return r"\d+" if part[1] else "[^/]+"  # digits too for `code`: no other text is a place


def _list_requests() -> Iterator[tuple[Path, str]]:
    """Texts that begin with `/` and are the first argument of a request, with their files."""
    for path in sorted((*ROOT.glob("tests/**/*.py"), *ROOT.glob("plugins/*/tests/**/*.py"))):
        if TYPED & set(path.relative_to(ROOT).parts):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        constants = _list_constants(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _is_request(node.func):
                text = _write_text(node.args[0], constants)
                if text.startswith("/"):
                    yield path.relative_to(ROOT), text


def _is_request(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in REQUESTS


def _list_constants(tree: ast.Module) -> dict[str, str]:
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def _write_text(node: ast.expr, constants: dict[str, str]) -> str:
    """The text of an expression, what is not known of it in braces; empty for no text."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return constants.get(name, "")
        case ast.JoinedStr(values=parts):
            return "".join(_write_text(part, constants) for part in parts)
        case ast.FormattedValue(value=value):
            return _write_text(value, constants) or f"{{{ast.unparse(value)}}}"
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _write_text(left, constants) + (_write_text(right, constants) or "{}")
    return ""
