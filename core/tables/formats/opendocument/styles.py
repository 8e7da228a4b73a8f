"""Styles of an OpenDocument file, as far as they decide what is read."""

import re
from dataclasses import dataclass, field

from lxml import etree

from core.tables.formats.colors import (
    LARGEST_UNSEEN,
    LOWEST_ROW,
    NARROWEST_COLUMN,
    Color,
    is_unseen,
    read_color,
)
from core.tables.formats.symbols import is_symbol_font

_SPACE = "urn:oasis:names:tc:opendocument:xmlns"
TEXT, TABLE, STYLE, OFFICE, DRAW = (
    f"{{{_SPACE}:{name}:1.0}}" for name in ("text", "table", "style", "office", "drawing")
)
_FO = f"{{{_SPACE}:xsl-fo-compatible:1.0}}"
_SVG = f"{{{_SPACE}:svg-compatible:1.0}}"
_MOST_PARENTS = 20
_FAMILY = f"{STYLE}family"
_BEHIND = (f"{STYLE}table-cell-properties", f"{STYLE}paragraph-properties")
_LENGTHS = (f"{STYLE}table-row-properties", f"{STYLE}table-column-properties")
_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)(pt|cm|mm|in|pc|px)")
_UNITS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "pc": 12.0, "px": 0.75}
#: The width of a letter in points.
_LETTER = 5.0
STYLE_TAGS = (f"{STYLE}style", f"{STYLE}default-style", f"{STYLE}font-face")


@dataclass(frozen=True, slots=True)
class Look:
    """How a text looks: struck through, hidden, in a font of symbols, its color on which other."""

    struck: bool = False
    hidden: bool = False
    symbols: str | None = None
    color: Color | None = None
    behind: Color | None = None
    tiny: bool = False

    @property
    def is_unseen(self) -> bool:
        """Say whether nobody can read the text."""
        return self.hidden or self.tiny or is_unseen(self.color, self.behind)


@dataclass(slots=True)
class _OdfStyle:
    """What one style says; `None` leaves it to its parent."""

    parent: str | None
    struck: bool | None = None
    hidden: bool | None = None
    font: str | None = None
    shown: bool = True
    color: Color | None = None
    behind: Color | None = None
    tiny: bool | None = None


@dataclass(slots=True)
class DocumentStyles:
    """Styles by family and name, and the families of fonts by the names used for them."""

    styles: dict[tuple[str, str], _OdfStyle] = field(default_factory=dict)
    fonts: dict[str, str] = field(default_factory=dict)

    def add(self, element: etree._Element) -> None:
        """Take in one of `STYLE_TAGS`."""
        name = element.get(f"{STYLE}name", "")
        if element.tag == f"{STYLE}font-face":
            self.fonts[name] = element.get(f"{_SVG}font-family", name).strip("'\"")
            return
        style = _OdfStyle(element.get(f"{STYLE}parent-style-name"))
        for properties in element:
            if properties.tag == f"{STYLE}text-properties":
                _read_text_properties(style, properties)
            elif properties.tag == f"{STYLE}table-properties":
                style.shown = properties.get(f"{TABLE}display") != "false"
            elif properties.tag in _LENGTHS:
                style.shown = not _is_flat(properties)
            if properties.tag in _BEHIND:
                style.behind = _behind(properties) or style.behind
        self.styles[element.get(_FAMILY, ""), name] = style

    def is_shown(self, element: etree._Element, family: str = "table") -> bool:
        """Say whether a table (a sheet), a row or a column is shown as its style says."""
        style = self.styles.get((family, element.get(f"{TABLE}style-name", "")))
        return style is None or style.shown

    def look(self, family: str, name: str | None, base: Look) -> Look:
        """Return how a text of a style looks inside a text that looks like `base`."""
        chain: list[_OdfStyle] = []
        while (style := self.styles.get((family, name or ""))) and len(chain) < _MOST_PARENTS:
            chain.append(style)
            name = style.parent
        for style in reversed(chain):
            base = self._over(base, style)
        return base

    def _over(self, base: Look, style: _OdfStyle) -> Look:
        font = base.symbols
        if style.font is not None:
            family = self.fonts.get(style.font, style.font)
            font = family if is_symbol_font(family) else None
        return Look(
            base.struck if style.struck is None else style.struck,
            base.hidden if style.hidden is None else style.hidden,
            font,
            style.color or base.color,
            style.behind or base.behind,
            base.tiny if style.tiny is None else style.tiny,
        )


def _read_text_properties(style: _OdfStyle, properties: etree._Element) -> None:
    line = properties.get(f"{STYLE}text-line-through-style")
    kind = properties.get(f"{STYLE}text-line-through-type")
    if line is not None or kind is not None:
        style.struck = "none" not in {line, kind}
    display = properties.get(f"{TEXT}display")
    if display is not None:
        style.hidden = display == "none"
    style.color = read_color(properties.get(f"{_FO}color"))
    style.behind = _behind(properties) or style.behind
    size = _points(properties.get(f"{_FO}font-size"))
    style.tiny = None if size is None else size <= LARGEST_UNSEEN
    style.font = properties.get(f"{STYLE}font-name") or properties.get(f"{_FO}font-family")


def _behind(properties: etree._Element) -> Color | None:
    return read_color(properties.get(f"{_FO}background-color"))


def _is_flat(properties: etree._Element) -> bool:
    """Say whether a row or column is too low or narrow to show anything."""
    height = _points(properties.get(f"{STYLE}row-height"))
    width = _points(properties.get(f"{STYLE}column-width"))
    if height is not None:
        return height < LOWEST_ROW
    return width is not None and width < _LETTER * NARROWEST_COLUMN


def _points(length: str | None) -> float | None:
    """Return a length in points; `None` for one that is relative or not given."""
    found = _LENGTH.fullmatch(length or "")
    return float(found[1]) * _UNITS[found[2]] if found else None
