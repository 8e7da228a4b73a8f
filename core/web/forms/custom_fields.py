"""Fields that a place adds to a form by itself: words, numbers, yes or no, one of a few choices.

They are stored as JSON; staff type each on a line, such as 窗口数：数字 or 等级：一级/二级.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.web.forms.fields import ChoiceField, InputField, LineField, NumberField, TickField

MOST_NUMBER, LONGEST_TEXT, LONGEST_LABEL = 1_000_000, 200, 40
_PREFIX = "detail_"


class CustomKind(StrEnum):
    """Kinds of fields that a place may add."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"


_WORDS = {CustomKind.NUMBER: "数字", CustomKind.YES_NO: "是否", CustomKind.TEXT: "文字"}


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field; `label` is a word of the data, `choices` those of a choice."""

    key: str
    label: str
    kind: CustomKind = CustomKind.TEXT
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of its control in the form."""
        return _PREFIX + self.key

    def to_json(self) -> dict[str, Any]:
        """Return the field as it is stored."""
        return {"key": self.key, "label": self.label, "kind": self.kind, "choices": [*self.choices]}

    def to_line(self) -> str:
        """Return the field as staff type it."""
        return f"{self.label}：{'/'.join(self.choices) or _WORDS[self.kind]}"

    def to_input(self) -> InputField[Any]:
        """Make its input field."""
        if self.kind is CustomKind.NUMBER:
            return NumberField(0, MOST_NUMBER)
        if self.kind is CustomKind.YES_NO:
            return TickField()
        if self.kind is CustomKind.CHOICE:
            return ChoiceField(self.choices)
        return LineField(LONGEST_TEXT)


def custom_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[CustomField, ...]:
    """Read fields as they are stored."""
    return tuple(
        CustomField(
            each["key"], each["label"], CustomKind(each["kind"]), tuple(each.get("choices", ()))
        )
        for each in stored
    )


def custom_from_line(line: str, known: Sequence[CustomField]) -> CustomField:
    """Read a field as staff type it; those that are known by their label keep their keys."""
    label, _colon, told = re.sub("[:：]", ":", line, count=1).partition(":")
    choices = tuple(part.strip() for part in re.split("[/／]", told) if part.strip())
    kinds = {word: kind for kind, word in _WORDS.items()}
    label = label.strip()[:LONGEST_LABEL]
    key = next((field.key for field in known if field.label == label), "".join(label.split()))
    if len(choices) > 1:
        return CustomField(key, label, CustomKind.CHOICE, choices)
    return CustomField(key, label, kinds.get(told.strip(), CustomKind.TEXT))


def pop_custom_values(fields: Iterable[CustomField], values: dict[str, Any]) -> dict[str, Any]:
    """Take the values of fields out of those of a form; empty ones are left out."""
    found = {field.key: values.pop(field.name) for field in fields}
    return {key: value for key, value in found.items() if value not in (None, "", False)}


def list_custom_values(
    fields: Iterable[CustomField], stored: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield label and value as text of what is said of the fields."""
    for field in fields:
        value = stored.get(field.key)
        if value not in (None, "", False):
            yield field.label, "✓" if value is True else str(value)
