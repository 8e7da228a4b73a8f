"""Sheets of paper as PDF: text, shapes and QR codes on A4 or A3, from the top downwards.

They are written with the font that every PDF program for Chinese brings itself (STSong-Light,
Adobe-GB1), so that no font has to be shipped.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

#: Width and height of the sheets, in points.
PAPER_SIZES = {"a4": (595, 842), "a3": (842, 1191)}
_MARGIN = 36
# Corners of a symbol, and the direction of the first in degrees; all others are circles.
_SHAPES = {"square": (4, 45), "triangle": (3, 90), "hexagon": (6, 0)}
_LINE = 1.45
_QR, _LARGE, _NORMAL = 96, 24, 10
_FONT = b"""<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H
/Encoding /UniGB-UTF16-H /DescendantFonts [ << /Type /Font /Subtype /CIDFontType0
/BaseFont /STSong-Light /DW 1000 /W [ 1 95 500 ]
/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>
/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0
/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 /FontBBox [ -25 -254 1000 880 ] >> >> ] >>"""


class PdfSheet:
    """Pages on which text and shapes are put; sizes and widths of lines are those on A4.

    `y` is where the next line of `paragraph` hangs; `scale` turns a size on A4 into one here.
    """

    def __init__(self, size: str = "a4") -> None:
        self.width, self.height = PAPER_SIZES[size]
        self.scale = self.width / PAPER_SIZES["a4"][0]
        self.margin = _MARGIN * self.scale
        self.pages: list[list[str]] = [[]]
        self.y = self.height - self.margin

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    def new_page(self) -> None:
        """Go on overleaf, at the top."""
        self.pages.append([])
        self.y = self.height - self.margin

    def text(self, x: float, y: float, size: float, words: str) -> None:
        """Write one line."""
        code = words.encode("utf-16-be").hex().upper()
        self.pages[-1].append(
            f"BT /F1 {size * self.scale:.1f} Tf {x:.1f} {y:.1f} Td <{code}> Tj ET"
        )

    def paragraph(self, size: float, words: str, *, centred: bool = False) -> None:
        """Write lines below each other between the margins."""
        real = size * self.scale
        for line in wrap_text(words, real, self.room):
            self.y -= real * _LINE
            left = (self.room - measure_text(line, real)) / 2 if centred else 0
            self.text(self.margin + left, self.y, size, line)

    def polygon(self, corners: Iterable[tuple[float, float]], color: str) -> None:
        """Fill a shape."""
        red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
        self.pages[-1].append(f"{red:.2f} {green:.2f} {blue:.2f} rg {_path(corners)} f 0 g")

    def outline(self, corners: Iterable[tuple[float, float]], width: float = 0.8) -> None:
        """Draw the lines between corners; two corners make a line, more are closed."""
        path = list(corners)
        end = "S" if len(path) == 2 else "s"
        self.pages[-1].append(f"{width * self.scale:.2f} w {_path(path)} {end}")

    def qr_code(self, left: float, top: float, size: float, text: str) -> None:
        """Draw a QR code; readable with 15 % of it damaged."""
        import segno  # few answers are pictures

        matrix = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
        dot = size * self.scale / len(matrix)
        for row, modules in enumerate(matrix):
            for column, is_dark in enumerate(modules):
                if is_dark & 1:
                    x, y = left + column * dot, top - (row + 1) * dot
                    corners = ((x, y), (x + dot, y), (x + dot, y + dot), (x, y + dot))
                    self.polygon(corners, "#000000")

    def head(self, title: str, note: str, address: str) -> None:
        """Write a large title and a note, with the QR code of an address beside them."""
        side = _QR * self.scale
        top, left = self.y, self.width - self.margin - side
        for line in wrap_text(title, _LARGE * self.scale, self.room - side - self.margin):
            self.y -= _LARGE * self.scale * _LINE
            self.text(self.margin, self.y, _LARGE, line)
        self.y -= _NORMAL * self.scale * 2
        self.text(self.margin, self.y, _NORMAL, note)
        self.qr_code(left, top, _QR, address)
        self.y = min(self.y, top - side) - 12 * self.scale

    def symbol(self, x: float, y: float, shape: str, color: str) -> None:
        """Draw a small square, triangle, hexagon or circle, as maps do."""
        sides, turn = _SHAPES.get(shape, (24, 0))
        angles = (math.radians(turn + 360 * side / sides) for side in range(sides))
        radius = 4 * self.scale
        corners = [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]
        self.polygon(corners, color)

    def legend(self, size: float, entries: Iterable[tuple[str, str, str]]) -> None:
        """Write what symbols mean: label, shape and colour of each, in lines."""
        x = self.margin
        self.y -= 12 * self.scale
        for label, shape, color in entries:
            wide = measure_text(label, size * self.scale) + 26 * self.scale
            if x + wide > self.width - self.margin:
                x, self.y = self.margin, self.y - 13 * self.scale
            self.symbol(x + 5 * self.scale, self.y + 3 * self.scale, shape, color)
            self.text(x + 13 * self.scale, self.y, size, label)
            x += wide
        self.y -= 14 * self.scale

    def columns(self, entries: Iterable[Sequence[tuple[float, str]]]) -> None:
        """Write entries in two columns, page after page; each is texts with their sizes."""
        gap = 18 * self.scale
        width = (self.room - gap) / 2
        top, column, y = self.y, 0, self.y
        for entry in entries:
            lines = [
                (size, line)
                for size, words in entry
                for line in wrap_text(words, size * self.scale, width)
            ]
            if y - sum(size * self.scale * _LINE for size, _line in lines) < self.margin:
                column, y = column + 1, top
                if column == 2:
                    self.new_page()
                    column, top, y = 0, self.y, self.y
            for size, line in lines:
                y -= size * self.scale * _LINE
                self.text(self.margin + column * (width + gap), y, size, line)
            y -= 4 * self.scale

    def to_pdf(self) -> bytes:
        """Return the pages as a PDF; the same pages give the same bytes."""
        import pikepdf  # heavy, and few answers are sheets

        pdf = pikepdf.new()
        font = pdf.make_indirect(pikepdf.Object.parse(_FONT))
        for page in self.pages:
            made = pdf.add_blank_page(page_size=(self.width, self.height))
            made.Contents = pdf.make_stream("\n".join(page).encode())
            made.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        target = BytesIO()
        pdf.save(target, deterministic_id=True)
        return target.getvalue()


def _path(corners: Iterable[tuple[float, float]]) -> str:
    return " ".join(
        f"{x:.1f} {y:.1f} {'l' if place else 'm'}" for place, (x, y) in enumerate(corners)
    )


def measure_text(words: str, size: float) -> float:
    """Return the width of a line: Chinese signs are square, others half as wide."""
    return size * sum(0.5 if ord(char) < 0x2E80 else 1 for char in words)


def wrap_text(words: str, size: float, width: float) -> Iterator[str]:
    """Cut a text into lines of a width, where it is full and where it breaks."""
    for paragraph in words.splitlines():
        line = ""
        for char in paragraph:
            if line and measure_text(line + char, size) > width:
                yield line
                line = ""
            line += char
        if line:
            yield line
