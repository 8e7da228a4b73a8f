"""What the plugin says about itself, and what a county can set."""

from marshmallow import Schema, fields, validate

from core.sdk import Manifest, Permission, PersonalData

from .i18n import _l


class ServiceMapSettings(Schema):
    """Settings of the map of service points."""

    review_days = fields.Integer(
        load_default=180,
        validate=validate.Range(30, 730),
        metadata={
            "label": _l("Days after which a point should be verified again"),
            "help": _l("Points that nobody has verified for longer stand on the to-do list."),
        },
    )
    to_wgs84 = fields.Boolean(
        load_default=True,
        metadata={
            "label": _l("Convert positions to WGS-84 for export"),
            "help": _l("Off: positions entered as GCJ-02 or BD-09 leave as they were entered."),
        },
    )
    approval_number = fields.String(
        load_default="",
        validate=validate.Length(max=60),
        metadata={
            "label": _l("Approval number of the map (审图号)"),
            "help": _l("Boundaries are drawn only where it is given."),
        },
    )
    tiles_url = fields.String(
        load_default="",
        validate=validate.Length(max=500),
        metadata={
            "label": _l("Address of map tiles"),
            "help": _l("With {z}, {x} and {y}. Empty: the map draws points without a background."),
        },
    )
    tiles_key = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"label": _l("Key of the tile service"), "secret": True},
    )


NAME = "service_map"
MANAGE = f"{NAME}.manage"

MANIFEST = Manifest(
    name=NAME,
    version="0.1.0",
    title=_l("Service points"),
    summary=_l("Where something can be done: list and map of service points, open now, nearest."),
    settings=ServiceMapSettings,
    depends_on="place",
    permissions=(
        Permission(
            MANAGE, _l("Keep service points up to date"), ("officer", "liaison", "clerk"), True
        ),
    ),
    personal_data=(
        PersonalData(
            _l("Telephone numbers and addresses of points; some are mobiles of people on duty"),
            _l("so that people can call and find the point"),
            _l("as long as the point is kept"),
        ),
    ),
)
