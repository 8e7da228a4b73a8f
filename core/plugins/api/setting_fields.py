"""Settings that a plugin declares as a marshmallow schema, as fields of a form.

A nested schema is taken apart: its fields are called `outer.inner`, and each is inherited by
itself. What is stored is the serialised value, so that it outlives the process as JSON.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, fields, missing
from marshmallow.exceptions import ValidationError
from marshmallow.validate import URL, Email, Length, OneOf, Range

from core.plugins.api.manifest import Label, Manifest


class Kind(StrEnum):
    """How a setting is asked for."""

    TEXT = "text"
    LONG = "long"
    LINES = "lines"
    NUMBER = "number"
    CHECK = "check"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    URL = "url"
    EMAIL = "email"
    SECRET = "secret"  # noqa: S105 - the name of a kind of control


_KINDS: tuple[tuple[type[fields.Field[Any]], Kind], ...] = (
    (fields.Boolean, Kind.CHECK),
    (fields.Number, Kind.NUMBER),
    (fields.Date, Kind.DATE),
    (fields.Url, Kind.URL),
    (fields.Email, Kind.EMAIL),
    (fields.List, Kind.LINES),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One of several values to choose from."""

    value: str
    label: Label


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a plugin: its path, its field, and how to ask for it."""

    name: str
    field: fields.Field[Any]
    kind: Kind
    label: Label
    help: Label = ""
    group: Label = ""
    options: tuple[Option, ...] = ()

    @property
    def secret(self) -> bool:
        return self.kind is Kind.SECRET

    @property
    def default(self) -> Any:
        """The typed value where nobody chose one."""
        given = self.field.load_default
        if given is missing:
            return None
        return given() if callable(given) else given

    def stored(self, value: Any) -> Any:
        """A typed value as JSON."""
        return self.field.serialize(self.name, {self.name: value}, _plain)

    def typed(self, stored: Any) -> Any:
        """The typed value of what is stored; raises `ValidationError` where it fits no more."""
        if stored is None:
            return None
        return self.field.deserialize(stored)


def _plain(values: Mapping[str, Any], name: str, default: Any) -> Any:
    return values.get(name, default)


def settings_in(manifest: Manifest) -> tuple[Setting, ...]:
    """Every setting that a plugin declares, nested ones taken apart, in its own order."""
    return _declared(manifest.settings) if manifest.settings else ()


@cache
def _declared(schema: type[Schema]) -> tuple[Setting, ...]:
    return tuple(_walk(schema(), "", ""))


def _walk(schema: Schema, prefix: str, group: Label) -> Iterator[Setting]:
    for name, field in schema.fields.items():
        label = field.metadata.get("label", name)
        if isinstance(field, fields.Nested) and not field.many:
            yield from _walk(field.schema, f"{prefix}{name}.", label)
        else:
            yield _setting(f"{prefix}{name}", field, label, group)


def _setting(name: str, field: fields.Field[Any], label: Label, group: Label) -> Setting:
    options = _options(field)
    help_ = field.metadata.get("help", "")
    return Setting(name, field, _kind(field, options), label, help_, group, options)


def _kind(field: fields.Field[Any], options: tuple[Option, ...]) -> Kind:
    if field.metadata.get("secret"):
        return Kind.SECRET
    if options:
        return Kind.CHOICES if isinstance(field, fields.List) else Kind.CHOICE
    kind = next((kind for type_, kind in _KINDS if isinstance(field, type_)), Kind.TEXT)
    return Kind.LONG if kind is Kind.TEXT and field.metadata.get("long") else kind


def _options(field: fields.Field[Any]) -> tuple[Option, ...]:
    inner = field.inner if isinstance(field, fields.List) else field
    for rule in inner.validators:
        if isinstance(rule, OneOf):
            pairs = zip_longest(rule.choices, rule.labels)
            return tuple(Option(str(value), label or str(value)) for value, label in pairs)
    return ()


def shown(setting: Setting, stored: Any) -> str | list[str]:
    """A stored value as its control holds it."""
    if stored is None:
        return [] if setting.kind is Kind.CHOICES else ""
    if setting.kind is Kind.CHOICES:
        return [str(each) for each in stored]
    if setting.kind is Kind.LINES:
        return "\n".join(str(each) for each in stored)
    if setting.kind is Kind.CHECK:
        return "1" if stored else ""
    return str(stored)


def parse(setting: Setting, typed: str | list[str]) -> Any:
    """The value to store of what was typed; raises `ValidationError` with texts for people."""
    if isinstance(typed, str) and not typed:
        given = setting.field.load_default
        if setting.field.allow_none or given is None:
            return None
        if given == "":
            return ""
        if setting.kind in _NEVER_EMPTY:
            raise ValidationError(_("Enter a value."))
    return setting.stored(_checked(setting.field, _raw(setting, typed)))


_NEVER_EMPTY = {Kind.NUMBER, Kind.DATE, Kind.URL, Kind.EMAIL, Kind.CHOICE}


def _raw(setting: Setting, typed: str | list[str]) -> Any:
    if setting.kind is Kind.CHECK:
        return typed == "1"
    if setting.kind is Kind.LINES and isinstance(typed, str):
        return [line.strip() for line in typed.splitlines() if line.strip()]
    return typed


def _checked(field: fields.Field[Any], raw: Any) -> Any:
    """The typed value, in steps: each fault gets our words unless the plugin has its own."""
    bare = copy(field)
    bare.validators = []
    bare.error_messages = {**field.error_messages, **_own_words(field)}
    if isinstance(field, fields.List) and isinstance(bare, fields.List):
        value: Any = [_checked(field.inner, each) for each in raw]
    else:
        value = bare.deserialize(raw)
    for rule in field.validators:
        try:
            rule(value)
        except ValidationError as error:
            told = bare.error_messages["invalid"] if isinstance(rule, URL | Email) else None
            raise ValidationError(told or _words_of(rule, error)) from error
    return value


def _own_words(field: fields.Field[Any]) -> dict[str, str]:
    """Our words for a value of the wrong type, where the plugin keeps the library's."""
    words = {
        fields.Integer: _("Enter a whole number."),
        fields.Number: _("Enter a number."),
        fields.Date: _("Enter a date as 2026-01-31."),
        fields.Url: _("Enter a web address that begins with https:// or http://."),
        fields.Email: _("Enter an e-mail address as name@example.com."),
    }
    text = next((text for type_, text in words.items() if isinstance(field, type_)), None)
    standard = type(field).default_error_messages.get("invalid")
    if text is None or field.error_messages.get("invalid") != standard:
        return {}
    return {"invalid": text, "required": _("Enter a value."), "null": _("Enter a value.")}


def _words_of(rule: Any, error: ValidationError) -> str:
    own = getattr(rule, "error", None) is not None
    if isinstance(rule, Range) and not own:
        return bounds(rule)
    if isinstance(rule, Length) and not own:
        return _length(rule)
    if isinstance(rule, OneOf) and rule.error == OneOf.default_message:
        return str(_("Choose one of those offered."))
    return " ".join(str(message) for message in error.messages)


def bounds(rule: Range) -> str:
    """What numbers (or dates) are allowed."""
    if rule.max is None:
        text = _("At least %(least)s.", least=rule.min)
    elif rule.min is None:
        text = _("At most %(most)s.", most=rule.max)
    else:
        text = _("From %(least)s to %(most)s.", least=rule.min, most=rule.max)
    return str(text)


def _length(rule: Length) -> str:
    least = rule.equal or rule.min
    if rule.max is None:
        text = _("At least %(n)s characters or entries.", n=least)
    elif not least:
        text = _("At most %(n)s characters or entries.", n=rule.max)
    else:
        text = _("From %(least)s to %(most)s characters or entries.", least=least, most=rule.max)
    return str(text)


def hint_of(setting: Setting) -> str:
    """What stands beside the control: the plugin's help, and what the rules allow."""
    parts = [str(setting.help)] if setting.help else []
    parts += [bounds(rule) for rule in setting.field.validators if isinstance(rule, Range)]
    if setting.kind is Kind.LINES:
        parts.append(_("One on each line."))
    return " ".join(parts)


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Values by path as the schema has them: `{"outer.inner": 1}` → `{"outer": {"inner": 1}}`."""
    whole: dict[str, Any] = {}
    for path, value in flat.items():
        *outer, name = path.split(".")
        part = whole
        for step in outer:
            part = part.setdefault(step, {})
        part[name] = value
    return whole


def flat_messages(messages: Any, prefix: str = "") -> dict[str, str]:
    """A schema's complaints by path; those about the whole are under its own name, `_schema`."""
    if not isinstance(messages, dict):
        texts = messages if isinstance(messages, list) else [messages]
        return {prefix.rstrip("."): " ".join(map(str, texts))}
    found: dict[str, str] = {}
    for name, inner in messages.items():
        found |= flat_messages(inner, f"{prefix}{name}.")
    return found
