"""Scan and mask HTML as it is read: a number in parts of different markup is one number.

Positions are those of the HTML. Values of attributes (`alt`, `title`, `href="tel:…"`) are scanned
too: `where` names the attribute. Cells of a table are read as a list below its heads.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape, unescape

from core.privacy.domain.findings import DEFAULT_RULES, PersonalFinding, Rules
from core.privacy.domain.scanning import scan_text

_TOKEN = re.compile(
    r"(?P<hidden><!--.*?-->|<(?P<raw>script|style)\b.*?</(?P=raw)\s*>)"
    r"|<(?P<tag>/?[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)|(?P<text>[^<&]+|.)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TAGS = re.compile(r"<!--.*?-->|</?[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_VALUE_PART = re.compile(r"&[#\w]+;|[^&]+|&")
#: Elements within a line; all others end it.
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
        "em", "font", "i", "img", "ins", "kbd", "label", "mark", "o", "q", "s", "samp", "small",
        "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_LINE_BREAKS = str.maketrans("\r\n", "  ")


@dataclass
class _MappedText:
    """Text as it is read, with the place in the HTML of each of its parts."""

    where: str = ""
    parts: list[str] = field(default_factory=list)
    #: Of each part: its place in the text, its place in the HTML, its length there.
    places: list[tuple[int, int, int]] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, start: int, length: int) -> None:
        self.parts.append(text)
        self.places.append((self.length, start, length))
        self.length += len(text)

    def source(self, position: int) -> tuple[int, int]:
        """Return where a character of the text begins and ends in the HTML."""
        number = bisect_right(self.places, (position, float("inf"), 0)) - 1
        at, start, length = self.places[number]
        if len(self.parts[number]) == length:
            return start + position - at, start + position - at + 1
        return start, start + length

    def scan(self, rules: Rules) -> Iterator[PersonalFinding]:
        """Yield the findings with their places in the HTML."""
        for finding in scan_text("".join(self.parts), rules):
            start, end = self.source(finding.start)[0], self.source(finding.end - 1)[1]
            yield replace(finding, start=start, end=end, where=self.where)


def scan_markup(html: str, rules: Rules = DEFAULT_RULES) -> list[PersonalFinding]:
    """Return the personal data in HTML, in its order; `text` is what a reader sees of it."""
    findings = [finding for text in _read(html) for finding in text.scan(rules)]
    return sorted(findings, key=lambda finding: finding.start)


def mask_markup(html: str, findings: Iterable[PersonalFinding]) -> str:
    """Return the HTML with its findings masked: no element is lost, also inside a number."""
    parts, end = list[str](), 0
    for finding in findings:
        tags = "".join(_TAGS.findall(html[finding.start : finding.end]))
        parts += [html[end : finding.start], escape(finding.masked), tags]
        end = finding.end
    return "".join([*parts, html[end:]])


def _read(html: str) -> list[_MappedText]:
    """Return the text of HTML, and the values of its attributes each by itself."""
    body = _MappedText()
    texts = [body]
    layout = _Layout()
    for token in _TOKEN.finditer(html):
        if token["tag"]:
            gap = layout.gap(token["tag"].lower())
            if gap:
                body.add(gap, token.start(), 0)
            texts += _read_attributes(token)
        elif token["entity"] or token["text"]:
            _add_text(body, token.group(), token.start())
    return texts


@dataclass
class _Layout:
    """Where lines and cells begin: paragraphs within a cell break no row of a table."""

    in_row: bool = False
    cells: int = 0

    def gap(self, tag: str) -> str:
        """Return what a tag puts between the words beside it."""
        if tag in {"tr", "/tr"}:
            self.in_row, self.cells = tag == "tr", 0
            return "\n"
        if tag in _CELLS:
            self.cells += 1
            return "\t" if self.cells > 1 else ""
        if tag.lstrip("/") in _INLINE | _CELLS:
            return ""
        self.in_row = self.in_row and tag != "/table"
        return " " if self.in_row else "\n"


def _read_attributes(token: re.Match[str]) -> Iterator[_MappedText]:
    for attribute in _ATTRIBUTE.finditer(token["attributes"]):
        group = 2 if attribute[2] is not None else 3
        text = _MappedText(attribute[1])
        start = token.start("attributes") + attribute.start(group)
        for part in _VALUE_PART.finditer(attribute[group]):
            _add_text(text, part.group(), start + part.start())
        yield text


def _add_text(text: _MappedText, raw: str, start: int) -> None:
    plain = unescape(raw) if raw.startswith("&") else raw
    if plain:
        text.add(plain.translate(_LINE_BREAKS), start, len(raw))
