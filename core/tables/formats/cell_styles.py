"""Styles of a workbook's cells, as far as they decide what is read: number format, font."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from core.tables.formats.number_format import BUILTIN, GENERAL, shows_texts_as_they_are
from core.tables.formats.symbols import is_symbol_font, show_symbols
from core.tables.grid import UnreadText


@dataclass(frozen=True, slots=True)
class CellFont:
    """Whether a font strikes text through, and its name if it prints symbols."""

    struck: bool = False
    symbols: str | None = None


@dataclass(frozen=True)
class CellStyle:
    """A number format and a font; `is_plain` says that texts are shown as they are."""

    code: str = GENERAL
    font: CellFont = CellFont()

    @cached_property
    def is_plain(self) -> bool:
        """Say whether a text in this style is shown as it is."""
        return self.font == CellFont() and shows_texts_as_they_are(self.code)


class TextRun(NamedTuple):
    """A part of a text; without a font of its own it has the cell's."""

    text: str
    font: CellFont | None = None


def show_runs(runs: Sequence[TextRun], style: CellStyle) -> tuple[str, tuple[UnreadText, ...]]:
    """Return the text that is not struck through, and what is left out."""
    shown: list[str] = []
    struck: list[str] = []
    for run in runs:
        font = run.font or style.font
        if font.struck:
            struck.append(run.text)
        else:
            shown.append(show_symbols(run.text, font.symbols) if font.symbols else run.text)
    gone = "".join(struck)
    return "".join(shown), (UnreadText("text-struck", gone),) if gone.strip() else ()


def read_font(element: etree._Element) -> CellFont:
    """Read a `font` of the styles, or the `rPr` of a run."""
    values = {local_name(child): child.get("val") for child in element}
    struck = "strike" in values and values["strike"] not in {"0", "false"}
    name = values.get("name") or values.get("rFont")
    return CellFont(struck, name if is_symbol_font(name) else None)


def read_styles(root: etree._Element) -> list[CellStyle]:
    """Return the styles of cells by their index."""
    codes = {
        int(element.get("numFmtId", "0")): str(element.get("formatCode", ""))
        for element in _children(root, "numFmts")
        if str(element.get("numFmtId", "")).isdigit()
    }
    fonts = [read_font(element) for element in _children(root, "fonts")]
    styles: list[CellStyle] = []
    for element in _children(root, "cellXfs"):
        key, font = (_index(element.get(name)) for name in ("numFmtId", "fontId"))
        code = codes.get(key) or BUILTIN.get(key, GENERAL)
        styles.append(CellStyle(code, fonts[font] if font < len(fonts) else CellFont()))
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
