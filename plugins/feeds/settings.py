"""What a county can set, for itself and for the places below it."""

from marshmallow import Schema, fields, validate

from .text import _l


class FeedSettings(Schema):
    """Settings of feeds."""

    entries = fields.Integer(
        load_default=30,
        validate=validate.Range(1, 100),
        metadata={"label": _l("Entries in a feed")},
    )
    with_places_below = fields.Boolean(
        load_default=True,
        metadata={
            "label": _l("Offer a feed of all places below"),
            "help": _l("A county's feed then also has what its townships and villages publish."),
        },
    )
