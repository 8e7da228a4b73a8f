"""Text of rich text (RTF) with its look: groups, fonts and character sets resolved."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from core.tables.formats.legacy.rtf_tokens import (
    RtfToken,
    encoding_of_charset,
    encoding_of_code_page,
    split_rtf,
)
from core.tables.formats.symbols import is_symbol_font, show_symbols

#: Groups that are no text of the document; those that begin with `\*` are none either.
_ASIDE = frozenset(
    {
        "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr",
        "headerf", "footer", "footerl", "footerr", "footerf", "footnote", "annotation",
        "nonesttables", "object", "fldinst", "template", "listtable", "revtbl",
    }
)  # fmt: skip
_PRINTED = {
    "line": "\n", "tab": " ", "emdash": "—", "endash": "–", "bullet": "●", "lquote": "‘",
    "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_SYMBOLS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_LOOKS = {
    "strike": "struck", "striked": "struck", "v": "hidden", "deleted": "deleted",
}  # fmt: skip
_DEEPEST = 500


class RtfPiece(NamedTuple):
    """A piece of text with the reason why it is left out, or a control word of the layout."""

    text: str = ""
    why: str | None = None
    word: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _RtfState:
    """What holds inside a group."""

    aside: bool = False
    fonts: bool = False
    font: int = 0
    struck: bool = False
    hidden: bool = False
    deleted: bool = False
    nested: bool = False
    instead: int = 1

    @property
    def why(self) -> str | None:
        """Why text is left out: a code of `messages`."""
        if self.deleted:
            return "text-deleted"
        return "text-hidden" if self.hidden else "text-struck" if self.struck else None


@dataclass(slots=True)
class _RtfFont:
    encoding: str
    name: str = ""


class RtfText:
    """Turns the pieces of a file into text and control words."""

    def __init__(self) -> None:
        self._stack = [_RtfState()]
        self._encoding = "cp1252"
        self._default_font = 0
        self._fonts: dict[int, _RtfFont] = {}
        self._font = 0
        self._bytes = b""
        self._skip = 0

    def pieces(self, data: bytes) -> Iterator[RtfPiece]:
        """Yield texts and control words; groups that are no text are left out."""
        for token in split_rtf(data):
            if token.kind in {"text", "code"}:
                self._add_bytes(token)
                continue
            if self._bytes:
                yield self._flush()
            if token.kind == "word":
                yield from self._word(token)
            elif token.kind == "symbol":
                yield from self._symbol(token.word)
            elif token.kind == "{":
                self._stack.append(self._stack[-1])
                if len(self._stack) > _DEEPEST:
                    raise ValueError("groups too deep")
            elif len(self._stack) > 1:
                self._stack.pop()

    def _change(self, **values: object) -> None:
        self._stack[-1] = replace(self._stack[-1], **values)  # type: ignore[arg-type]  # fields by name

    def _add_bytes(self, token: RtfToken) -> None:
        state = self._stack[-1]
        if state.fonts:
            font = self._fonts.get(self._font)
            if font is not None and token.kind == "text":
                font.name += token.text.decode("latin-1")
            return
        skipped = min(self._skip, len(token.text))
        self._skip -= skipped
        if not state.aside:
            self._bytes += token.text[skipped:]

    def _flush(self) -> RtfPiece:
        state = self._stack[-1]
        font = self._fonts.get(state.font) or self._fonts.get(self._default_font)
        text = self._bytes.decode(font.encoding if font else self._encoding, "replace")
        self._bytes = b""
        return self._piece(text)

    def _piece(self, text: str) -> RtfPiece:
        state = self._stack[-1]
        font = self._fonts.get(state.font)
        name = font.name.strip(" ;") if font else ""
        return RtfPiece(show_symbols(text, name) if is_symbol_font(name) else text, state.why)

    def _symbol(self, symbol: str) -> Iterator[RtfPiece]:
        if symbol == "*":
            self._change(aside=True)
        elif self._skip:
            self._skip -= 1
        elif symbol in _SYMBOLS and not self._stack[-1].aside:
            yield RtfPiece(_SYMBOLS[symbol], self._stack[-1].why)
        elif symbol in "\r\n":
            yield RtfPiece(word="par")

    def _word(self, token: RtfToken) -> Iterator[RtfPiece]:
        word, number = token.word, token.number or 0
        if word in _ASIDE:
            self._change(aside=True, fonts=word == "fonttbl")
        elif word == "nesttableprops":
            self._change(aside=False, nested=True)
        elif self._stack[-1].fonts:
            self._font_word(word, number)
        elif word == "ansicpg":
            self._encoding = encoding_of_code_page(number)
        elif word == "deff":
            self._default_font = number
        elif not self._stack[-1].aside and not self._look(word, token.number):
            yield from self._text_word(word, token.number)

    def _look(self, word: str, number: int | None) -> bool:
        """Take in a control word that changes how text looks; say whether it was one."""
        if word in _LOOKS:
            self._change(**{_LOOKS[word]: number != 0})
        elif word == "plain":
            self._change(struck=False, hidden=False, deleted=False, font=self._default_font)
        elif word == "f":
            self._change(font=number or 0)
        elif word == "uc":
            self._change(instead=number or 0)
        else:
            return False
        return True

    def _text_word(self, word: str, number: int | None) -> Iterator[RtfPiece]:
        if self._stack[-1].nested:  # of what a table inside a cell looks like, only its rows count
            yield from (RtfPiece(word=each) for each in (word,) if each == "nestrow")
        elif word == "u":
            self._skip = self._stack[-1].instead
            yield self._piece(chr((number or 0) & 0xFFFF))
        elif word in _PRINTED:
            yield RtfPiece(_PRINTED[word], self._stack[-1].why)
        else:
            yield RtfPiece(word=word, number=number)

    def _font_word(self, word: str, number: int) -> None:
        if word == "f":
            self._font = number
            self._fonts[number] = _RtfFont(self._encoding)
        elif word == "fcharset" and self._font in self._fonts:
            self._fonts[self._font].encoding = encoding_of_charset(number, self._encoding)
