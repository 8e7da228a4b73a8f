"""Rules of the registration form: its questions, and what is wrong with an answer."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# Makes the stored form of what was typed, `None` where it is none.
Parser = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A field of the registration form, as the rules need it."""

    key: str
    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    condition_key: str | None = None
    condition_value: str = ""


class FieldFault(StrEnum):
    """What is wrong with an answer."""

    MISSING = "missing"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_BIG = "too_big"
    NOT_A_DATE = "not_a_date"
    NOT_A_PHONE = "not_a_phone"
    NOT_AN_ID_NUMBER = "not_an_id_number"
    TOO_LONG = "too_long"


LONGEST_ANSWER = 500
YEARS = range(1900, 2200)


def check_answers(
    questions: Sequence[FormQuestion], given: Mapping[str, str], parsers: Mapping[str, Parser]
) -> tuple[dict[str, str], dict[str, FieldFault]]:
    """Return clean answers and faults by key. A question whose condition fails is not asked.

    Conditions look at the answers to earlier questions only, so the order is the order asked.
    `parsers` read phones (`phone`) and identity numbers (`id_number`).
    """
    clean: dict[str, str] = {}
    faults: dict[str, FieldFault] = {}
    for question in questions:
        if question.condition_key and clean.get(question.condition_key) != question.condition_value:
            continue
        value = given.get(question.key, "").strip()
        found = _read_answer(question, value, parsers)
        if isinstance(found, FieldFault):
            faults[question.key] = found
        elif found:
            clean[question.key] = found
    return clean, faults


def _read_answer(
    question: FormQuestion, value: str, parsers: Mapping[str, Parser]
) -> str | FieldFault:
    if not value:
        return FieldFault.MISSING if question.required else ""
    if len(value) > LONGEST_ANSWER:
        return FieldFault.TOO_LONG
    if question.kind in _UNREADABLE:
        return parsers[question.kind](value) or _UNREADABLE[question.kind]
    return _READERS[question.kind](question, value)


def _read_choice(question: FormQuestion, value: str) -> str | FieldFault:
    return value if value in question.choices else FieldFault.NOT_A_CHOICE


def _read_number(question: FormQuestion, value: str) -> str | FieldFault:
    plain = unicodedata.normalize("NFKC", value)
    if not re.fullmatch(r"-?[0-9]{1,9}", plain):
        return FieldFault.NOT_A_NUMBER
    number = int(plain)
    if question.minimum is not None and number < question.minimum:
        return FieldFault.TOO_SMALL
    if question.maximum is not None and number > question.maximum:
        return FieldFault.TOO_BIG
    return str(number)


def _read_date(_question: FormQuestion, value: str) -> str | FieldFault:
    try:
        day = datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - no time
    except ValueError:
        return FieldFault.NOT_A_DATE
    return day.isoformat() if day.year in YEARS else FieldFault.NOT_A_DATE


_READERS: dict[str, Callable[[FormQuestion, str], str | FieldFault]] = {
    "text": lambda _question, value: value,
    "number": _read_number,
    "choice": _read_choice,
    "checkbox": lambda _question, _value: "yes",
    "date": _read_date,
}
_UNREADABLE = {"phone": FieldFault.NOT_A_PHONE, "id_number": FieldFault.NOT_AN_ID_NUMBER}
