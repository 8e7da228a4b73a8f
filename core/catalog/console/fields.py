"""Form controls for the fields of an item, and the way back from form data to values.

Form data travels as `Typed`, so that a refused form is shown again unchanged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from core.bounds import clean_text
from core.catalog.domain.changes import JsonValue
from core.catalog.labels import FIELD_LABELS, LEVEL_LABELS, MODE_LABELS
from core.catalog.schemas import EVERYONE, GROUP
from core.web.forms.fields import Files, InputField
from core.web.forms.form import Form

MOST_CHOSEN = 50

_LINES = frozenset({"content_elements", "legal_basis", "responsible_organ", "channels"})
_KINDS = {"audience": "audience", "mode": "radios", "levels": "checks", "extra": "lines"}
_HINTS = {
    "content_elements": _l("One element a line."),
    "legal_basis": _l("One document a line: 《name》(number)."),
    "responsible_organ": _l("One organ a line."),
    "channels": _l("One channel a line, by its official name; others as 其他:…"),
    "time_limit": _l("As the official table says it, e.g. within 20 working days of …"),
    "extra": _l("One column a line, as name: text."),
}
AUDIENCE_LABELS = {EVERYONE: _l("The whole society"), GROUP: _l("Particular groups")}


@dataclass(frozen=True, slots=True)
class Typed:
    """Form data of one control: its text (one line per entry) and the selected options."""

    text: str = ""
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlOption:
    """An option of a select or radio control."""

    value: str
    label: str | LazyString


@dataclass(frozen=True, slots=True)
class FieldControl:
    """The control of one field: `name` of the input, `kind` selects the template macro."""

    name: str
    field: str
    label: str | LazyString
    kind: str
    typed: Typed
    options: tuple[ControlOption, ...] = ()
    hint: str | LazyString | None = None
    error: str | None = None


def build_control(
    field: str, typed: Typed, *, name: str = "", error: str | None = None
) -> FieldControl:
    """Build the control of a field, filled with the typed data."""
    kind = _KINDS.get(field, "lines" if field in _LINES else "text")
    return FieldControl(
        name or field,
        field,
        FIELD_LABELS[field],
        kind,
        typed,
        _options(field),
        _HINTS.get(field),
        error,
    )


def build_controls(
    fields: Sequence[str], values: Mapping[str, Typed], errors: Mapping[str, str]
) -> list[FieldControl]:
    """Build the controls of several fields, each with its error message."""
    return [
        build_control(field, values.get(field, Typed()), error=errors.get(field))
        for field in fields
    ]


def to_typed(field: str, value: JsonValue) -> Typed:
    """Convert a value to the form data that shows it."""
    if isinstance(value, Mapping):
        return _typed_object(field, value)
    if isinstance(value, list | tuple):
        parts = tuple(str(part) for part in value)
        return Typed(chosen=parts) if field == "levels" else Typed("\n".join(parts))
    if value is None:
        return Typed()
    return Typed(chosen=(str(value),)) if field == "mode" else Typed(str(value))


def _typed_object(field: str, value: Mapping[str, JsonValue]) -> Typed:
    if field == "audience":
        return Typed(str(value.get("text") or ""), (str(value.get("kind") or ""),))
    if field == "time_limit":
        return Typed(str(value.get("raw") or ""))
    return Typed("\n".join(f"{name}: {text or ''}" for name, text in value.items()))


class ItemField(InputField[Typed]):
    """The control of an item's field; `to_value` and `check_fields` make a value of it."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field

    def gather(self, name: str, posted: MultiDict[str, str], files: Files) -> Typed:
        del files
        chosen = tuple(clean_text(each) for each in posted.getlist(name)[:MOST_CHOSEN])
        if self.field == "audience":
            return Typed(clean_text(posted.get(f"{name}-text", "")), chosen)
        if self.field in {"levels", "mode"}:
            return Typed(chosen=chosen)
        return Typed(clean_text(posted.get(name, "")))

    def parse(self, typed: Typed) -> Typed:
        return typed

    def show(self, value: Typed | None) -> Typed:
        return value or Typed()


def read_typed(fields: Mapping[str, str]) -> dict[str, Typed]:
    """Read the posted form data of fields, by the names of their controls."""
    controls = {name: ItemField(field) for name, field in fields.items()}
    return Form.extend(controls).read().values


def to_value(field: str, typed: Typed) -> JsonValue:
    """Convert form data to a value; empty means unknown. `check_fields` validates it."""
    text = typed.text.strip()
    if field == "audience":
        kind = typed.chosen[0] if typed.chosen else None
        return {"kind": kind, "text": text or None if kind == GROUP else None} if kind else None
    if field == "levels":
        return [level for level in LEVEL_LABELS if level in typed.chosen] or None
    if field == "mode":
        return typed.chosen[0] if typed.chosen else None
    if field == "time_limit":
        return {"raw": text, "rule": None} if text else None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if field == "extra":
        return dict(_pair(line) for line in lines) or None
    return (lines or None) if field in _LINES else text or None


def _pair(line: str) -> tuple[str, str | None]:
    name, _, text = line.replace("\N{FULLWIDTH COLON}", ":", 1).partition(":")
    return name.strip(), text.strip() or None


def _options(field: str) -> tuple[ControlOption, ...]:
    labels = {"audience": AUDIENCE_LABELS, "mode": MODE_LABELS, "levels": LEVEL_LABELS}.get(field)
    return tuple(ControlOption(value, label) for value, label in (labels or {}).items())
