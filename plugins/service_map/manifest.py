"""What the plugin says about itself, and what a county can set."""

import re
from functools import lru_cache

from marshmallow import Schema, fields, validate
from marshmallow.exceptions import ValidationError

from core.sdk import ASKS_WHERE, Manifest, Permission, PersonalData, read_boundary

from .i18n import _, _l

# An origin, and a path without blanks: it also goes into a header.
_TILES = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?/[^\s;,'\"]*")
_PLACES = re.compile(r"\{[a-z]+\}")


@lru_cache(4)  # settings are read with each page, and an outline is long
def _is_outline(text: str) -> bool:
    return bool(read_boundary(text))


def _check_boundary(text: str) -> None:
    """Accept GeoJSON that has an outline, or nothing."""
    if text and not _is_outline(text):
        raise ValidationError(_("This is no GeoJSON with a Polygon or MultiPolygon."))


def _check_tiles(text: str) -> None:
    """Accept an address of tiles that a page can name to the browser, or nothing."""
    if text and not (
        _TILES.fullmatch(text) and {"{z}", "{x}", "{y}"} <= set(_PLACES.findall(text))
    ):
        raise ValidationError(_("Enter an https address with {z}, {x} and {y}."))


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
    boundary = fields.String(
        load_default="",
        validate=[validate.Length(max=500_000), _check_boundary],
        metadata={
            "label": _l("Boundary of the map (GeoJSON, in the coordinate system of the tiles)"),
            "help": _l("As it was approved: the file, or its text."),
            "file": ".geojson,.json",
        },
    )
    tiles_url = fields.String(
        load_default="",
        validate=[validate.Length(max=500), _check_tiles],
        metadata={
            "label": _l("Address of map tiles"),
            "help": _l(
                "With {z}, {x}, {y} and, where the service asks for one, {key}. Empty: the map "
                "draws points without a background, and asks no other site for anything."
            ),
        },
    )
    tiles_datum = fields.String(
        load_default="cgcs2000",
        validate=validate.OneOf(("cgcs2000", "wgs84", "gcj02")),
        metadata={
            "label": _l("Coordinate system of the tiles"),
            "help": _l("cgcs2000 (Tianditu), wgs84 or gcj02"),
        },
    )
    tiles_key = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"label": _l("Key of the tile service"), "secret": True},
    )


NAME = "service_map"
MANAGE = f"{NAME}.manage"
#: The kind of messages by which readers report what is wrong at a point.
MISTAKE = f"{NAME}.mistake"

MANIFEST = Manifest(
    name=NAME,
    version="0.1.0",
    title=_l("Service points"),
    summary=_l("Where something can be done: list and map of service points, open now, nearest."),
    settings=ServiceMapSettings,
    depends_on="place",
    questions=(ASKS_WHERE,),
    commands={"points": "Import and list service points, convert coordinates."},
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
