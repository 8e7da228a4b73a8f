"""Read a division table (`code,name,level,parent_code`, if it has one `kind`)."""

import csv
import io
from dataclasses import dataclass

from flask_babel import gettext as _

from core.errors import Invalid
from core.tenancy.domain import (
    CODE_LENGTHS,
    Level,
    code_problem,
    find_kind,
    to_level_code,
    to_parent_code,
)

COLUMNS = ("code", "name", "level", "parent_code")


@dataclass(frozen=True, slots=True)
class Division:
    """One row of the table; `line` is its line in the file, from 1."""

    line: int
    code: str
    name: str
    level: Level
    parent_code: str
    kind: str


def read_divisions(data: bytes, filename: str) -> list[Division]:
    """Parse the table; raises `Invalid` that names the file, the line and the column."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            message = _("%(file)s is neither UTF-8 nor GB18030 text.", file=filename)
            raise Invalid(message, where=filename) from error
    try:
        return _rows(text, filename)
    except csv.Error as error:
        message = _("%(file)s is no table: %(why)s", file=filename, why=error)
        raise Invalid(message, where=filename) from error


def _rows(text: str, filename: str) -> list[Division]:
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise Invalid(
            _("%(file)s lacks the columns %(names)s.", file=filename, names=", ".join(missing)),
            where=filename,
        )
    return [
        _division(row, reader.line_num, filename)
        for row in reader
        if any((row.get(name) or "").strip() for name in COLUMNS)  # Excel leaves rows of commas
    ]


def _division(row: dict[str, str | None], line: int, filename: str) -> Division:
    values = {name: (row.get(name) or "").strip() for name in (*COLUMNS, "kind")}
    where = f"{filename}:{line}"
    try:
        level = Level(values["level"])
    except ValueError as error:
        message = _("%(where)s: the level “%(level)s” is unknown.", where=where, **values)
        raise Invalid(message, where=where) from error
    if level not in CODE_LENGTHS or not values["name"]:
        raise Invalid(_("%(where)s: a name and a level are needed.", where=where), where=where)
    values["code"] = to_level_code(values["code"], level)
    values["parent_code"] = to_parent_code(values["parent_code"], level)
    problem = code_problem(values["code"], level, values["parent_code"])
    if problem:
        raise Invalid(
            _(
                "%(where)s: the code “%(code)s” does not fit its level or parent.",
                where=where,
                code=values["code"],
            ),
            where=where,
        )
    kind = values["kind"] or find_kind(level, values["name"])
    return Division(line, values["code"], values["name"], level, values["parent_code"], kind)
