"""What the plugin says about itself, and what a county can set."""

from marshmallow import Schema, fields, validate

from core.sdk import Manifest, Permission, PersonalData

from .labels import _l

NAME = "village_sync"
VIEW = f"{NAME}.view"
SETTLE = f"{NAME}.settle"
LINK = f"{NAME}.link"


class VillageSyncSettings(Schema):
    """Settings of the comparison of village and government lists."""

    term_days = fields.Integer(
        load_default=5,
        validate=validate.Range(1, 60),
        metadata={
            "label": _l("Working days to settle a difference"),
            "help": _l(
                "Until then it is internal; afterwards pages say that it is being verified."
            ),
        },
    )
    phone = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={
            "label": _l("Telephone for questions about differences"),
            "help": _l("Empty: that of the organ that published the government's list."),
        },
    )


MANIFEST = Manifest(
    name=NAME,
    version="0.1.0",
    title=_l("Village and government lists"),
    summary=_l("The village and the government say the same: pairs of items, compared figures."),
    settings=VillageSyncSettings,
    levels=("county", "township", "village"),
    depends_on="place",
    commands={"sync": "Compare lists of villages and of the government."},
    permissions=(
        Permission(
            VIEW,
            _l("See differences between village and government lists, and answer them"),
            ("officer", "liaison", "reviewer", "clerk"),
            True,
        ),
        Permission(
            SETTLE,
            _l("Settle a difference with a coded reason"),
            ("officer", "liaison", "reviewer"),
            True,
        ),
        Permission(LINK, _l("Confirm which items belong together"), ("officer", "liaison")),
    ),
    personal_data=(
        PersonalData(
            _l("Masked names in rows that differ between two published lists"),
            _l("so that both desks find the row"),
            _l("until both sides agree, or the publicity period of a list is over"),
        ),
    ),
)
