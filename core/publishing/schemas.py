"""Validation of import lines."""

import re
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, fields, post_load, pre_load, validates_schema
from marshmallow.exceptions import ValidationError
from marshmallow.validate import OneOf

from core.bounds import clean_text
from core.clock import local_day
from core.publishing.body.convert import LONGEST_BODY
from core.publishing.lists.domain.model import ListData
from core.publishing.lists.reading.given import parse_given_list
from core.publishing.printed import parse_printed
from core.publishing.rules import DAY_KINDS, VALIDITY_WORDS

MOST_PUBLICITY_DAYS = 3650
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")


class ImportText(fields.Field[str]):
    """A text: control characters removed, trimmed, of bounded length."""

    def __init__(self, most: int, *, lines: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._most = most
        self._lines = lines

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValidationError(_("must be a text"))
        if _SURROGATES.search(str(value)):
            raise ValidationError(_("holds characters that are none"))
        text = clean_text(str(value)).strip()
        if not self._lines:
            text = _BLANKS.sub(" ", text)
        if len(text) > self._most:
            raise ValidationError(_("has more than %(n)s characters", n=self._most))
        return text


class ImportMoment(fields.Field[date | datetime | None]):
    """A day or moment as pages print it, of 1900 to 2199; `None` if the text is empty."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> date | datetime | None:
        text = str(value).strip()
        if not text:
            return None
        try:
            return parse_printed(text)
        except (ValueError, OverflowError) as error:
            raise ValidationError(_("must be a date as 2026-01-31, of 1900 to 2199")) from error


class ImportDay(ImportMoment):
    """A day, also of a moment."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date | None:
        moment = super()._deserialize(value, *args, **kwargs)
        if isinstance(moment, datetime):
            return local_day(moment) if moment.tzinfo else moment.date()
        return moment


class ImportValidity(fields.Field[str]):
    """有效性 in Chinese, or its stored value."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str:
        validity = VALIDITY_WORDS.get(str(value).strip())
        if validity is None:
            raise ValidationError(_("is no validity: 有效, 失效 or 废止"))
        return validity


class ImportList(fields.Field[ListData]):
    """A list of typed rows."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> ListData:
        try:
            return parse_given_list(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class FileSchema(Schema):
    """A file beside the import file."""

    class Meta:
        unknown = EXCLUDE

    path = ImportText(500, required=True, error_messages={"required": _l("is missing")})
    name = ImportText(150)
    alt = ImportText(200, load_default="")


class LineSchema(Schema):
    """One line of an import; all but title and text may be missing or null."""

    class Meta:
        unknown = EXCLUDE

    id = ImportText(100)
    tenant = ImportText(12)
    title = ImportText(300, required=True, error_messages={"required": _l("is missing")})
    body = ImportText(LONGEST_BODY, lines=True)
    body_html = ImportText(LONGEST_BODY, lines=True)
    list = ImportList()
    publisher = ImportText(100)
    item_id = ImportText(80)
    domain = ImportText(100)
    summary = ImportText(500)
    genre = ImportText(40)
    theme = ImportText(100)
    source = ImportText(200)
    doc_no = ImportText(100)
    index_no = ImportText(100)
    written_date = ImportDay()
    issued_date = ImportDay()
    publish_date = ImportMoment()
    status = ImportValidity()
    publicity_days = fields.Integer(strict=True)
    publicity_day_kind = fields.String(
        validate=OneOf(DAY_KINDS, error=_l("is no kind of days: calendar or working"))
    )
    interprets = fields.Raw()
    carries_out = fields.Raw()
    stage = ImportText(60)
    is_final = fields.Boolean()
    result_due = ImportDay()
    attachments = fields.List(fields.Nested(FileSchema))

    error_messages = {"type": _l("must be an object")}  # noqa: RUF012 - the library's own name

    @pre_load
    def _drop_null(self, data: Any, **_options: Any) -> Any:
        """Treat null like a missing value."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None}

    @validates_schema(skip_on_field_errors=True)
    def _complete(self, data: dict[str, Any], **_options: Any) -> None:
        if not data["title"]:
            raise ValidationError(_("is missing"), "title")
        if not (data.get("body") or data.get("body_html") or data.get("list")):
            raise ValidationError(_("is missing"), "body")
        days = data.get("publicity_days")
        if days is not None and not 1 <= days <= MOST_PUBLICITY_DAYS:
            raise ValidationError(_("must be a number of days"), "publicity_days")
        for name in ("interprets", "carries_out"):
            if not isinstance(data.get(name, ""), str | int | list):
                raise ValidationError(_("must be an id, or a list of ids"), name)

    @post_load
    def _lists(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Turn a single id into a list of one."""
        data["interprets"] = _to_ids(data.get("interprets", []))
        if "carries_out" in data:
            data["carries_out"] = _to_ids(data["carries_out"])
        return data


def _to_ids(told: Any) -> list[str]:
    return [str(one) for one in (told if isinstance(told, list) else [told])]


def complaints(error: ValidationError) -> str:
    """Describe the errors of a line, field by field, in one sentence."""
    return "; ".join(_complaints(error.messages))


def _complaints(messages: Any, path: str = "") -> list[str]:
    if isinstance(messages, dict):
        found: list[str] = []
        for name, below in messages.items():
            inner = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            found += _complaints(below, inner)
        return found
    told = messages if isinstance(messages, list | tuple) else [messages]  # a lazy text alone
    text = ", ".join(map(str, told))
    return [f"{path}: {text}" if path else text]
