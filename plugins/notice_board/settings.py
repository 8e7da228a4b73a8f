"""What a county can set, for itself and for the places below it."""

from marshmallow import Schema, fields, validate

from .text import _l


class SheetSettings(Schema):
    """Settings of the sheet."""

    entries = fields.Integer(
        load_default=12,
        validate=validate.Range(1, 40),
        metadata={"label": _l("Entries on a sheet at most")},
    )
    enquiries = fields.String(
        load_default="",
        validate=validate.Length(max=120),
        metadata={
            "label": _l("Where to ask and object"),
            "help": _l("Printed at the foot, e.g. the telephone of the supervision committee"),
        },
    )
