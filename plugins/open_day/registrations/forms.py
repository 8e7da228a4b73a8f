"""The form in which people register: by themselves, or with the staff."""

from core.sdk import Context, Form, FormData, fields

from ..models.registration import OpenDay
from .residences import find_residence
from .validation import ANSWER, RegistrationRequest, read_answers

_TEXTS = ("name", "phone", "people", "category", "companions", "organisation", "language", "needs")


class RegistrationForm(Form):
    """What a registration says; the day's own questions come in by `extend`.

    Only what nobody types in earnest is refused here: `validate` knows what the day allows.
    """

    name = fields.LineField(500)
    phone = fields.LineField(100)
    people = fields.LineField(100)
    category = fields.LineField(100)
    companions = fields.TextField(50_000)
    organisation = fields.LineField(1_000)
    language = fields.LineField(200)
    needs = fields.LineField(2_000)
    home = fields.LineField(100)
    slot = fields.NumberField(0, 10**9)
    consent = fields.TickField()
    eligible = fields.TickField()
    shares_phone = fields.TickField()
    request_key = fields.LineField(40)


def read_registration(day: OpenDay) -> FormData:
    """Read the registration form of a day, as it was posted."""
    questions = {ANSWER + question.key: fields.TextField(5_000) for question in day.fields}
    return RegistrationForm.extend(questions).read()


def to_request(ctx: Context, form: FormData, source: str) -> RegistrationRequest:
    """Build the request that a form asks for; raises `Invalid`."""
    values = form.require()
    return RegistrationRequest(
        **{name: values[name] for name in _TEXTS},
        residence_id=find_residence(ctx.tenant, values["home"]),
        answers=read_answers(values),
        consent=values["consent"],
        eligible=values["eligible"],
        request_key=values["request_key"] or None,
        source=source,
        shares_phone=values["shares_phone"] and source != "self",
    )
