"""Mark passages in sanitised HTML: the words stay as they are, an element is put around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from lxml import html
from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class PassageMark:
    """A passage to be marked: its words, and the id that its link leads to with the link's name.

    Without a target it is text that is new.
    """

    passage: str
    target: str = ""
    label: str = ""


@dataclass(slots=True)
class _TextRun:
    """Text of an element or behind it: one run without markup."""

    element: HtmlElement
    is_tail: bool

    @property
    def text(self) -> str:
        return (self.element.tail if self.is_tail else self.element.text) or ""


def mark_text(markup: str, marks: Sequence[PassageMark]) -> str:
    """Put a mark around the first place of each passage that lies in one run of text.

    Blanks and line ends count as one blank. A passage across elements is marked at its longest
    run; what is found nowhere is left out.
    """
    tree = html.fragment_fromstring(markup, create_parent="div")
    for mark in marks:
        found = _find(tree, mark.passage)
        if found is not None:
            _put(*found, mark)
    return "".join(_inner(tree))


def _pieces(tree: HtmlElement) -> Iterator[_TextRun]:
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in {"mark", "ins"}:
            continue
        yield _TextRun(element, is_tail=False)
        for child in element:
            yield _TextRun(child, is_tail=True)


def _find(tree: HtmlElement, passage: str) -> tuple[_TextRun, int, int] | None:
    """Find the run of text that holds the passage, with its place in it."""
    for piece in _pieces(tree):
        start = piece.text.find(passage)
        if start >= 0:
            return piece, start, start + len(passage)
    return _find_longest(tree, passage)


def _find_longest(tree: HtmlElement, passage: str) -> tuple[_TextRun, int, int] | None:
    """Find the longest run of text that is itself a part of the passage."""
    best: _TextRun | None = None
    for piece in _pieces(tree):
        words = piece.text.strip()
        if words and words in passage and (best is None or len(words) > len(best.text.strip())):
            best = piece
    if best is None or len(best.text.strip()) * 2 < len(passage):
        return None
    start = best.text.index(best.text.strip())
    return best, start, start + len(best.text.strip())


def _put(piece: _TextRun, start: int, end: int, mark: PassageMark) -> None:
    """Put the mark's element into the run of text."""
    text = piece.text
    element = _build(mark, text[start:end])
    element.tail = text[end:]
    if piece.is_tail:
        parent = piece.element.getparent()
        piece.element.tail = text[:start]
        assert parent is not None  # a tail stands in its parent
        parent.insert(parent.index(piece.element) + 1, element)
        return
    piece.element.text = text[:start]
    piece.element.insert(0, element)


def _build(mark: PassageMark, words: str) -> HtmlElement:
    if not mark.target:
        element = html.Element("ins")
        element.text = words
        return element
    element = html.Element("mark")
    link = html.Element("a", href=f"#{mark.target}")
    element.append(link)
    link.text = words
    link.set("aria-label", f"{mark.label}: {words}")
    return element


def _inner(tree: HtmlElement) -> Iterator[str]:
    yield escape(tree.text or "", quote=False)
    for child in tree:
        yield html.tostring(child, encoding="unicode")
