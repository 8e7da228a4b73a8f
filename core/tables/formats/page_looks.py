"""Parts of a page that are hidden or struck through, by tag, attribute and style sheet."""

import re
from collections.abc import Iterator

from lxml import etree

from core.tables.formats.colors import Color, is_unseen, read_color
from core.tables.formats.symbols import is_symbol_font

HIDDEN, STRUCK = "text-hidden", "text-struck"
_STRUCK_TAGS = frozenset({"s", "strike", "del"})
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all"
    r"|font-size:(?:0(?:\.0+)?(?:px|pt|em|rem|%)?|0?\.\d+(?:px|pt)|1(?:\.0+)?(?:px|pt))(?![.\d])"
    r"|opacity:0(?:\.0+)?(?![.\d])|(?<![\w-])color:transparent"
    r"|text-indent:-\d{3,}|(?<![\w-])left:-\d{4,}"
)
_COLOR = re.compile(r"(?<![\w-])color:([^;}!]+)")
_BACKGROUND = re.compile(r"(?<![\w-])background(?:-color)?:([^;}!]+)")
_NO_BACKGROUND = frozenset({"none", "transparent", "initial", "inherit", "unset"})
_STRUCK_STYLE = re.compile(
    r"text-decoration(?:-line)?:[^;}]*line-through|text-line-through:(?!none)"
)
_FONT = re.compile(r"font(?:-family)?:[^;}]*?(wingdings(?: [23])?|webdings)")
_RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")
_SIMPLE = re.compile(r"(?P<tag>[a-z]\w*)?(?P<name>[.#][\w-]+)?", re.IGNORECASE)
_STEPS = re.compile(r"[\s>+~]+")
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SPACES = re.compile(r"\s+(?=[:;])|(?<=[:;])\s+")
_MOST_STYLES = 2_000_000


class PageLooks:
    """Says of an element why its text is left out (a code of `messages`), and its symbol font."""

    def __init__(self, root: etree._Element) -> None:
        self._reasons: dict[str, str] = {}
        self._fonts: dict[str, str] = {}
        #: Selectors of rules that print in white, and of those that color what is behind a text.
        self._whites: set[str] = set()
        self._backgrounds: set[str] = set()
        for sheet in root.iter("style"):
            self._add_rules("".join(map(str, sheet.itertext()))[:_MOST_STYLES])

    def find_reason(self, element: etree._Element) -> str | None:
        """Return why the text of an element is left out; `None` where it is shown."""
        if element.tag in _STRUCK_TAGS:
            return STRUCK
        if not element.attrib and not self._reasons and not self._whites:
            return None
        if "hidden" in element.attrib:
            return HIDDEN
        own = _reason(element.get("style"))
        found = own or next(filter(None, map(self._reasons.get, _keys(element))), None)
        return found or (HIDDEN if self._is_white_on_white(element) else None)

    def _is_white_on_white(self, element: etree._Element) -> bool:
        """Say whether an element prints white where neither it nor what is around it is colored."""
        own = _color(element.get("style")) or read_color(element.get("color"))
        is_white = is_unseen(own) if own else not self._whites.isdisjoint(_keys(element))
        if not is_white:
            return False
        return not any(self._is_colored(outer) for outer in (element, *element.iterancestors()))

    def _is_colored(self, element: etree._Element) -> bool:
        if not self._backgrounds.isdisjoint(_keys(element)):
            return True
        return _has_background(element.get("style")) or (
            "bgcolor" in element.attrib and not is_unseen(read_color(element.get("bgcolor")))
        )

    def find_font(self, element: etree._Element) -> str | None:
        """Return the symbol font that an element sets; `None` where it sets none."""
        if not element.attrib:
            return None
        face = element.get("face")
        if face and is_symbol_font(face.partition(",")[0]):
            return face.partition(",")[0]
        return _font(element.get("style")) or next(
            filter(None, map(self._fonts.get, _keys(element))), None
        )

    def _add_rules(self, sheet: str) -> None:
        for rule in _RULE.finditer(_COMMENT.sub(" ", sheet)):
            body = rule["body"]
            for selector in rule["selectors"].split(","):
                key = selector.strip().lower()
                if key and _SIMPLE.fullmatch(key):
                    self._add_rule(key, body)
                # Whatever is around it: what may stand on a color is taken to be seen.
                if _has_background(body):
                    self._backgrounds.add(_STEPS.split(key)[-1].partition(":")[0] or "body")

    def _add_rule(self, key: str, body: str) -> None:
        reason, font = _reason(body), _font(body)
        if reason:
            self._reasons[key] = reason
        if font:
            self._fonts[key] = font
        if is_unseen(_color(body)):
            self._whites.add(key)


def _keys(element: etree._Element) -> Iterator[str]:
    """Give the simple selectors that match an element."""
    tag = str(element.tag)
    yield tag
    for name in str(element.get("class", "")).lower().split():
        yield f".{name}"
        yield f"{tag}.{name}"
    if element.get("id"):
        yield f"#{str(element.get('id')).lower()}"


def _reason(style: str | None) -> str | None:
    if not style:
        return None
    plain = _SPACES.sub("", style.lower())
    if _HIDDEN_STYLE.search(plain):
        return HIDDEN
    return STRUCK if _STRUCK_STYLE.search(plain) else None


def _font(style: str | None) -> str | None:
    found = _FONT.search(style.lower()) if style else None
    return found[1] if found else None


def _color(style: str | None) -> Color | None:
    found = _COLOR.search(_SPACES.sub("", style.lower())) if style else None
    return read_color(found[1]) if found else None


def _has_background(style: str | None) -> bool:
    """Say whether a style colors what is behind a text in anything but white."""
    found = _BACKGROUND.search(_SPACES.sub("", style.lower())) if style else None
    if found is None or found[1] in _NO_BACKGROUND:
        return False
    return not is_unseen(read_color(found[1]))
