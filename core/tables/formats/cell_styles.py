"""Styles of a workbook's cells, as far as they decide what is read: number format, font, fill."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from core.tables.formats.colors import LARGEST_UNSEEN, Color, is_unseen, read_color
from core.tables.formats.number_format import BUILTIN, GENERAL, shows_texts_as_they_are
from core.tables.formats.symbols import is_symbol_font, show_symbols
from core.tables.grid import UnreadText

#: The colors of every workbook: by index, and those that themes begin with (paper, ink).
_INDEXED = {"1": "FFFFFF", "9": "FFFFFF", "0": "000000", "8": "000000", "65": "FFFFFF"}
_THEMED = {"0": "FFFFFF", "1": "000000"}


@dataclass(frozen=True, slots=True)
class CellFont:
    """Whether a font strikes text through, its name if it prints symbols, what makes it unseen."""

    struck: bool = False
    symbols: str | None = None
    tiny: bool = False
    color: Color | None = None


@dataclass(frozen=True, slots=True)
class CellFill:
    """What is behind a cell's text: a color, or one that is not known."""

    color: Color | None = None
    is_known: bool = True


@dataclass(frozen=True)
class CellStyle:
    """A number format and a font; `is_plain` says that texts are shown as they are."""

    code: str = GENERAL
    font: CellFont = CellFont()
    fill: CellFill = CellFill()

    @cached_property
    def is_plain(self) -> bool:
        """Say whether a text in this style is shown as it is."""
        font = self.font
        is_special = font.struck or font.symbols is not None or self.hides(font)
        return not is_special and shows_texts_as_they_are(self.code)

    def without_code(self) -> "CellStyle":
        """Return the style for a text that already is as the number format shows it."""
        return self._shown

    @cached_property
    def _shown(self) -> "CellStyle":
        return CellStyle(font=self.font, fill=self.fill)

    def hides(self, font: CellFont) -> bool:
        """Say whether nobody can read a text of that font in this cell."""
        return font.tiny or (self.fill.is_known and is_unseen(font.color, self.fill.color))


class TextRun(NamedTuple):
    """A part of a text; without a font of its own it has the cell's."""

    text: str
    font: CellFont | None = None


def show_runs(runs: Sequence[TextRun], style: CellStyle) -> tuple[str, tuple[UnreadText, ...]]:
    """Return the text that is not struck through, and what is left out."""
    shown: list[str] = []
    gone: dict[str, str] = {}
    for run in runs:
        font = run.font or style.font
        why = "text-struck" if font.struck else "text-hidden" if style.hides(font) else ""
        if why:
            gone[why] = gone.get(why, "") + run.text
        else:
            shown.append(show_symbols(run.text, font.symbols) if font.symbols else run.text)
    left_out = (UnreadText(why, text) for why, text in gone.items() if text.strip())
    return "".join(shown), tuple(left_out)


def read_font(element: etree._Element) -> CellFont:
    """Read a `font` of the styles, or the `rPr` of a run."""
    values = {local_name(child): child.get("val") for child in element}
    struck = "strike" in values and values["strike"] not in {"0", "false"}
    name = values.get("name") or values.get("rFont")
    color = next((_color(child) for child in element if local_name(child) == "color"), None)
    tiny = _points(values.get("sz")) <= LARGEST_UNSEEN
    return CellFont(struck, name if is_symbol_font(name) else None, tiny, color)


def _points(value: str | None) -> float:
    try:
        return float(value) if value else 2 * LARGEST_UNSEEN
    except ValueError:
        return 2 * LARGEST_UNSEEN


def _color(element: etree._Element) -> Color | None:
    """Return the color of a `color` or `fgColor`; one of a theme that has a tint is not known."""
    if element.get("tint", "0").strip("-0.") != "":
        return None
    named = element.get("rgb") or _THEMED.get(str(element.get("theme")))
    return read_color(named or _INDEXED.get(str(element.get("indexed"))))


def _read_fill(element: etree._Element) -> CellFill:
    """Return a `fill`: no pattern is none, a solid one has a color, others are not known."""
    pattern = next(iter(element), None)
    if pattern is None or local_name(pattern) != "patternFill":
        return CellFill(is_known=pattern is None)
    kind = pattern.get("patternType", "none")
    if kind == "none":
        return CellFill()
    front = next((child for child in pattern if local_name(child) == "fgColor"), None)
    color = None if front is None or kind != "solid" else _color(front)
    return CellFill(color, is_known=color is not None)


def read_styles(root: etree._Element) -> list[CellStyle]:
    """Return the styles of cells by their index."""
    codes = {
        int(element.get("numFmtId", "0")): str(element.get("formatCode", ""))
        for element in _children(root, "numFmts")
        if str(element.get("numFmtId", "")).isdigit()
    }
    fonts = [read_font(element) for element in _children(root, "fonts")]
    fills = [_read_fill(element) for element in _children(root, "fills")]
    styles: list[CellStyle] = []
    for element in _children(root, "cellXfs"):
        key, font, fill = (_index(element.get(name)) for name in ("numFmtId", "fontId", "fillId"))
        code = codes.get(key) or BUILTIN.get(key, GENERAL)
        styles.append(
            CellStyle(
                code,
                fonts[font] if font < len(fonts) else CellFont(),
                fills[fill] if fill < len(fills) else CellFill(),
            )
        )
    return styles


def _children(root: etree._Element, name: str) -> Iterator[etree._Element]:
    for group in root:
        if local_name(group) == name:
            yield from group


def _index(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() else 0


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
