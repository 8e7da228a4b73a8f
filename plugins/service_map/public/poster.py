"""The poster: points with their legend, hours and a QR code on A4 or A3, as a PDF.

It is written with the fonts that every PDF program for Chinese brings itself (STSong-Light,
Adobe-GB1), so that no font has to be shipped.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

from flask import Response

from core.sdk import Context, PluginBlueprint, params, public_page, send_download, tenant_url, today

from ..i18n import _
from ..manifest import MANIFEST
from ..points.types import load_types
from .finding import read_wish
from .listing import ListedPoint, list_rows
from .map import list_looks

blueprint = PluginBlueprint(MANIFEST, __name__, part="poster")

SIZES = {"a4": (595, 842), "a3": (842, 1191)}
MOST_POINTS = 120
_MARGIN, _QR, _MAP = 36, 96, 230
_SMALL, _NORMAL, _LARGE = 7.5, 10, 24
_LINE = 1.45


@blueprint.get("/<code>/service-points/poster.pdf")
@public_page
def poster(ctx: Context) -> Response:
    """Send the poster of the points that fit (`?size=a3`)."""
    types = load_types(ctx.session, ctx.tenant)
    found = list_rows(ctx, read_wish(), types, MOST_POINTS)
    sheet = PosterSheet(*SIZES[params.word("size", SIZES, "a4")])
    title = _("Service points of %(place)s", place=ctx.tenant.name)
    address = tenant_url("plugin_service_map.index", _external=True)
    looks = list_looks(types)
    _draw_head(
        sheet, title, _("As of %(day)s. Scan for all points and changes.", day=today()), address
    )
    _draw_map(sheet, found.page.rows, looks)
    shown = [key for key in looks if any(row.point.type_key == key for row in found.page.rows)]
    _draw_legend(sheet, [(types[key].label, looks[key]) for key in shown])
    _draw_list(sheet, found.page.rows)
    return send_download(sheet.to_pdf(), "application/pdf", f"{title}.pdf")


class PosterSheet:
    """Pages on which text and shapes are put, from the top downwards; sizes are those of A4."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.scale = width / SIZES["a4"][0]
        self.margin = _MARGIN * self.scale
        self.pages: list[list[str]] = [[]]
        self.y = height - self.margin

    def text(self, x: float, y: float, size: float, words: str) -> None:
        """Write one line; `size` is that on A4."""
        code = words.encode("utf-16-be").hex().upper()
        self.pages[-1].append(
            f"BT /F1 {size * self.scale:.1f} Tf {x:.1f} {y:.1f} Td <{code}> Tj ET"
        )

    def polygon(self, corners: Iterable[tuple[float, float]], color: str) -> None:
        """Fill a shape."""
        path = " ".join(
            f"{x:.1f} {y:.1f} {'l' if place else 'm'}" for place, (x, y) in enumerate(corners)
        )
        red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
        self.pages[-1].append(f"{red:.2f} {green:.2f} {blue:.2f} rg {path} f 0 g")

    def symbol(self, x: float, y: float, look: dict[str, str]) -> None:
        """Draw the symbol of a type, as on the map."""
        sides, turn = {"square": (4, 45), "triangle": (3, 90), "hexagon": (6, 0)}.get(
            look["shape"], (24, 0)
        )
        angles = (math.radians(turn + 360 * side / sides) for side in range(sides))
        radius = 4 * self.scale
        corners = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]
        self.polygon(corners, look["color"])

    def to_pdf(self) -> bytes:
        """Return the pages as a PDF."""
        import pikepdf  # heavy, and few answers are posters

        pdf = pikepdf.new()
        font = pdf.make_indirect(pikepdf.Object.parse(_FONT))
        for page in self.pages:
            made = pdf.add_blank_page(page_size=(self.width, self.height))
            made.Contents = pdf.make_stream("\n".join(page).encode())
            made.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        target = BytesIO()
        pdf.save(target, deterministic_id=True)
        return target.getvalue()


_FONT = b"""<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H
/Encoding /UniGB-UTF16-H /DescendantFonts [ << /Type /Font /Subtype /CIDFontType0
/BaseFont /STSong-Light /DW 1000 /W [ 1 95 500 ]
/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>
/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0
/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 /FontBBox [ -25 -254 1000 880 ] >> >> ] >>"""


def measure(words: str, size: float) -> float:
    """Return the width of a line: Chinese signs are square, others half as wide."""
    return size * sum(0.5 if ord(char) < 0x2E80 else 1 for char in words)


def wrap(words: str, size: float, width: float) -> Iterator[str]:
    """Cut a text into lines of a width."""
    line = ""
    for char in words:
        if line and measure(line + char, size) > width:
            yield line
            line = ""
        line += char
    if line:
        yield line


def _draw_head(sheet: PosterSheet, title: str, note: str, address: str) -> None:
    scale, room = sheet.scale, sheet.width - 3 * sheet.margin - _QR * sheet.scale
    top = sheet.y
    for line in wrap(title, _LARGE * scale, room):
        sheet.y -= _LARGE * scale * _LINE
        sheet.text(sheet.margin, sheet.y, _LARGE, line)
    sheet.y -= _NORMAL * scale * 2
    sheet.text(sheet.margin, sheet.y, _NORMAL, note)
    import segno  # few answers are pictures

    matrix = [bytes(row) for row in segno.make(address, error="m").matrix]
    dot = _QR * scale / len(matrix)
    left = sheet.width - sheet.margin - _QR * scale
    for row, modules in enumerate(matrix):
        for column, is_dark in enumerate(modules):
            if is_dark & 1:
                x, y = left + column * dot, top - (row + 1) * dot
                sheet.polygon(((x, y), (x + dot, y), (x + dot, y + dot), (x, y + dot)), "#000000")
    sheet.y = min(sheet.y, top - _QR * scale) - 12 * scale


def _draw_map(
    sheet: PosterSheet, rows: Sequence[ListedPoint], looks: dict[str, dict[str, str]]
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
        sheet.symbol(x, y, looks.get(key, {"shape": "circle", "color": "#333333"}))
        sheet.text(x + 6 * sheet.scale, y - 3 * sheet.scale, _SMALL, str(number))
    sheet.y -= height


def _draw_legend(sheet: PosterSheet, types: Sequence[tuple[str, dict[str, str]]]) -> None:
    x = sheet.margin
    sheet.y -= 12 * sheet.scale
    for label, look in types:
        wide = measure(label, _SMALL * sheet.scale) + 26 * sheet.scale
        if x + wide > sheet.width - sheet.margin:
            x, sheet.y = sheet.margin, sheet.y - 13 * sheet.scale
        sheet.symbol(x + 5 * sheet.scale, sheet.y + 3 * sheet.scale, look)
        sheet.text(x + 13 * sheet.scale, sheet.y, _SMALL, label)
        x += wide
    sheet.y -= 14 * sheet.scale


def _draw_list(sheet: PosterSheet, rows: Sequence[ListedPoint]) -> None:
    """Write the points in two columns, page after page."""
    gap = 18 * sheet.scale
    column_width = (sheet.width - 2 * sheet.margin - gap) / 2
    top, column, y = sheet.y, 0, sheet.y
    for number, row in enumerate(rows, start=1):
        lines = list(_list_lines(number, row, column_width, sheet.scale))
        if y - sum(size * sheet.scale * _LINE for size, _line in lines) < sheet.margin:
            column, y = column + 1, top
            if column == 2:
                sheet.pages.append([])
                column, top = 0, sheet.height - sheet.margin
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
        yield from ((size, line) for line in wrap(words, size * scale, width))
