"""Parse the part of Meilisearch's filter language that we write, as its own parser would.

A quoted value ends at the first quotation mark that no backslash stands before; only that escape
is undone.
"""

import re
from collections.abc import Callable, Mapping
from math import inf
from typing import Any

from core.search.geo import GeoPoint, measure_metres

Document = Mapping[str, Any]
Test = Callable[[Document], bool]

_TOKEN = re.compile(r'\s*(?:(?P<sign>[()\[\],])|(?P<word>[\w.-]+)|(?P<quote>"))')


class FilterError(ValueError):
    """The text is no filter, or it names a field that cannot be filtered by."""


class FilterReader:
    """Tokens of a filter: signs and words as they are, quoted values as (value,)."""

    def __init__(self, text: str, filterable: set[str]) -> None:
        self._text = text
        self._place = 0
        self._filterable = filterable
        self.ahead: str | tuple[str] | None = self._read()

    def _read(self) -> str | tuple[str] | None:
        if not self._text[self._place :].strip():
            return None
        match = _TOKEN.match(self._text, self._place)
        if match is None:
            raise FilterError(f"unexpected characters at {self._place}: {self._text}")
        self._place = match.end()
        return (self._quoted(),) if match["quote"] else match["sign"] or match["word"]

    def _quoted(self) -> str:
        start = self._place
        while self._place < len(self._text):
            character = self._text[self._place]
            self._place += 2 if character == "\\" else 1
            if character == '"':
                return self._text[start : self._place - 1].replace('\\"', '"')
        raise FilterError("a quotation mark is not closed")

    def follows(self, sign: str) -> bool:
        """Consume the next token if it is this one."""
        if self.ahead != sign:
            return False
        self.ahead = self._read()
        return True

    def expect(self, sign: str) -> None:
        """Consume exactly this token; raises `FilterError`."""
        if not self.follows(sign):
            raise FilterError(f"{sign} expected at {self._place}: {self._text}")

    def value(self) -> str:
        """Consume a value, quoted or one word; raises `FilterError`."""
        token = self.ahead
        if token is None:
            raise FilterError("the filter ends too early")
        self.ahead = self._read()
        return token[0] if isinstance(token, tuple) else token

    def may_filter(self, name: str) -> bool:
        """Return whether a field is filterable."""
        return name in self._filterable

    def field(self) -> str:
        """Consume the name of a filterable field; raises `FilterError`."""
        name = self.value()
        if name not in self._filterable:
            raise FilterError(f"attribute `{name}` is not filterable")
        return name


def parse(text: str, filterable: set[str]) -> Test:
    """Return the test that a filter stands for; raises `FilterError`."""
    reader = FilterReader(text, filterable)
    test = _or(reader)
    if reader.ahead is not None:
        raise FilterError(f"something is left over: {text}")
    return test


def _or(reader: FilterReader) -> Test:
    parts = [_and(reader)]
    while reader.follows("OR"):
        parts.append(_and(reader))
    return lambda document: any(part(document) for part in parts)


def _and(reader: FilterReader) -> Test:
    parts = [_not(reader)]
    while reader.follows("AND"):
        parts.append(_not(reader))
    return lambda document: all(part(document) for part in parts)


def _not(reader: FilterReader) -> Test:
    if reader.follows("NOT"):
        part = _not(reader)
        return lambda document: not part(document)
    if reader.follows("("):
        inside = _or(reader)
        reader.expect(")")
        return inside
    return _condition(reader)


def _condition(reader: FilterReader) -> Test:
    """Parse FIELD IN […], FIELD FIRST TO LAST or _geoRadius(LAT, LNG, METRES)."""
    if reader.ahead == "_geoRadius":
        return _radius(reader)
    name = reader.field()
    if reader.follows("IN"):
        wanted = _list(reader)
        return lambda document: bool(wanted & _values(document, name))
    first = float(reader.value())
    reader.expect("TO")
    last = float(reader.value())
    return lambda document: any(first <= float(value) <= last for value in _values(document, name))


def _radius(reader: FilterReader) -> Test:
    reader.value()
    if not reader.may_filter("_geo"):
        raise FilterError("attribute `_geo` is not filterable")
    reader.expect("(")
    lat = float(reader.value())
    reader.expect(",")
    lng = float(reader.value())
    reader.expect(",")
    radius = float(reader.value())
    reader.expect(")")
    return lambda document: metres_to(document, lat, lng) <= radius


def metres_to(document: Document, lat: float, lng: float) -> float:
    """Return the distance of a document's `_geo` in metres; endless without one."""
    position = document.get("_geo")
    if position is None:
        return inf
    return measure_metres(GeoPoint(lng, lat), GeoPoint(position["lng"], position["lat"]))


def _list(reader: FilterReader) -> set[str]:
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
    return str(value).strip().lower()  # the server ignores case too
