"""Text of Word paragraphs run by run: what is printed, and what is struck, hidden or deleted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

from core.tables.formats.colors import LARGEST_UNSEEN, Color, is_unseen, read_color
from core.tables.formats.symbols import find_symbol, is_symbol_font, show_symbols
from core.tables.grid import UnreadText

SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
PARAGRAPHS = frozenset(f"{{{space}}}p" for space in SPACES)
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PRINTED_AS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}


def _tags(*names: str) -> frozenset[str]:
    return frozenset(f"{{{space}}}{name}" for space in SPACES for name in names)


_PRINTED = _tags("t", "sym", *_PRINTED_AS)
_RUNS, _DELETED = _tags("r"), _tags("delText")
#: Text that was moved away, stands in a box of its own, or repeats a drawing for old programs.
_UNSEEN = _tags("moveFrom", "txbxContent") | {FALLBACK}
#: Where one of these is met, a paragraph is read run by run.
_DOUBTFUL = _UNSEEN | _DELETED | _tags("strike", "dstrike", "vanish", "specVanish")
_STYLED = _tags("rStyle", "pStyle")
_FONTS = _tags("rFonts")
_COLORS, _SIZES = _tags("color"), _tags("sz")
#: A walk meets many elements; of all others nothing is asked.
_LOOKED_AT = PARAGRAPHS | _PRINTED | _DOUBTFUL | _STYLED | _FONTS | _COLORS | _SIZES
_WHY = {
    "strike": "text-struck",
    "dstrike": "text-struck",
    "vanish": "text-hidden",
    "specVanish": "text-hidden",
}
#: A color behind a text that is not known, but no paper.
INK: Color = (0, 0, 0)
_OFF = frozenset({"0", "false", "off", "none"})
_MOST_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class RunLook:
    """Why a run's text is left out (a code of `messages`), its symbol font, color and size."""

    why: str | None = None
    font: str | None = None
    color: Color | None = None
    tiny: bool = False
    #: The color behind the text; `None` is paper.
    behind: Color | None = None

    @property
    def reason(self) -> str | None:
        """Why the text is left out: by a mark, or because nobody can read it."""
        if self.why or not (self.tiny or is_unseen(self.color, self.behind)):
            return self.why
        return "text-hidden"


@dataclass(frozen=True, slots=True)
class ParagraphText:
    """The text that a paragraph prints, and what it leaves out."""

    text: str
    left_out: tuple[UnreadText, ...] = ()


class RunReader:
    """Reads the runs of a document, whose styles may strike or hide text too."""

    def __init__(self, styles: Mapping[str, RunLook]) -> None:
        self._styles = styles

    def read_plain(self, cell: etree._Element) -> list[tuple[etree._Element, str]] | None:
        """Return a cell's paragraphs and texts in one walk; `None` where it is not so plain."""
        found: list[tuple[etree._Element, list[str]]] = []
        texts: list[str] = []
        for element in cell.iter():
            tag = element.tag
            if tag not in _LOOKED_AT:
                continue
            if tag in PARAGRAPHS:
                texts = []
                found.append((element, texts))
            elif tag in _PRINTED:
                texts.append(_printed(element))
            elif tag in _DOUBTFUL or self._is_special(element):
                return None
        return [(paragraph, "".join(texts)) for paragraph, texts in found]

    def _is_special(self, element: etree._Element) -> bool:
        """Say whether a property may take text away or turn letters into symbols."""
        tag = element.tag
        if tag in _STYLED:
            return get(element, "val") in self._styles
        if tag in _COLORS:
            return is_unseen(read_color(get(element, "val")))
        return bool(_symbol_font(element)) if tag in _FONTS else _is_tiny(element)

    def read(self, paragraph: etree._Element, background: Color | None = None) -> ParagraphText:
        """Return the text of a paragraph, run by run; it stands on a cell of that color."""
        shown: list[str] = []
        left_out: dict[str, list[str]] = {}
        base = self._style(child(paragraph, "pPr", "pStyle"))
        shade = read_shade(child(paragraph, "pPr", "shd")) or background
        base = replace(base, behind=shade or base.behind)
        look = base
        for element in _seen(paragraph):
            if element.tag in _RUNS:
                look = self._look(element, base)
            elif element.tag in _DELETED:
                left_out.setdefault("text-deleted", []).append(element.text or "")
            elif element.tag in _PRINTED:
                text = _printed(element)
                if reason := look.reason:
                    left_out.setdefault(reason, []).append(text)
                else:
                    shown.append(show_symbols(text, look.font) if look.font else text)
        parts = ((why, "".join(texts)) for why, texts in left_out.items())
        return ParagraphText(
            "".join(shown), tuple(UnreadText(why, text) for why, text in parts if text.strip())
        )

    def _look(self, run: etree._Element, base: RunLook) -> RunLook:
        properties = child(run, "rPr")
        if properties is None:
            return base
        style = child(properties, "rStyle")
        styled = base if style is None else self._style(style)
        return _look_in(properties, replace(styled, behind=styled.behind or base.behind))

    def _style(self, reference: etree._Element | None) -> RunLook:
        name = None if reference is None else get(reference, "val")
        return self._styles.get(name or "", RunLook())


def read_style_looks(root: etree._Element) -> dict[str, RunLook]:
    """Return the styles that strike or hide text, or print symbols, by their ids."""
    styles = {get(style, "styleId") or "": style for style in root if local_name(style) == "style"}
    looks = {name: _inherited(name, styles) for name in styles}
    return {
        name: look
        for name, look in looks.items()
        if name and (look.reason or look.font or look.behind)
    }


def _inherited(name: str, styles: Mapping[str, etree._Element]) -> RunLook:
    chain: list[etree._Element] = []
    while name in styles and len(chain) < _MOST_ANCESTORS:
        chain.append(styles[name])
        base = child(styles[name], "basedOn")
        name = "" if base is None else get(base, "val") or ""
    look = RunLook()
    for style in reversed(chain):
        properties = child(style, "rPr")
        look = look if properties is None else _look_in(properties, look)
    return look


def _look_in(properties: etree._Element, base: RunLook) -> RunLook:
    """Return a look with the properties of a run or a style applied."""
    why, font, color, tiny, behind = base.why, base.font, base.color, base.tiny, base.behind
    for element in properties:
        name = local_name(element)
        if name in _WHY:
            is_on = get(element, "val") not in _OFF
            why = _WHY[name] if is_on else None if why == _WHY[name] else why
        elif name == "rFonts":
            font = _symbol_font(element)
        elif name == "color":
            color = read_color(get(element, "val"))
        elif name == "sz":
            tiny = _is_tiny(element)
        elif name in {"shd", "highlight"}:
            behind = read_shade(element) or behind
    return RunLook(why, font, color, tiny, behind)


def read_shade(element: etree._Element | None) -> Color | None:
    """Return the color of a `shd` or `highlight`; `None` where it has none."""
    if element is None:
        return None
    # A pattern over the fill, or a color of the theme, is anything but paper.
    known = read_color(get(element, "fill"))
    is_other = local_name(element) == "highlight" or get(element, "themeFill") is not None
    return known or (INK if is_other else None)


def _is_tiny(size: etree._Element) -> bool:
    """Say whether a size, in halves of a point, is too small to be read."""
    value = get(size, "val") or ""
    return value.isascii() and value.isdigit() and int(value[:6]) <= 2 * LARGEST_UNSEEN


def _symbol_font(fonts: etree._Element) -> str | None:
    name = get(fonts, "ascii") or get(fonts, "hAnsi")
    return name if is_symbol_font(name) else None


def _seen(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Give the elements of a paragraph without those that print nothing here."""
    unseen: set[etree._Element] = set()
    for element in paragraph.iter():
        if element.tag in _UNSEEN:
            unseen.update(element.iter())
        elif element not in unseen:
            yield element


def _printed(element: etree._Element) -> str:
    name = local_name(element)
    if name == "t":
        return element.text or ""
    if name == "sym":
        return _symbol(element)
    # The stops of a paragraph's ruler are called tabs as well.
    return _PRINTED_AS[name] if name != "tab" or _parent_name(element) == "r" else ""


def _parent_name(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else local_name(parent)


def _symbol(element: etree._Element) -> str:
    try:
        position = int(get(element, "char") or "", 16)
    except ValueError:
        return ""
    return find_symbol(get(element, "font") or "", position)


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    tag = element.tag
    return _name(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=1024)
def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def get(element: etree._Element, name: str) -> str | None:
    """Return an attribute whatever its namespace prefix."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


@lru_cache(maxsize=1024)
def _sibling_tag(tag: str, name: str) -> str:
    """Return the tag of a name in the namespace that another tag is in."""
    return f"{tag.partition('}')[0]}}}{name}"


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Return the first element on a path of names, in the namespace of the one it starts from."""
    for name in path:
        if element is None:
            return None
        wanted = _sibling_tag(str(element.tag), name)
        # Asking lxml for one tag costs more than looking at the few children there are.
        for inner in element:
            if inner.tag == wanted:
                element = inner
                break
        else:
            return None
    return element
