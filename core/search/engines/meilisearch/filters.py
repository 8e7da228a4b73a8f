"""Filter expressions as a typed tree; only this module writes Meilisearch's filter language.

Field names are constants; all values are quoted and escaped, so that none can inject a filter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.search.engines.base import NEVER, SearchRequest, encode_day
from core.search.geo import Vicinity
from core.search.scope import SearchScope

Value = str | int | bool


class Condition(Protocol):
    """A node of the tree."""

    def __str__(self) -> str:
        """Return the expression in Meilisearch's language."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field holds one of the values; where there are none, nothing does."""

    field: str
    values: tuple[Value, ...]

    def __str__(self) -> str:
        """FIELD IN [VALUE, …]."""
        return f"{self.field} IN [{', '.join(map(quoted, self.values))}]"


@dataclass(frozen=True, slots=True)
class Between:
    """A numeric field lies between two numbers, both included."""

    field: str
    first: int
    last: int

    def __str__(self) -> str:
        """FIELD FIRST TO LAST."""
        return f"{self.field} {self.first} TO {self.last}"


@dataclass(frozen=True, slots=True)
class Within:
    """A document's position lies within a radius (metres) of a place."""

    lat: float
    lng: float
    radius: float

    def __str__(self) -> str:
        """_geoRadius(LAT, LNG, METRES)."""
        return f"_geoRadius({self.lat:.6f}, {self.lng:.6f}, {self.radius:.2f})"


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    part: Condition

    def __str__(self) -> str:
        """NOT (…)."""
        return f"NOT ({self.part})"


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        """(…) AND (…)."""
        return " AND ".join(f"({part})" for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one condition holds."""

    parts: tuple[Condition, ...]

    def __str__(self) -> str:
        """(…) OR (…)."""
        return " OR ".join(f"({part})" for part in self.parts)


def quoted(value: Value) -> str:
    """Quote and escape a value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def allowed(scope: SearchScope, now: datetime) -> Iterable[Condition]:
    """Yield the conditions of every query: the rule of `SearchScope.admits`."""
    offered: list[Condition] = [OneOf("scope", (scope.base[-1],))]
    above: Condition = OneOf("owner", scope.base[:-1])
    if not scope.with_above:
        above = All((above, OneOf("inherits", (True,))))
    if scope.base[:-1]:
        offered.append(above)
    yield AnyOf(tuple(offered))
    yield Between("expires", int(now.timestamp()) + 1, NEVER)
    yield Not(OneOf("excluded", scope.base))


def to_condition(request: SearchRequest) -> Condition:
    """Build the filter of a request."""
    parts = list(allowed(request.scope, request.now))
    parts += [OneOf(facet, tuple(sorted(values))) for facet, values in request.filters.items()]
    if request.date_from or request.date_to:
        last = NEVER if request.date_to is None else encode_day(request.date_to)
        parts.append(Between("published", encode_day(request.date_from) or 1, last))
    if request.vicinity is not None:
        parts += near(request.vicinity)
    return All(tuple(parts))


def near(vicinity: Vicinity) -> Iterable[Condition]:
    """Yield the conditions of a vicinity: a position, and one within the radius."""
    yield OneOf("placed", (True,))
    if vicinity.radius is not None:
        yield Within(vicinity.centre.lat, vicinity.centre.lng, vicinity.radius)
