"""The form in which people register: by themselves, or with the staff; where they may live."""

from typing import Any

from sqlalchemy import select

from core.sdk import Context, Form, FormData, Tenant, below, directory, fields, short_name

from ..models.registration import OpenDay
from .validation import ANSWER, RegistrationRequest, read_answers

MOST_RESIDENCES = 2_000
_TEXTS = ("name", "phone", "people", "category", "companions", "organisation", "language", "needs")


class WhoForm(Form):
    """Who registers for what: the beginning of the form, before the day's own questions.

    Only what nobody types in earnest is refused here: `validate` knows what the day allows.
    """

    slot = fields.NumberField(0, 10**9)
    name = fields.LineField(500)
    phone = fields.LineField(100)
    people = fields.LineField(100)
    category = fields.LineField(100)


class FurtherForm(Form):
    """What comes after the day's own questions."""

    eligible = fields.TickField()
    companions = fields.TextField(50_000)
    organisation = fields.LineField(1_000)
    home = fields.LineField(100)
    needs = fields.LineField(2_000)
    language = fields.LineField(200)
    shares_phone = fields.TickField()
    consent = fields.TickField()
    request_key = fields.LineField(40)


def read_registration(day: OpenDay) -> FormData:
    """Read the registration form of a day, as it was posted."""
    questions = {ANSWER + question.key: fields.TextField(5_000) for question in day.fields}
    bases = (FurtherForm, Form.extend(questions), WhoForm)
    registration_form: type[Form] = type("RegistrationForm", bases, {})
    return registration_form.read()


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


def _load_places(tenant: Tenant) -> list[Tenant]:
    query = select(Tenant).where(below(tenant.path), Tenant.status == "active")
    found = directory().scalars(query.order_by(Tenant.division_code).limit(MOST_RESIDENCES))
    return [place for place in found if place.id != tenant.id or tenant.level == "village"]


def list_residences(tenant: Tenant, *, villages_only: bool = False) -> list[dict[str, Any]]:
    """List places to choose from, villages under the name of their township."""
    places = _load_places(tenant)
    names = {place.id: short_name(place.name) for place in places}
    return [
        {
            "value": place.id,
            "label": short_name(place.name),
            "group": names.get(place.parent_id or 0, ""),
        }
        for place in places
        if not villages_only or (place.level == "village" and place.id != tenant.id)
    ]


def find_residence(tenant: Tenant, chosen: str) -> int | None:
    """Return the id of a place that was chosen; whatever lies elsewhere is none."""
    return next((place.id for place in _load_places(tenant) if str(place.id) == chosen), None)
