"""Telephone numbers of offices as people type them: several, each with a note."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from core.identifiers import OFFICE_PHONES, parse_phone
from core.web.forms.fields import InputField

MOST_PHONES = 6
LONGEST_NOTE = 60
_PARTED = re.compile(r"[\n;；、]|(?<=[0-9])\s*[,，/／]\s*(?=[0-9(（][0-9\s\-－)）]{6})")
_NUMBER = re.compile(r"[+(（0-9][0-9\s\-－—()（）]{1,24}[0-9]")


class PhonesField(InputField[list[dict[str, str]]]):
    """One telephone number a line, with a note behind it: 0999-5551000 夜间值班."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.default = []

    def parse(self, typed: str) -> list[dict[str, str]]:
        return parse_phones(typed)

    def show(self, value: Sequence[Mapping[str, str]] | None) -> str:
        return "\n".join(f"{each['number']} {each['note']}".strip() for each in value or ())


def parse_phones(typed: str) -> list[dict[str, str]]:
    """Parse telephone numbers: `number` as written, `dial` as it is called, `note`.

    Raises `ValidationError`, which is no `ValueError`, with words for people.
    """
    phones = [_parse_line(" ".join(line.split())) for line in _PARTED.split(typed) if line.strip()]
    if len(phones) > MOST_PHONES:
        raise ValidationError(_("At most %(n)s telephone numbers.", n=MOST_PHONES))
    return phones


def parse_phones_of_list(text: str) -> list[dict[str, str]]:
    """Parse a cell of a list; raises `ValueError` with words for people, as lists want it."""
    try:
        return parse_phones(text)
    except ValidationError as error:
        raise ValueError(str(error.messages[0])) from error


def _parse_line(line: str) -> dict[str, str]:
    found = _NUMBER.search(line)
    dial = parse_phone(found[0], OFFICE_PHONES) if found else None
    if found is None or dial is None:
        raise ValidationError(_("This is no telephone number: %(text)s", text=line[:60]))
    note = (line[: found.start()] + line[found.end() :]).strip(" :：()（）,，-")
    return {"number": found[0].strip(), "dial": dial, "note": note[:LONGEST_NOTE]}
