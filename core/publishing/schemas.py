"""What lines of an import may hold, checked where they come from a file."""

import re
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validates_schema
from marshmallow.exceptions import ValidationError

from core.publishing.body import LONGEST_BODY
from core.publishing.rules import VALIDITY_WORDS

MOST_PUBLICITY_DAYS = 3650
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")


class Text(fields.Field[str]):
    """A text: invisible control characters go, ends are trimmed, at most so many characters."""

    def __init__(self, most: int, *, lines: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._most = most
        self._lines = lines

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValidationError(_("must be a text"))
        text = _CONTROLS.sub("", str(value)).strip()
        if _SURROGATES.search(text):
            raise ValidationError(_("holds characters that are none"))
        if not self._lines:
            text = _BLANKS.sub(" ", text)
        if len(text) > self._most:
            raise ValidationError(_("has more than %(n)s characters", n=self._most))
        return text


class Day(fields.Field[date | None]):
    """An ISO 8601 day; nothing where the text is empty."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> date | None:
        if value == "":
            return None
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError as error:
            raise ValidationError(_("must be a date as 2026-01-31")) from error


class Moment(fields.Field[date | datetime | None]):
    """An ISO 8601 day, or a moment of one."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> date | datetime | None:
        text = str(value).strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(_("must be a date as 2026-01-31")) from error


class Validity(fields.Field[str]):
    """有效性 in Chinese or as our own word."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str:
        validity = VALIDITY_WORDS.get(str(value).strip())
        if validity is None:
            raise ValidationError(_("is no validity: 有效, 失效 or 废止"))
        return validity


class FileSchema(Schema):
    """A file beside the import file."""

    class Meta:
        unknown = EXCLUDE

    path = Text(500, required=True, error_messages={"required": _l("is missing")})
    name = Text(150)
    alt = Text(200, load_default="")


class LineSchema(Schema):
    """One line of an import; all but the title and the text may be missing or null."""

    class Meta:
        unknown = EXCLUDE

    id = Text(100)
    tenant = Text(12)
    title = Text(300, required=True, error_messages={"required": _l("is missing")})
    body = Text(LONGEST_BODY, lines=True)
    body_html = Text(LONGEST_BODY, lines=True)
    publisher = Text(100)
    item_id = Text(80)
    domain = Text(100)
    summary = Text(500)
    genre = Text(40)
    theme = Text(100)
    source = Text(200)
    doc_no = Text(100)
    index_no = Text(100)
    written_date = Day()
    issued_date = Day()
    publish_date = Moment()
    status = Validity()
    publicity_days = fields.Integer(strict=True)
    interprets = fields.Raw()
    attachments = fields.List(fields.Nested(FileSchema))

    error_messages = {"type": _l("must be an object")}  # noqa: RUF012 - the library's own name

    @pre_load
    def _drop_null(self, data: Any, **_options: Any) -> Any:
        """Null says the same as a missing value."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None}

    @validates_schema(skip_on_field_errors=True)
    def _complete(self, data: dict[str, Any], **_options: Any) -> None:
        if not data["title"]:
            raise ValidationError(_("is missing"), "title")
        if not (data.get("body") or data.get("body_html")):
            raise ValidationError(_("is missing"), "body")
        days = data.get("publicity_days")
        if days is not None and not 1 <= days <= MOST_PUBLICITY_DAYS:
            raise ValidationError(_("must be a number of days"), "publicity_days")
        if not isinstance(data.get("interprets", ""), str | int | list):
            raise ValidationError(_("must be an id, or a list of ids"), "interprets")

    @post_load
    def _lists(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """One id is a list of one."""
        told = data.get("interprets", [])
        data["interprets"] = [str(one) for one in (told if isinstance(told, list) else [told])]
        return data


def complaints(error: ValidationError) -> str:
    """What is wrong with a line, field by field, in one sentence."""
    return "; ".join(_complaints(error.messages))


def _complaints(messages: Any, path: str = "") -> list[str]:
    if isinstance(messages, dict):
        found: list[str] = []
        for name, below in messages.items():
            inner = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            found += _complaints(below, inner)
        return found
    text = ", ".join(str(message) for message in messages)
    return [f"{path}: {text}" if path else text]
