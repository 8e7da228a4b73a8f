"""Kinds of input fields that only points have: telephone numbers, a position, a field of a type."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError

from core.sdk import OFFICE_PHONES, fields, parse_phone

from ..domain.point_types import FieldKind, TypeField
from ..i18n import _

MOST_PHONES = 6
LONGEST_NOTE = 60
_PARTED = re.compile(r"[\n;；、]|(?<=[0-9])\s*[,，/／]\s*(?=[0-9(（][0-9\s\-－)）]{6})")
_NUMBER = re.compile(r"[+(（0-9][0-9\s\-－—()（）]{1,24}[0-9]")
_PAIR = re.compile(r"[^0-9\-.]*(-?[0-9]{1,3}(?:\.[0-9]+)?)[^0-9\-.]+(-?[0-9]{1,3}(?:\.[0-9]+)?)\D*")


class PhonesField(fields.InputField[list[dict[str, str]]]):
    """One telephone number a line, with a note behind it: 0999-5551000 夜间值班."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.default = []

    def parse(self, typed: str) -> list[dict[str, str]]:
        return parse_phones(typed)

    def show(self, value: Sequence[Mapping[str, str]] | None) -> str:
        return "\n".join(f"{each['number']} {each['note']}".strip() for each in value or ())


def parse_phones(typed: str) -> list[dict[str, str]]:
    """Parse telephone numbers with their notes; raises `ValidationError`."""
    phones = [_parse_line(" ".join(line.split())) for line in _PARTED.split(typed) if line.strip()]
    if len(phones) > MOST_PHONES:
        raise ValidationError(_("At most %(n)s telephone numbers.", n=MOST_PHONES))
    return phones


def _parse_line(line: str) -> dict[str, str]:
    found = _NUMBER.search(line)
    dial = parse_phone(found[0], OFFICE_PHONES) if found else None
    if found is None or dial is None:
        raise ValidationError(_("This is no telephone number: %(text)s", text=line[:60]))
    note = (line[: found.start()] + line[found.end() :]).strip(" :：()（）,，-")
    return {"number": found[0].strip(), "dial": dial, "note": note[:LONGEST_NOTE]}


class PositionField(fields.InputField[tuple[float, float]]):
    """Two numbers, as a map on a phone copies them; in the order in which they were typed."""

    def parse(self, typed: str) -> tuple[float, float]:
        pair = parse_pair(typed)
        if pair is None:
            raise ValueError(typed)
        return pair

    def show(self, value: tuple[float, float] | None) -> str:
        return "" if value is None else f"{value[0]:.6f},{value[1]:.6f}"

    def explain(self) -> str:
        return str(_("Enter longitude and latitude, such as 106.601234,35.901234."))


def parse_pair(typed: str) -> tuple[float, float] | None:
    """Parse two numbers in degrees, with whatever a map writes around them."""
    found = _PAIR.fullmatch(typed.strip())
    return (float(found[1]), float(found[2])) if found else None


def to_input(field: TypeField) -> fields.InputField[Any]:
    """Make the input field for a field of a type."""
    if field.kind is FieldKind.NUMBER:
        return fields.NumberField(0, 1_000_000)
    if field.kind is FieldKind.YES_NO:
        return fields.TickField()
    if field.kind is FieldKind.CHOICE:
        return fields.ChoiceField(field.choices)
    return fields.LineField(200)
