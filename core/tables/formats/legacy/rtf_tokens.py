"""Rich text (RTF) taken apart: groups, control words, text; and the characters it stands for."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]+)(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
#: Encodings by the character set of a font, and by the code page of a document.
_CHARSETS = {
    2: "latin-1",  # symbols, by position
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5",
    204: "cp1251",
    238: "cp1250",
}
_CODE_PAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 65001: "utf-8"}


class RtfToken(NamedTuple):
    """A piece of a document: `{`, `}`, a control word with its number, or bytes of text.

    `end` is the place behind it.
    """

    kind: str
    word: str = ""
    number: int | None = None
    text: bytes = b""
    end: int = 0


def split_rtf(data: bytes) -> Iterator[RtfToken]:
    """Yield the pieces of a document; bytes that `bin` announces are left out."""
    place = 0
    while token := _TOKEN.match(data, place):
        place = token.end()
        word, number, code, symbol, brace, text = token.groups()
        if word is not None:
            name = word.decode("ascii")
            if name == "bin":
                place += max(0, int(number or b"0"))
            yield RtfToken("word", name, None if number is None else int(number), end=place)
        elif brace is not None:
            yield RtfToken(brace.decode("ascii"), end=place)
        elif code is not None:
            yield RtfToken("code", text=bytes([int(code, 16)]), end=place)
        elif symbol is not None:
            yield RtfToken("symbol", symbol.decode("latin-1"), end=place)
        elif text is not None:
            yield RtfToken("text", text=text, end=place)


def encoding_of_charset(number: int, default: str) -> str:
    """Return the encoding of a font's character set; 0 and 1 mean the document's own."""
    return _CHARSETS.get(number, default)


def encoding_of_code_page(number: int) -> str:
    """Return the encoding of a document's code page."""
    return _CODE_PAGES.get(number, f"cp{number}" if 1250 <= number <= 1258 else "cp1252")
