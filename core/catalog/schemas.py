"""Validation of item and domain fields that come from people and files."""

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from core.bounds import clean_text
from core.catalog.domain.changes import FIELDS, LIST_FIELDS, Fields, JsonValue
from core.errors import Invalid

LEVELS = ("city", "county", "township", "village")
MODES = ("proactive", "on_request")
EVERYONE = "everyone"
GROUP = "group"

_LEVEL_WORDS = {
    "市级": "city",
    "县级": "county",
    "区级": "county",
    "乡级": "township",
    "镇级": "township",
    "村级": "village",
}
_MODE_WORDS = {"主动": "proactive", "主动公开": "proactive"} | dict.fromkeys(
    ("依申请", "依申请公开"), "on_request"
)
_TEXT_LIMIT = 4_000
# What `catalog show` says of an item beside its fields: nothing that defining it could change.
_ANSWERED = frozenset({"domain_name", "defined_by", "locked", "origin"})
_TYPED = frozenset({*LIST_FIELDS, "time_limit", "audience", "mode"})


class _Text(fields.String):
    """Text of a cell: trimmed, without control characters, of bounded length."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(*args, **kwargs)
        if not is_text(text):
            raise ValidationError("half of a character")
        return validate.Length(max=_TEXT_LIMIT)(clean_text(text).strip())


class TimeLimitSchema(Schema):
    """公开时限: the phrase, and the rule it was read into."""

    raw = _Text(required=True, validate=validate.Length(min=1))
    rule = fields.Raw(load_default=None, allow_none=True)


class AudienceSchema(Schema):
    """公开对象: everyone, or a group in words."""

    kind = fields.String(required=True, validate=validate.OneOf((EVERYONE, GROUP)))
    text = _Text(load_default=None, allow_none=True)


def _texts() -> fields.List[Any]:
    return fields.List(_Text(validate=validate.Length(min=1)), allow_none=True)


class CatalogItemSchema(Schema):
    """The fields of an item; any may be missing, null is unknown."""

    class Meta:
        unknown = RAISE

    domain = _Text()
    seq = _Text(allow_none=True)
    level1 = _Text(allow_none=True)
    level2 = _Text(allow_none=True)
    level3 = _Text(allow_none=True)
    content_elements = _texts()
    legal_basis = _texts()
    time_limit = fields.Nested(TimeLimitSchema, allow_none=True)
    responsible_organ = _texts()
    channels = _texts()
    audience = fields.Nested(AudienceSchema, allow_none=True)
    mode = fields.String(validate=validate.OneOf(MODES), allow_none=True)
    levels = fields.List(fields.String(validate=validate.OneOf(LEVELS)), allow_none=True)
    extra = fields.Dict(keys=fields.String(), values=_Text(allow_none=True), allow_none=True)


class CatalogDomainSchema(Schema):
    """A domain as defined in a document."""

    class Meta:
        unknown = RAISE

    name = _Text(load_default="")
    key = _Text(allow_none=True)
    title = _Text(allow_none=True)
    aliases = fields.List(_Text(validate=validate.Length(min=1)), allow_none=True)
    order = fields.Integer(strict=True, allow_none=True)


_SCHEMA = CatalogItemSchema()
_DOMAIN = CatalogDomainSchema()


def is_text(text: str) -> bool:
    """Return whether a text is valid Unicode: half a surrogate pair cannot be stored."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def check_domain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Validate the definition of a domain; raises `Invalid` by field."""
    try:
        loaded: dict[str, Any] = _DOMAIN.load(dict(values))
    except ValidationError as error:
        wrong = ", ".join(str(name) for name in error.messages_dict)
        message = _("A domain has name, key, title, aliases and order: %(wrong)s", wrong=wrong)
        raise Invalid({"domains": message}) from error
    return loaded


def check_fields(values: Mapping[str, Any]) -> Fields:
    """Validate field values and return them as stored; raises `Invalid` by field.

    Empty texts and lists mean unknown and become null.
    """
    try:
        loaded: dict[str, Any] = _SCHEMA.load(dict(values))
    except ValidationError as error:
        raise Invalid(_by_field(error)) from error
    return {name: None if value in ("", []) else value for name, value in loaded.items()}


def complete_fields(values: Mapping[str, Any]) -> Fields:
    """Validate the fields of a new item: all keys present, at least one of three names."""
    loaded = check_fields(values)
    if not any(loaded.get(name) for name in ("level1", "level2", "level3")):
        raise Invalid({"level1": _("An item needs a name.")})
    return {name: loaded.get(name) for name in FIELDS}


def parse_value(name: str, text: str) -> JsonValue:
    """Parse a value typed after `FIELD=`; raises `Invalid` for an unknown field.

    List fields split at `;`; an empty text is unknown; levels and mode may be said in Chinese.
    """
    if name not in FIELDS:
        raise Invalid({name: _("There is no field %(name)s.", name=name)}, where=name)
    return check_fields({name: _typed(name, text.strip())})[name]


def to_definition(values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert a document (as printed by `catalog show`) to item fields; texts also as typed."""
    return {
        name: _typed(name, value.strip()) if isinstance(value, str) and name in _TYPED else value
        for name, value in values.items()
        if name not in _ANSWERED
    }


def _typed(name: str, text: str) -> Any:
    if not text:
        return None
    if name in LIST_FIELDS:
        parts = [part.strip() for part in text.split(";") if part.strip()]
        return [_LEVEL_WORDS.get(part, part) for part in parts] if name == "levels" else parts
    if name == "time_limit":
        return {"raw": text, "rule": None}
    if name == "audience":
        return _audience(text)
    if name == "mode":
        return _MODE_WORDS.get(text, text)
    return _object(text) if name == "extra" else text


def _audience(text: str) -> dict[str, str | None]:
    if text in {EVERYONE, "全社会"}:
        return {"kind": EVERYONE, "text": None}
    group = (
        text.removeprefix("特定群体").removeprefix(":").removeprefix("\N{FULLWIDTH COLON}").strip()
    )
    return {"kind": GROUP, "text": group or None}


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        message = _('Write the extra columns as a JSON object: {"column": "text"}.')
        raise Invalid({"extra": message}) from error


def _by_field(error: ValidationError) -> dict[str, str]:
    return {str(name): _complaint(str(name)) for name in error.messages_dict}


def _complaint(name: str) -> str:
    """Describe what a field may hold, as the error message."""
    if name not in FIELDS:
        return str(_("There is no field %(name)s.", name=name))
    form = _FORMS.get(name, _TEXTS if name in LIST_FIELDS else _TEXT_OR_NULL)
    return str(_("%(name)s must be %(form)s.", name=name, form=form))


_TEXTS = _l("a list of texts, or null")
_TEXT_OR_NULL = _l("a text, or null")
_FORMS = {
    "domain": _l("the key or name of a domain"),
    "mode": _l("proactive or on_request"),
    "levels": _l("a list of city, county, township, village"),
    "audience": _l("an object with kind (everyone or group) and text"),
    "time_limit": _l("an object with raw (the phrase) and rule"),
    "extra": _l("an object of texts by column name"),
}
