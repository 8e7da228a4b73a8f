"""The poster: points with their legend, hours and a QR code on A4 or A3, as a PDF."""

from collections.abc import Sequence

from flask import Response

from core.sdk import (
    PAPER_SIZES,
    Context,
    PdfSheet,
    PluginBlueprint,
    fit_into_picture,
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
    placed = [(number, row.point) for number, row in enumerate(rows, 1) if row.point.gcj_pair]
    pairs = [point.gcj_pair for _number, point in placed if point.gcj_pair]
    if not placed:
        return
    height, usual = _MAP * sheet.scale, {"shape": "circle", "color": "#333333"}
    fitted = fit_into_picture(pairs, sheet.room - 40, height - 24)
    for (number, point), (right, up) in zip(placed, fitted, strict=True):
        x, y = sheet.margin + 12 + right, sheet.y - height + 12 + up
        sheet.symbol(x, y, **looks.get(point.type_key, usual))
        sheet.text(x + 6 * sheet.scale, y - 3 * sheet.scale, _SMALL, str(number))
    sheet.y -= height


def _list_texts(number: int, row: ListedPoint) -> list[tuple[float, str]]:
    """Return what is written of a point, with the size of each text."""
    point = row.point
    phones = (" ".join(filter(None, (one["number"], one.get("note", "")))) for one in point.phones)
    said = (point.address, " ".join(phones), row.hours)
    return [(_NORMAL, f"{number}. {point.name}"), *((_SMALL, words) for words in said)]
