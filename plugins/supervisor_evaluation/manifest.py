"""What the plugin says about itself, and what a county can set."""

from marshmallow import fields, validate

from core.sdk import AppointmentSettings, Manifest, Permission, PersonalData

from .i18n import _l


class EvaluationSettings(AppointmentSettings):
    """Settings of the register of supervisors and of what is published."""

    minimum = fields.Integer(
        load_default=5,
        validate=validate.Range(3, 50),
        metadata={
            "label": _l("Answers below which no result is shown"),
            "help": _l("Of fewer answers one could tell who gave them."),
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
