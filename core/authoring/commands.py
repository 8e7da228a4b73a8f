"""`gongkai plugin new | check`: for authors of plugins."""

import sys
from pathlib import Path

import click
from flask_babel import gettext as _

from core.authoring.checklist import run_checklist
from core.authoring.scaffold import write_plugin
from core.command import command_errors, json_option, print_result
from core.settings import resource


@click.command("new")
@click.argument("name")
@click.option("--title", help="What it is called on pages; the name by default.")
@click.option("--path", "parent", type=click.Path(path_type=Path), help="Write DIR/NAME.")
@json_option
@command_errors
def new_command(name: str, title: str | None, parent: Path | None, *, as_json: bool) -> None:
    """Write a plugin that works, with tests, to be changed into what you need."""
    folder = parent or resource("plugins")
    written = write_plugin(name, title or name, folder)
    body = {"path": str(folder / name), "files": [str(path) for path in written]}
    told = _("%(path)s: %(n)s files", path=folder / name, n=len(written))
    print_result(body, as_json=as_json, text=told)


@click.command("check")
@click.argument("folder", metavar="PATH", type=click.Path(path_type=Path))
@json_option
@command_errors
def check_command(folder: Path, *, as_json: bool) -> None:
    """Judge the plugin in a folder; wanting where a point of the checklist fails."""
    checks = run_checklist(folder)
    lines = (f"{'✓' if c.ok else '✗'} {c.name}: {c.detail} {c.remedy}".rstrip() for c in checks)
    print_result(
        {"checks": [check.as_dict() for check in checks]},
        as_json=as_json,
        text=lambda: "\n".join(lines),
    )
    if not all(check.ok for check in checks):
        sys.exit(1)
