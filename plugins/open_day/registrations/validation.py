"""What somebody asks for in a registration, read and checked before any seat is touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.sdk import Invalid

from ..domain.identifiers import read_phone
from ..domain.questions import FieldFault, FormQuestion, check_answers
from ..i18n import _
from ..models.registration import Category, FormField, OpenDay

LONGEST_NAME = 50
MOST_BY_STAFF = 500
ANSWER = "answer-"


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
    """A wish that can be granted, if there are seats."""

    name: str
    phone: str
    people: int
    category: Category | None
    companions: tuple[str, ...]
    answers: Mapping[str, str]


def questions_of(fields: Sequence[FormField]) -> list[FormQuestion]:
    """The form's questions as the rules know them."""
    return [
        FormQuestion(
            found.key,
            found.kind,
            found.required,
            tuple(found.choices),
            found.minimum,
            found.maximum,
            found.condition_key,
            found.condition_value,
        )
        for found in fields
    ]


def validate(day: OpenDay, requested: RegistrationRequest) -> ValidRegistration:
    """Read a wish; raises `Invalid` with everything that is wrong, field by field."""
    faults: dict[str, str] = {}
    phone = _phone(requested, faults)
    people = _people(day, requested, faults)
    companions = _companions(requested, people, faults)
    category = _category(day, requested, faults)
    answers, wrong = check_answers(questions_of(day.fields), requested.answers)
    labels = {found.key: found for found in day.fields}
    faults |= {ANSWER + key: fault_text(labels[key], fault) for key, fault in wrong.items()}
    faults |= _texts(requested) | _check_confirmations(day, requested)
    if faults:
        raise Invalid(faults)
    return ValidRegistration(requested.name.strip(), phone, people, category, companions, answers)


def _texts(requested: RegistrationRequest) -> dict[str, str]:
    faults = {}
    if not requested.name.strip():
        faults["name"] = _("Enter your name.")
    limits = {"name": LONGEST_NAME, "organisation": 100, "needs": 300, "language": 20}
    for name, limit in limits.items():
        if len(getattr(requested, name).strip()) > limit:
            faults[name] = _("At most %(count)s characters.", count=limit)
    return faults


def _check_confirmations(day: OpenDay, requested: RegistrationRequest) -> dict[str, str]:
    """Consent and eligibility are confirmed by those who register themselves."""
    faults: dict[str, str] = {}
    if requested.source != "self":
        return faults
    if day.consent_text and not requested.consent:
        faults["consent"] = _("Without your consent we may not keep your registration.")
    if day.eligibility and not requested.eligible:
        faults["eligible"] = _("Confirm that you meet the conditions.")
    return faults


def _phone(requested: RegistrationRequest, faults: dict[str, str]) -> str:
    phone = read_phone(requested.phone)
    if phone:
        return phone
    if requested.phone.strip():
        faults["phone"] = _("This is no phone number: 11 digits, or area code and number.")
    elif requested.source == "self":
        faults["phone"] = _("Enter your phone number.")
    return ""


def _people(day: OpenDay, requested: RegistrationRequest, faults: dict[str, str]) -> int:
    most = day.max_party if requested.source == "self" else MOST_BY_STAFF
    people = int(requested.people) if requested.people.strip().isdecimal() else 0
    if not 1 <= people <= most:
        faults["people"] = _("Enter a number from 1 to %(most)s.", most=most)
        return 1
    return people


def _companions(
    requested: RegistrationRequest, people: int, faults: dict[str, str]
) -> tuple[str, ...]:
    names = tuple(filter(None, (line.strip() for line in requested.companions.splitlines())))
    if len(names) > people - 1:
        faults["companions"] = _(
            "More companions are named than come along: the number of people counts you too."
        )
    elif any(len(name) > LONGEST_NAME for name in names):
        faults["companions"] = _("One name a line, at most %(count)s characters.", count=50)
    return names


def _category(
    day: OpenDay, requested: RegistrationRequest, faults: dict[str, str]
) -> Category | None:
    offered = [c for c in day.categories if requested.source != "self" or not c.by_invitation]
    chosen = next((c for c in offered if c.key == requested.category), None)
    if chosen is None and (requested.category or (offered and requested.source == "self")):
        faults["category"] = _("Choose who you are.")
    return chosen


def fault_text(question: FormField, fault: FieldFault) -> str:
    """What is wrong with an answer, for the person who gave it."""
    texts: dict[FieldFault, str] = {
        FieldFault.MISSING: _("Please answer: %(label)s.", label=question.label),
        FieldFault.NOT_A_CHOICE: _("Choose one of the answers."),
        FieldFault.NOT_A_NUMBER: _("Enter a whole number in digits."),
        FieldFault.TOO_SMALL: _("At least %(least)s.", least=question.minimum),
        FieldFault.TOO_BIG: _("At most %(most)s.", most=question.maximum),
        FieldFault.NOT_A_DATE: _("Enter a date, e.g. 2026-05-20."),
        FieldFault.NOT_A_PHONE: _("This is no phone number: 11 digits, or area code and number."),
        FieldFault.NOT_AN_ID_NUMBER: _("This identity number is not right: 18 places, check them."),
        FieldFault.TOO_LONG: _("At most %(count)s characters.", count=500),
    }
    return texts[fault]
