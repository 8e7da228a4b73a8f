"""What others rely on: addresses, tables, commands, the plugins' door, names of templates.

`python -m tests.architecture.snapshot` writes the files in `snapshot/` anew. A public name that
changes stands in `snapshot/renamed.toml`, old name and new one, so that nothing goes unnoticed.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import core.sdk
from core.app import create_app
from core.cli import cli
from core.db.base import Base
from core.settings import Settings

FOLDER = Path(__file__).with_name("snapshot")
WIDTH = 100


def list_routes(app: Flask) -> Iterator[str]:
    """Address, methods, endpoint and who may see it."""
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        access = getattr(app.view_functions[rule.endpoint], "access", "?")
        yield f"{rule.rule} {methods} {rule.endpoint} {access}"


def list_tables(app: Flask) -> Iterator[str]:
    """Columns, constraints and indexes as PostgreSQL is told them, a line each."""
    del app
    dialect = postgresql.dialect()
    for table in Base.metadata.sorted_tables:
        for line in str(CreateTable(table).compile(dialect=dialect)).splitlines():
            text = line.strip().rstrip(",")
            if text and text != ")" and not text.startswith("CREATE TABLE"):
                yield f"{table.name}: {text}"
        for index in table.indexes:
            yield f"{table.name}: {CreateIndex(index).compile(dialect=dialect)}"


def list_commands(app: Flask) -> Iterator[str]:
    """What `--help` says of every command."""
    del app
    with click.Context(cli, info_name="gongkai", terminal_width=WIDTH) as context:
        yield from _help(cli, context)


def _help(command: click.Command, context: click.Context) -> Iterator[str]:
    for line in command.get_help(context).splitlines():
        yield f"{context.command_path}: {line}".rstrip()
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            with click.Context(below, context, name, terminal_width=WIDTH) as inner:
                yield from _help(below, inner)


def list_door(app: Flask) -> Iterator[str]:
    """The names that plugins may import."""
    del app
    yield from core.sdk.__all__


def list_templates(app: Flask) -> Iterator[str]:
    """Every template by the name under which it is rendered or included."""
    yield from app.jinja_env.list_templates()


PARTS: dict[str, Callable[[Flask], Iterator[str]]] = {
    "routes": list_routes,
    "tables": list_tables,
    "commands": list_commands,
    "sdk": list_door,
    "templates": list_templates,
}


def take(part: str, app: Flask) -> list[str]:
    """The lines of one part; commands keep their order, the rest is sorted."""
    lines = list(PARTS[part](app))
    return lines if part == "commands" else sorted(set(lines))


def stored(part: str) -> list[str]:
    """The lines of one part as they are kept."""
    return FOLDER.joinpath(f"{part}.txt").read_text("utf-8").splitlines()


def main() -> None:
    """Write every part."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"GONGKAI_DATA_DIR": folder, "GONGKAI_SECRET_KEY": "key-of-the-snapshot"}
        app = create_app(Settings(data_dir=Path(folder), secret_key="snapshot", testing=True))
        app.load_pages()
        with app.app_context():
            for part in PARTS:
                text = "\n".join(take(part, app))
                FOLDER.joinpath(f"{part}.txt").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
