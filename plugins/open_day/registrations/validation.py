"""Validate a registration request. Pure checks, no seats are reserved here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.sdk import Invalid, keyed_digest, parse_id_number, parse_phone

from ..domain.questions import FieldFault, FormQuestion, check_answers
from ..i18n import _
from ..models.registration import Category, FormField, OpenDay

LONGEST_NAME = 50
MOST_BY_STAFF = 500
ANSWER = "answer-"
_LONGEST = {"name": LONGEST_NAME, "organisation": 100, "needs": 300, "language": 20}
_PARSERS = {"phone": parse_phone, "id_number": parse_id_number}


@dataclass(frozen=True, slots=True)
class RegistrationRequest:
    """What was typed, as it was typed; `source` tells who typed it.

    The staff may let several registrations share a phone (a family, a village's line). What a
    unit names by its link is `undecided` until the staff has looked at it.
    """

    name: str = ""
    phone: str = ""
    people: str = "1"
    category: str = ""
    companions: str = ""
    organisation: str = ""
    residence_id: int | None = None
    language: str = ""
    needs: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    consent: bool = False
    eligible: bool = False
    request_key: str | None = None
    source: str = "self"
    shares_phone: bool = False
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class ValidRegistration:
    """A request that can be granted, if there are seats."""

    name: str
    phone: str
    people: int
    category: Category | None
    companions: tuple[str, ...]
    answers: Mapping[str, str]


def phone_digest(phone: str) -> str:
    """Return the keyed hash by which a registration of this phone is found."""
    return keyed_digest("open_day.phone", phone)


def to_questions(fields: Sequence[FormField]) -> list[FormQuestion]:
    """Convert the form's fields to the questions that the rules know."""
    return [
        FormQuestion(
            field.key, field.kind, field.required, tuple(field.choices), field.minimum,
            field.maximum, field.condition_key, field.condition_value,
        )
        for field in fields
    ]  # fmt: skip


def read_answers(form: Mapping[str, str]) -> dict[str, str]:
    """Read the answers to the day's own questions from a form, by the question's key."""
    return {
        name.removeprefix(ANSWER): value for name, value in form.items() if name.startswith(ANSWER)
    }


def validate(day: OpenDay, request: RegistrationRequest) -> ValidRegistration:
    """Check a request; raises `Invalid` with everything that is wrong, field by field."""
    faults: dict[str, str] = {}
    phone = _check_phone(request, faults)
    people = _check_people(day, request, faults)
    companions = _check_companions(request, people, faults)
    category = _check_category(day, request, faults)
    answers, wrong = check_answers(to_questions(day.fields), request.answers, _PARSERS)
    fields = {field.key: field for field in day.fields}
    faults |= {ANSWER + key: _fault_message(fields[key], fault) for key, fault in wrong.items()}
    _check_texts(request, faults)
    if request.source == "self":
        _check_confirmations(day, request, faults)
    if faults:
        raise Invalid(faults)
    return ValidRegistration(request.name.strip(), phone, people, category, companions, answers)


def _check_texts(request: RegistrationRequest, faults: dict[str, str]) -> None:
    if not request.name.strip():
        faults["name"] = _("Enter your name.")
    for name, limit in _LONGEST.items():
        if len(getattr(request, name).strip()) > limit:
            faults[name] = _("At most %(count)s characters.", count=limit)


def _check_confirmations(
    day: OpenDay, request: RegistrationRequest, faults: dict[str, str]
) -> None:
    """Consent and eligibility are confirmed by those who register themselves."""
    if day.consent_text and not request.consent:
        faults["consent"] = _("Without your consent we may not keep your registration.")
    if day.eligibility and not request.eligible:
        faults["eligible"] = _("Confirm that you meet the conditions.")


def _check_phone(request: RegistrationRequest, faults: dict[str, str]) -> str:
    phone = parse_phone(request.phone)
    if phone is None and request.phone.strip():
        faults["phone"] = _("This is no phone number: 11 digits, or area code and number.")
    elif phone is None and request.source == "self":
        faults["phone"] = _("Enter your phone number.")
    return phone or ""


def _check_people(day: OpenDay, request: RegistrationRequest, faults: dict[str, str]) -> int:
    most = day.max_party if request.source == "self" else MOST_BY_STAFF
    typed = request.people.strip()
    people = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    if 1 <= people <= most:
        return people
    faults["people"] = _("Enter a number from 1 to %(most)s.", most=most)
    return 1


def _check_companions(
    request: RegistrationRequest, people: int, faults: dict[str, str]
) -> tuple[str, ...]:
    names = tuple(split_names(request.companions))
    if fault := find_companion_fault(names, people):
        faults["companions"] = fault
    return names


def split_names(typed: str) -> list[str]:
    """Return the names of companions, one from each line."""
    return [name for line in typed.splitlines() if (name := line.strip())]


def find_companion_fault(names: Sequence[str], people: int) -> str:
    """Return what is wrong with companions of a registration of so many people, or nothing."""
    if len(names) > people - 1:
        return _("More companions are named than come along: the number of people counts you too.")
    if any(len(name) > LONGEST_NAME for name in names):
        return _("One name a line, at most %(count)s characters.", count=LONGEST_NAME)
    return ""


def _check_category(
    day: OpenDay, request: RegistrationRequest, faults: dict[str, str]
) -> Category | None:
    by_citizen = request.source == "self"
    offered = [c for c in day.categories if not (by_citizen and c.by_invitation)]
    chosen = next((c for c in offered if c.key == request.category), None)
    if chosen is None and (request.category or (offered and by_citizen)):
        faults["category"] = _("Choose who you are.")
    return chosen


def _fault_message(question: FormField, fault: FieldFault) -> str:
    """Say what is wrong with an answer, to the person who gave it."""
    return {
        FieldFault.MISSING: _("Please answer: %(label)s.", label=question.label),
        FieldFault.NOT_A_CHOICE: _("Choose one of the answers."),
        FieldFault.NOT_A_NUMBER: _("Enter a whole number in digits."),
        FieldFault.TOO_SMALL: _("At least %(least)s.", least=question.minimum),
        FieldFault.TOO_BIG: _("At most %(most)s.", most=question.maximum),
        FieldFault.NOT_A_DATE: _("Enter a date, e.g. 2026-05-20."),
        FieldFault.NOT_A_PHONE: _("This is no phone number: 11 digits, or area code and number."),
        FieldFault.NOT_AN_ID_NUMBER: _("This identity number is not right: 18 places, check them."),
        FieldFault.TOO_LONG: _("At most %(count)s characters.", count=500),
    }[fault]
