"""Read the part of Meilisearch's filter language that we write, as its own parser would.

A quoted value ends at the first quotation mark that no backslash stands before; only that escape
is undone.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Document = Mapping[str, Any]
Test = Callable[[Document], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>[()\[\],]|>=|<=|!=|=|>|<)|(?P<word>[\w.-]+)|(?P<quote>["']))"""
)


class FilterError(ValueError):
    """What stands there is no filter, or asks a field that cannot be filtered by."""


class _Reader:
    """Tokens of a filter: signs and words as they are, quoted values as (value,)."""

    def __init__(self, text: str, filterable: set[str]) -> None:
        self._text = text
        self._place = 0
        self._filterable = filterable
        self._ahead: str | tuple[str] | None = self._read()

    def _read(self) -> str | tuple[str] | None:
        if not self._text[self._place :].strip():
            return None
        match = _TOKEN.match(self._text, self._place)
        if match is None:
            raise FilterError(f"unexpected characters at {self._place}: {self._text}")
        self._place = match.end()
        if match["quote"]:
            return (self._quoted(match["quote"]),)
        return match["sign"] or match["word"]

    def _quoted(self, mark: str) -> str:
        start = self._place
        while self._place < len(self._text):
            character = self._text[self._place]
            self._place += 2 if character == "\\" else 1
            if character == mark:
                return self._text[start : self._place - 1].replace("\\" + mark, mark)
        raise FilterError("a quotation mark is not closed")

    def take(self) -> str | tuple[str]:
        """The next token."""
        token = self._ahead
        if token is None:
            raise FilterError("the filter ends too early")
        self._ahead = self._read()
        return token

    def follows(self, *wanted: str) -> bool:
        """Take the next token if it is one of these."""
        if self._ahead in wanted:
            self.take()
            return True
        return False

    def expect(self, wanted: str) -> None:
        """Take exactly this token."""
        if not self.follows(wanted):
            raise FilterError(f"{wanted} expected at {self._place}: {self._text}")

    def value(self) -> str:
        """A value: quoted, or one word."""
        token = self.take()
        return token[0] if isinstance(token, tuple) else token

    def field(self) -> str:
        """A field that may be filtered by."""
        name = self.value()
        if name not in self._filterable:
            raise FilterError(f"attribute `{name}` is not filterable")
        return name

    @property
    def ended(self) -> bool:
        """Nothing is left."""
        return self._ahead is None


def parse(text: str, filterable: set[str]) -> Test:
    """The test that a filter stands for; raises `FilterError`."""
    reader = _Reader(text, filterable)
    test = _or(reader)
    if not reader.ended:
        raise FilterError(f"something is left over: {text}")
    return test


def _or(reader: _Reader) -> Test:
    parts = [_and(reader)]
    while reader.follows("OR"):
        parts.append(_and(reader))
    return lambda document: any(part(document) for part in parts)


def _and(reader: _Reader) -> Test:
    parts = [_not(reader)]
    while reader.follows("AND"):
        parts.append(_not(reader))
    return lambda document: all(part(document) for part in parts)


def _not(reader: _Reader) -> Test:
    if reader.follows("NOT"):
        part = _not(reader)
        return lambda document: not part(document)
    if reader.follows("("):
        inside = _or(reader)
        reader.expect(")")
        return inside
    return _condition(reader)


def _condition(reader: _Reader) -> Test:
    name = reader.field()
    if reader.follows("IN"):
        wanted = _list(reader)
        return lambda document: bool(wanted & _values(document, name))
    if reader.follows("="):
        value = _plain(reader.value())
        return lambda document: value in _values(document, name)
    first = float(reader.value())
    reader.expect("TO")
    last = float(reader.value())
    return lambda document: any(first <= float(one) <= last for one in _values(document, name))


def _list(reader: _Reader) -> set[str]:
    reader.expect("[")
    values: set[str] = set()
    while not reader.follows("]"):
        values.add(_plain(reader.value()))
        if not reader.follows(","):
            reader.expect("]")
            break
    return values


def _values(document: Document, name: str) -> set[str]:
    value = document.get(name)
    many = value if isinstance(value, list) else [] if value is None else [value]
    return {_plain(one) for one in many}


def _plain(value: object) -> str:
    return str(value).strip().lower()  # the server compares without upper case too
