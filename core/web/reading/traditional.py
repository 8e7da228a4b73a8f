"""Show pages in traditional characters: what is read, never what is sent back.

A converted value of a field would be stored by the next save, and names of people and places do
not survive the way back. So the text between tags and a few attributes that are read aloud are
converted; fields, what they offer, addresses and data for scripts stay as they are.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

# Comments, elements whose content stays, and tags (a quoted value may hold “>”).
_MARKUP = re.compile(
    r"(?is)<!--.*?-->"
    r"|<(?P<name>textarea|select|datalist|option|script|style)\b.*?</(?P=name)\s*>"
    r"|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"
)
_KEPT = re.compile(r"(?i)<(?:!--|input|textarea|select|datalist|option|script|style)")
_READ_ALOUD = re.compile(r"(?i)(?<=\s)(?:alt|title|aria-label)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
# No text on a page has this character; the library is called once a page, not once a text.
_BETWEEN = "\x1f"


def to_traditional(page: str) -> str:
    """Convert an HTML page; markup, values of fields and addresses are kept to the letter."""
    pieces = list(_split(page))
    read = [text for text, is_read in pieces if is_read]
    converted = iter(_convert(read))
    return "".join(next(converted) if is_read else text for text, is_read in pieces)


@cache
def _converter() -> "OpenCC":
    from opencc import OpenCC  # its dictionaries take a while to load, once

    return OpenCC("s2t")


def _convert(texts: list[str]) -> list[str]:
    converter = _converter()
    together: list[str] = converter.convert(_BETWEEN.join(texts)).split(_BETWEEN)
    if len(together) == len(texts):
        return together
    return [converter.convert(text) for text in texts]


def _split(page: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a page, each with whether it is read (and not sent back)."""
    end = 0
    for match in _MARKUP.finditer(page):
        yield page[end : match.start()], True
        yield from _split_tag(match.group())
        end = match.end()
    yield page[end:], True


def _split_tag(tag: str) -> Iterator[tuple[str, bool]]:
    if tag.isascii() or _KEPT.match(tag):
        yield tag, False
        return
    end = 0
    for match in _READ_ALOUD.finditer(tag):
        yield tag[end : match.start()], False
        yield match.group(), True
        end = match.end()
    yield tag[end:], False
