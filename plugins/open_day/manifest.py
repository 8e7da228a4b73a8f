"""What the plugin says about itself.

What a place can set: where changes of registrations are told to another system.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from core.sdk import Manifest, Permission, PersonalData

from .i18n import _, _l

SHORTEST_KEY = 16


_is_address = validate.URL(schemes={"http", "https"}, require_tld=False)


def _address(value: str) -> None:
    """Accept an address, or nothing: a place may want what is above it not to be told."""
    if value:
        _is_address(value)


class OpenDaySettings(Schema):
    """Settings of open days."""

    webhook_url = fields.String(
        load_default="",
        validate=[validate.Length(max=500), _address],
        metadata={
            "label": _l("Tell changes of registrations to this address"),
            "help": _l(
                "Another system of the office (webhook). It is told which registration changed and "
                "how, never who it is. Empty: nobody is told."
            ),
        },
    )
    webhook_key = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={
            "label": _l("Key that signs what is told"),
            "help": _l("At least 16 characters; the other system checks the signature with it."),
            "secret": True,
        },
    )

    @validates_schema
    def _signed(self, data: Mapping[str, Any], **_options: Any) -> None:
        if data.get("webhook_url") and len(data.get("webhook_key", "")) < SHORTEST_KEY:
            raise ValidationError({"webhook_key": [_("Enter a key of at least 16 characters.")]})


NAME = "open_day"
SURVEY = f"{NAME}.survey"
MANAGE, PUBLISH, CHECK_IN = f"{NAME}.manage", f"{NAME}.publish", f"{NAME}.check_in"

MANIFEST = Manifest(
    name=NAME,
    version="0.1.0",
    title=_l("Open days"),
    summary=_l("Announce open days, register citizens, keep the waiting list, publish results."),
    settings=OpenDaySettings,
    depends_on="place",
    # What people call it: whoever says one of these asks for the next open day.
    questions=("开放日", "政务开放", "开门迎客", "参观", "开放活动", "openday", "openhouse"),
    permissions=(
        Permission(MANAGE, _l("Prepare open days and look after registrations")),
        Permission(PUBLISH, _l("Check and publish open days"), ("officer", "reviewer"), True),
        Permission(CHECK_IN, _l("Check people in"), ("officer", "liaison", "clerk")),
    ),
    personal_data=(
        PersonalData(
            _l("Name, phone and number of people of a registration; names of companions"),
            _l("to keep the place, to reach the person and to check in"),
            _l("as long as the open day says, 180 days after its end unless changed"),
        ),
        PersonalData(
            _l("Answers to the form's own questions"),
            _l("as the open day says"),
            _l("each question's own term, at most as long as the registration"),
        ),
    ),
)
