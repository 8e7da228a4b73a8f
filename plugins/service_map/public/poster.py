"""The poster: points with their legend, hours and a QR code on A4 or A3, as a PDF."""

import math
from collections.abc import Iterator, Sequence

from flask import Response

from core.sdk import (
    PAPER_SIZES,
    Context,
    PdfSheet,
    PluginBlueprint,
    measure_text,
    params,
    public_page,
    send_download,
    tenant_url,
    today,
    wrap_text,
)

from ..i18n import _
from ..manifest import MANIFEST
from ..points.types import load_types
from .finding import read_wish
from .listing import ListedPoint, list_rows
from .map import list_looks

blueprint = PluginBlueprint(MANIFEST, __name__, part="poster")

MOST_POINTS = 120
_QR, _MAP = 96, 230
_SMALL, _NORMAL, _LARGE = 7.5, 10, 24
_LINE = 1.45


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
    _draw_head(
        sheet, title, _("As of %(day)s. Scan for all points and changes.", day=today()), address
    )
    _draw_map(sheet, found.page.rows, looks)
    shown = [key for key in looks if any(row.point.type_key == key for row in found.page.rows)]
    _draw_legend(sheet, [(types[key].label, looks[key]) for key in shown])
    _draw_list(sheet, found.page.rows)
    return send_download(sheet.to_pdf(), "application/pdf", f"{title}.pdf")


def _draw_symbol(sheet: PdfSheet, x: float, y: float, look: dict[str, str]) -> None:
    """Draw the symbol of a type, as on the map."""
    sides, turn = {"square": (4, 45), "triangle": (3, 90), "hexagon": (6, 0)}.get(
        look["shape"], (24, 0)
    )
    angles = (math.radians(turn + 360 * side / sides) for side in range(sides))
    radius = 4 * sheet.scale
    corners = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]
    sheet.polygon(corners, look["color"])


def _draw_head(sheet: PdfSheet, title: str, note: str, address: str) -> None:
    scale, room = sheet.scale, sheet.width - 3 * sheet.margin - _QR * sheet.scale
    top = sheet.y
    for line in wrap_text(title, _LARGE * scale, room):
        sheet.y -= _LARGE * scale * _LINE
        sheet.text(sheet.margin, sheet.y, _LARGE, line)
    sheet.y -= _NORMAL * scale * 2
    sheet.text(sheet.margin, sheet.y, _NORMAL, note)
    left = sheet.width - sheet.margin - _QR * scale
    sheet.qr_code(left, top, _QR, address)
    sheet.y = min(sheet.y, top - _QR * scale) - 12 * scale


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
        _draw_symbol(sheet, x, y, looks.get(key, {"shape": "circle", "color": "#333333"}))
        sheet.text(x + 6 * sheet.scale, y - 3 * sheet.scale, _SMALL, str(number))
    sheet.y -= height


def _draw_legend(sheet: PdfSheet, types: Sequence[tuple[str, dict[str, str]]]) -> None:
    x = sheet.margin
    sheet.y -= 12 * sheet.scale
    for label, look in types:
        wide = measure_text(label, _SMALL * sheet.scale) + 26 * sheet.scale
        if x + wide > sheet.width - sheet.margin:
            x, sheet.y = sheet.margin, sheet.y - 13 * sheet.scale
        _draw_symbol(sheet, x + 5 * sheet.scale, sheet.y + 3 * sheet.scale, look)
        sheet.text(x + 13 * sheet.scale, sheet.y, _SMALL, label)
        x += wide
    sheet.y -= 14 * sheet.scale


def _draw_list(sheet: PdfSheet, rows: Sequence[ListedPoint]) -> None:
    """Write the points in two columns, page after page."""
    gap = 18 * sheet.scale
    column_width = (sheet.width - 2 * sheet.margin - gap) / 2
    top, column, y = sheet.y, 0, sheet.y
    for number, row in enumerate(rows, start=1):
        lines = list(_list_lines(number, row, column_width, sheet.scale))
        if y - sum(size * sheet.scale * _LINE for size, _line in lines) < sheet.margin:
            column, y = column + 1, top
            if column == 2:
                sheet.new_page()
                column, top = 0, sheet.y
                y = top
        for size, line in lines:
            y -= size * sheet.scale * _LINE
            sheet.text(sheet.margin + column * (column_width + gap), y, size, line)
        y -= 4 * sheet.scale


def _list_lines(
    number: int, row: ListedPoint, width: float, scale: float
) -> Iterator[tuple[float, str]]:
    point = row.point
    phones = " ".join(
        " ".join(filter(None, (one["number"], one.get("note", "")))) for one in point.phones
    )
    for size, words in (
        (_NORMAL, f"{number}. {point.name}"),
        (_SMALL, point.address),
        (_SMALL, phones),
        (_SMALL, row.hours),
    ):
        yield from ((size, line) for line in wrap_text(words, size * scale, width))
