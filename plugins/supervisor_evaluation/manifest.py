"""What the plugin says about itself, and what a county can set."""

from marshmallow import Schema, fields, validate

from core.sdk import Manifest, Permission, PersonalData

from .i18n import _l


class EvaluationSettings(Schema):
    """Settings of the register of supervisors and of what is published."""

    term_years = fields.Integer(
        load_default=2,
        validate=validate.Range(1, 5),
        metadata={
            "label": _l("Years of a supervisor's term"),
            "help": _l("Within a term an appointment is confirmed each year."),
        },
    )
    applications = fields.Boolean(
        load_default=False,
        metadata={
            "label": _l("Everybody may apply to become a supervisor"),
            "help": _l("The form stands on the public page while this is on."),
        },
    )
    youngest = fields.Integer(
        load_default=22,
        validate=validate.Range(18, 60),
        metadata={"label": _l("Youngest age of supervisors")},
    )
    oldest = fields.Integer(
        load_default=65,
        validate=validate.Range(30, 90),
        metadata={"label": _l("Oldest age of supervisors")},
    )
    lists_names = fields.Boolean(
        load_default=True,
        metadata={
            "label": _l("Publish the list of supervisors"),
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
    minimum = fields.Integer(
        load_default=5,
        validate=validate.Range(3, 50),
        metadata={
            "label": _l("Answers below which no result is shown"),
            "help": _l("Of fewer answers one could tell who gave them."),
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
            "label": _l("Days for which a former supervisor's data are kept"),
            "help": _l("Also those of applicants who were not appointed."),
        },
    )


NAME = "supervisor_evaluation"
MANAGE = f"{NAME}.manage"
ANSWER = f"{NAME}.answer"

MANIFEST = Manifest(
    name=NAME,
    version="0.1.0",
    title=_l("Supervisor evaluation"),
    summary=_l("Supervisors and citizens judge offices: register, campaigns, votes, mending."),
    levels=("county", "township"),
    settings=EvaluationSettings,
    depends_on="place",
    commands={"evaluation": "List evaluation campaigns, calculate their results again."},
    permissions=(
        Permission(MANAGE, _l("Run supervisors, indicators, campaigns and votes"), ("officer",)),
        Permission(
            ANSWER, _l("Answer for an office that is evaluated"), ("officer", "liaison", "clerk")
        ),
    ),
    personal_data=(
        PersonalData(
            _l("Name, gender, year of birth, unit and telephone number of supervisors"),
            _l("to appoint them, to reach them and to show how the group is made up"),
            _l("as long as the term lasts, and then as long as the settings say"),
        ),
    ),
)
