"""Settings that a plugin declares as a marshmallow schema, as fields of a form.

Five kinds of fields are known: one line of text, a whole number, a box to tick, a secret, a
document (a long text, pasted or from a file). Their values are stored as JSON as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, fields, missing
from marshmallow.exceptions import ValidationError
from marshmallow.validate import Length, Range

from core.bounds import MOST_DIGITS
from core.plugins.api.manifest import Label, Manifest


class Kind(StrEnum):
    """How a setting is asked for."""

    TEXT = "text"
    NUMBER = "number"
    CHECK = "check"
    DOCUMENT = "document"
    SECRET = "secret"  # noqa: S105 - the name of a kind of control


_KINDS: tuple[tuple[type[fields.Field[Any]], Kind], ...] = (
    (fields.Boolean, Kind.CHECK),
    (fields.Integer, Kind.NUMBER),
    (fields.String, Kind.TEXT),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a plugin: its name, its field, and how to ask for it."""

    name: str
    field: fields.Field[Any]
    kind: Kind
    label: Label
    help: Label
    accept: str = ""

    @property
    def is_secret(self) -> bool:
        """Whether the value is never shown."""
        return self.kind is Kind.SECRET

    @property
    def default(self) -> Any:
        """The value where nobody chose one."""
        return self.field.load_default


def settings_in(manifest: Manifest) -> tuple[Setting, ...]:
    """List the settings that a plugin declares, in its own order."""
    return _declared(manifest.settings) if manifest.settings else ()


@cache
def _declared(schema: type[Schema]) -> tuple[Setting, ...]:
    return tuple(_build(name, field) for name, field in schema().fields.items())


def _build(name: str, field: fields.Field[Any]) -> Setting:
    kind = next((kind for type_, kind in _KINDS if isinstance(field, type_)), None)
    if kind is None:
        raise TypeError(f"the setting {name} is no String, Integer or Boolean")
    if field.load_default is missing:
        raise TypeError(f"the setting {name} has no load_default")
    told = field.metadata
    kind = Kind.SECRET if told.get("secret") else Kind.DOCUMENT if told.get("file") else kind
    label, hint = told.get("label", name), told.get("help", "")
    return Setting(name, field, kind, label, hint, told.get("file", ""))


def parse(setting: Setting, typed: str) -> str | int | bool:
    """Convert what was typed to the value to store; raises `ValidationError` in words for people.

    The plugin's own error texts win over ours.
    """
    value = _convert(setting, typed)
    for rule in setting.field.validators:
        try:
            rule(value)
        except ValidationError as error:
            if isinstance(rule, Range | Length) and rule.error is None:
                raise ValidationError(describe_rule(rule)) from error
            raise
    return value


def _convert(setting: Setting, typed: str) -> str | int | bool:
    if setting.kind is Kind.CHECK:
        return typed == "1"
    if setting.kind is not Kind.NUMBER:
        return typed
    if not typed:
        raise ValidationError(_("Enter a value."))
    if not re.fullmatch(rf"-?[0-9]{{1,{MOST_DIGITS}}}", typed):
        raise ValidationError(_("Enter a whole number."))
    return int(typed)


def describe_rule(rule: Range | Length) -> str:
    """Say which numbers are allowed, or how long a text may be."""
    if isinstance(rule, Length):
        return str(_("At most %(n)s characters.", n=rule.max or rule.equal))
    if rule.max is None:
        return str(_("At least %(least)s.", least=rule.min))
    if rule.min is None:
        return str(_("At most %(most)s.", most=rule.max))
    return str(_("From %(least)s to %(most)s.", least=rule.min, most=rule.max))


def build_hint(setting: Setting) -> str:
    """Build what stands beside the control: the plugin's help, and which numbers are allowed."""
    return " ".join(_hints(setting))


def _hints(setting: Setting) -> Iterator[str]:
    if setting.help:
        yield str(setting.help)
    for rule in setting.field.validators:
        if isinstance(rule, Range):
            yield describe_rule(rule)
