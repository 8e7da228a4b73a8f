"""What a place can set: where changes of registrations are told to another system."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from plugins.open_day.words import _, _l

SHORTEST_KEY = 16


_is_address = validate.URL(schemes={"http", "https"}, require_tld=False)


def _address(value: str) -> None:
    """An address, or nothing: a place may want what is above it not to be told."""
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
