"""Read the files of a pack; whatever is wrong is named by file, line and field."""

import csv
import io
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, ValidationError

from core.errors import Invalid


def pack_file(folder: Path, name: str) -> Path:
    """Path of a pack's file; raises `Invalid` where it is missing or outside the pack."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise Invalid(_("The pack has no file %(name)s.", name=name), where=name)
    return path


def read_text(folder: Path, name: str) -> str:
    """Text of a pack's file, which is UTF-8."""
    try:
        return pack_file(folder, name).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_("%(name)s is not UTF-8 text.", name=name), where=name) from error


def read_toml(folder: Path, name: str, schema: Schema) -> dict[str, Any]:
    """Read and check a TOML file."""
    try:
        data = tomllib.loads(read_text(folder, name))
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{name}: {error}", where=name) from error
    return check(schema, data, name)


def read_json(folder: Path, name: str, schema: Schema) -> dict[str, Any]:
    """Read and check a JSON file."""
    try:
        data = json.loads(read_text(folder, name))
    except json.JSONDecodeError as error:
        where = f"{name}:{error.lineno}"
        raise Invalid(f"{where}: {error.msg}", where=where) from error
    return check(schema, data, name)


def read_table(folder: Path, name: str, schema: Schema) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read and check the rows of a CSV file, each with where it stands (`organs.csv:12`).

    An empty cell means that nothing is said, so it is left out.
    """
    reader = csv.DictReader(io.StringIO(read_text(folder, name)), restkey="")
    for row in reader:
        where = f"{name}:{reader.line_num}"
        yield where, check(schema, {k: v for k, v in row.items() if v not in ("", None)}, where)


def check(schema: Schema, data: Any, where: str) -> dict[str, Any]:
    """Load data with a schema; raises `Invalid` that lists every wrong field."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        problems = [f"{where}: {text}" for text in _problems(error.messages_dict, "")]
        raise Invalid("; ".join(problems), where=where) from error
    return loaded


def _problems(messages: Mapping[Any, Any], above: str) -> Iterator[str]:
    for key, value in messages.items():
        name = f"{above}[{key}]" if isinstance(key, int) else f"{above}.{key}".strip(".")
        if isinstance(value, Mapping):
            yield from _problems(value, name)
        else:
            yield f"{name} – {' '.join(str(text) for text in value)}"
