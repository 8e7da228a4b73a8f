"""Links that narrow an answer by facet, with counts, and links that take a choice back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.search.answering.service import SearchAnswer
from core.search.document import DocumentValidity
from core.search.web.params import Asked

MOST_VALUES = 8
_HEADS: Mapping[str, LazyString] = {
    "topic": _l("Domain"),
    "organ": _l("Organ"),
    "year": _l("Year"),
    "level": _l("Level"),
    "validity": _l("Validity"),
}
_LEVELS: Mapping[str, LazyString] = {
    "nation": _l("National level"),
    "province": _l("Provincial level"),
    "city": _l("City level"),
    "county": _l("County level"),
    "township": _l("Township level"),
    "village": _l("Village level"),
}
_VALIDITIES: Mapping[str, LazyString] = {
    DocumentValidity.EFFECTIVE: _l("In force"),
    DocumentValidity.LAPSED: _l("No longer in force"),
    DocumentValidity.REPEALED: _l("Repealed"),
}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to narrow by, or to take back."""

    label: str
    url: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The values of one facet."""

    key: str
    title: str
    choices: tuple[FacetValue, ...]


def groups_of(asked: Asked, answer: SearchAnswer) -> list[FacetGroup]:
    """Build the facets by which the answers differ; kinds are tabs of their own."""
    made = (_group(facet, asked, answer.facets.get(facet, {})) for facet in _HEADS)
    return [group for group in made if group is not None]


def _group(facet: str, asked: Asked, counts: Mapping[str, int]) -> FacetGroup | None:
    if facet in asked.chosen:
        return None
    values = [(value, count) for value, count in counts.items() if value and count]
    if len(values) < 2:
        return None
    choices = (
        FacetValue(label_of(facet, value), asked.address(**{facet: value}), count)
        for value, count in _in_order(facet, values)[:MOST_VALUES]
    )
    return FacetGroup(facet, str(_HEADS[facet]), tuple(choices))


def _in_order(facet: str, values: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Order years from the last, levels and validities in their own order, others by count."""
    if facet == "year":
        return sorted(values, reverse=True)
    known = list({"level": _LEVELS, "validity": _VALIDITIES}.get(facet, ()))
    return sorted(
        values,
        key=lambda pair: (
            known.index(pair[0]) if pair[0] in known else len(known),
            -pair[1],
            pair[0],
        ),
    )


def label_of(facet: str, value: str) -> str:
    """Name a facet's value for people."""
    labels: Mapping[str, LazyString] = {"level": _LEVELS, "validity": _VALIDITIES}.get(facet, {})
    return str(labels.get(value, value))


def chips_of(asked: Asked, kinds: Mapping[str, Any]) -> list[FacetValue]:
    """List what narrows this answer; each link takes one choice back."""
    chips = [
        FacetValue(
            str(kinds[value].label) if facet == "kind" else label_of(facet, value),
            asked.address(**{facet: None}),
        )
        for facet, value in asked.chosen.items()
    ]
    if asked.titles_only:
        chips.append(FacetValue(str(_l("Titles only")), asked.address(**{"in": None})))
    return chips
