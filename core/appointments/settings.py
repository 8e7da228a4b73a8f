"""What a place sets for its appointments; the schema of a feature's settings derives from it."""

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate


class AppointmentSettings(Schema):
    """Settings of a register of people who are appointed for a term."""

    term_years = fields.Integer(
        load_default=2,
        validate=validate.Range(1, 5),
        metadata={
            "label": _l("Years of a term"),
            "help": _l("Within a term an appointment is confirmed each year."),
        },
    )
    applications = fields.Boolean(
        load_default=False,
        metadata={
            "label": _l("Everybody may apply"),
            "help": _l("The form stands on the public page while this is on."),
        },
    )
    youngest = fields.Integer(
        load_default=22,
        validate=validate.Range(18, 60),
        metadata={"label": _l("Youngest age of those who are appointed")},
    )
    oldest = fields.Integer(
        load_default=65,
        validate=validate.Range(30, 90),
        metadata={"label": _l("Oldest age of those who are appointed")},
    )
    lists_names = fields.Boolean(
        load_default=True,
        metadata={
            "label": _l("Publish the list of those who are appointed"),
            "help": _l("Name and unit; never a telephone number. Off: figures only."),
        },
    )
    issuer = fields.String(
        load_default="",
        validate=validate.Length(max=60),
        metadata={
            "label": _l("Office that signs letters of appointment"),
            "help": _l("Empty: the name of the place."),
        },
    )
    remind_days = fields.Integer(
        load_default=30,
        validate=validate.Range(7, 120),
        metadata={"label": _l("Days before the end of a term at which it is reminded of")},
    )
    keep_days = fields.Integer(
        load_default=365,
        validate=validate.Range(30, 3650),
        metadata={
            "label": _l("Days for which data are kept after the end of a term"),
            "help": _l("Also those of applicants who were not appointed."),
        },
    )
