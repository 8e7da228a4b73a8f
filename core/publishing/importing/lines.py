"""Parse a JSON Lines file of publications; a line that cannot be read says why."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from core.errors import Invalid
from core.publishing.body.references import Reference, find_references
from core.publishing.printed import PrintedRemark, read_metadata
from core.publishing.schemas import LineSchema, complaints


@dataclass(frozen=True, slots=True)
class Rejection:
    """A line that was not imported, counted from 1, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class ImportLine:
    """A parsed line; `values` holds what the line gives and nothing else."""

    number: int
    values: dict[str, Any] = field(hash=False)
    remarks: tuple[PrintedRemark, ...] = ()

    @property
    def source_id(self) -> str | None:
        """The line's own id, which makes the import idempotent."""
        return self.values.get("id") or None

    @property
    def body(self) -> str:
        """The text, of whichever kind the line gives."""
        return str(self.values.get("body_html") or self.values.get("body", ""))

    @cached_property
    def references(self) -> list[Reference]:
        """The pictures of the text, and its links that lead nowhere from here."""
        return find_references(self.body)

    @cached_property
    def digest(self) -> str:
        """Fingerprint of the line's values, to detect changes."""
        text = json.dumps(self.values, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def decode(data: bytes, filename: str) -> str:
    """Decode the text of a file; raises `Invalid` naming it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = _("%(file)s is neither UTF-8 nor GB18030 text.", file=filename)
    raise Invalid(message, where=filename)


def read_lines(text: str) -> Iterator[ImportLine | Rejection]:
    """Parse and validate each line that is not blank."""
    schema = LineSchema()
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _read(schema, number, line)


def read_given(number: int, given: dict[str, Any]) -> ImportLine | Rejection:
    """Validate the fields of a line that were read elsewhere."""
    return _read(LineSchema(), number, json.dumps(given, ensure_ascii=False))


def _read(schema: LineSchema, number: int, line: str) -> ImportLine | Rejection:
    try:
        given = json.loads(line)
        values, remarks = read_metadata(given) if isinstance(given, dict) else (given, ())
        return ImportLine(number, schema.load(values), remarks)
    except ValidationError as error:
        return Rejection(number, complaints(error))
    except json.JSONDecodeError as error:
        return Rejection(number, _("This is no JSON: %(reason)s", reason=str(error)[:200]))
    except (ValueError, RecursionError):
        reason = _("nested too deeply, or a number too long")
        return Rejection(number, _("This is no JSON: %(reason)s", reason=reason))
