"""Every hook is documented and tried; nobody but the relay calls one."""

import inspect
import re
from pathlib import Path

import pytest

from core.plugins.api.specs import process, tenant

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
TRIED = "\n".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "plugins" / "host").glob("*.py")
)
HOOKS = {
    name: function
    for module in (process, tenant)
    for name, function in vars(module).items()
    if hasattr(function, "gongkai_spec")
}


def heading(name):
    arguments = ", ".join(inspect.signature(HOOKS[name]).parameters)
    return f"### `{name}({arguments})`"


def test_the_hooks_are_found():
    assert {"blueprints", "home_blocks", "erase"} <= set(HOOKS)


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_documented(name):
    assert heading(name) in REFERENCE.splitlines()
    assert HOOKS[name].__doc__


def test_the_reference_lists_no_hook_that_does_not_exist():
    told = set(re.findall(r"^### `.*$", REFERENCE, flags=re.MULTILINE))
    assert told == {heading(name) for name in HOOKS}


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_is_tried(name):
    assert re.search(rf"@hookimpl\n\s*def {name}\(", TRIED), f"no test implements {name}"


def test_hooks_are_called_in_their_package_only():
    calls = re.compile(r"\b(pm|manager)\.hook\b|\.get_hookimpls\(")
    guilty = [
        str(path.relative_to(ROOT))
        for folder in ("core", "plugins")
        for path in (ROOT / folder).rglob("*.py")
        if (ROOT / "core" / "plugins") not in path.parents
        if calls.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []
