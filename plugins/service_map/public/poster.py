"""The poster: points with their legend, hours and a QR code on A4 or A3, as a PDF."""

import math
from collections.abc import Sequence

from flask import Response

from core.sdk import (
    PAPER_SIZES,
    Context,
    PdfSheet,
    PluginBlueprint,
    params,
    public_page,
    send_download,
    tenant_url,
    today,
)

from ..i18n import _
from ..manifest import MANIFEST
from ..points.types import load_types
from .finding import read_wish
from .listing import ListedPoint, list_rows
from .map import list_looks

blueprint = PluginBlueprint(MANIFEST, __name__, part="poster")

MOST_POINTS = 120
_MAP = 230
_SMALL, _NORMAL = 7.5, 10


@blueprint.get("/<code>/service-points/poster.pdf")
@public_page
def poster(ctx: Context) -> Response:
    """Send the poster of the points that fit (`?size=a3`)."""
    types = load_types(ctx.session, ctx.tenant)
    found = list_rows(ctx, read_wish(), types, MOST_POINTS)
    sheet = PdfSheet(params.word("size", PAPER_SIZES, "a4"))
    title = _("Service points of %(place)s", place=ctx.tenant.name)
    address = tenant_url("plugin_service_map.index", _external=True, scan=1)
    looks = list_looks(types)
    sheet.head(title, _("As of %(day)s. Scan for all points and changes.", day=today()), address)
    _draw_map(sheet, found.page.rows, looks)
    shown = [key for key in looks if any(row.point.type_key == key for row in found.page.rows)]
    legend = [(types[key].label, looks[key]["shape"], looks[key]["color"]) for key in shown]
    sheet.legend(_SMALL, legend)
    sheet.columns(_list_texts(*each) for each in enumerate(found.page.rows, start=1))
    return send_download(sheet.to_pdf(), "application/pdf", f"{title}.pdf")


def _draw_map(
    sheet: PdfSheet, rows: Sequence[ListedPoint], looks: dict[str, dict[str, str]]
) -> None:
    """Draw where the points lie to each other, with their numbers in the list."""
    placed = [
        (number, row.point.gcj_lng, row.point.gcj_lat, row.point.type_key)
        for number, row in enumerate(rows, start=1)
        if row.point.gcj_lng is not None and row.point.gcj_lat is not None
    ]
    if not placed:
        return
    height, width = _MAP * sheet.scale, sheet.width - 2 * sheet.margin
    west, east = min(place[1] for place in placed), max(place[1] for place in placed)
    south, north = min(place[2] for place in placed), max(place[2] for place in placed)
    narrow = math.cos(math.radians((south + north) / 2))
    across, up = max((east - west) * narrow, 1e-4), max(north - south, 1e-4)
    zoom = min((width - 40) / across, (height - 24) / up)
    for number, lng, lat, key in placed:
        x = sheet.margin + 12 + (width - across * zoom) / 2 + (lng - west) * narrow * zoom
        y = sheet.y - 12 - (height - 24 - up * zoom) / 2 - (north - lat) * zoom
        sheet.symbol(x, y, **looks.get(key, {"shape": "circle", "color": "#333333"}))
        sheet.text(x + 6 * sheet.scale, y - 3 * sheet.scale, _SMALL, str(number))
    sheet.y -= height


def _list_texts(number: int, row: ListedPoint) -> list[tuple[float, str]]:
    """Return what is written of a point, with the size of each text."""
    point = row.point
    phones = (" ".join(filter(None, (one["number"], one.get("note", "")))) for one in point.phones)
    said = (point.address, " ".join(phones), row.hours)
    return [(_NORMAL, f"{number}. {point.name}"), *((_SMALL, words) for words in said)]
