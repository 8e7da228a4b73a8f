"""Facets of the results page: links that filter, with counts, and links that remove a filter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.search.answering.service import SearchAnswer
from core.search.document import DocumentValidity
from core.search.web.params import SearchParams, with_value
from core.web.reading.once_per_language import once_per_language

MAX_VALUES = 8
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
_LABELS = {"": _HEADS, "level": _LEVELS, "validity": _VALIDITIES}


@once_per_language
def _labels() -> Mapping[str, Mapping[str, str]]:
    """Return what values are called, by facet; facets themselves by the empty text."""
    return {
        facet: {value: str(label) for value, label in labels.items()}
        for facet, labels in _LABELS.items()
    }


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A link that filters by a value, or removes that filter."""

    label: str
    url: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The values of one facet."""

    key: str
    title: str
    choices: tuple[FacetValue, ...]


def build_facet_groups(params: SearchParams, answer: SearchAnswer) -> list[FacetGroup]:
    """Build the facets with more than one value; kinds are shown as tabs instead."""
    groups = (_group(facet, params, answer.facets.get(facet, {})) for facet in _HEADS)
    return [group for group in groups if group is not None]


def _group(facet: str, params: SearchParams, counts: Mapping[str, int]) -> FacetGroup | None:
    if facet in params.filters:
        return None
    values = [(value, count) for value, count in counts.items() if value and count]
    if len(values) < 2:
        return None
    labels, here = _labels(), params.address()
    names = labels.get(facet, {})
    choices = [
        FacetValue(names.get(value, value), with_value(here, facet, value), count)
        for value, count in _sorted_values(facet, values)[:MAX_VALUES]
    ]
    return FacetGroup(facet, labels[""][facet], tuple(choices))


def _sorted_values(facet: str, values: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Sort years newest first, levels and validities in their usual order, others by count."""
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


def facet_label(facet: str, value: str) -> str:
    """Return the label of a facet's value."""
    return _labels().get(facet, {}).get(value, value)


def list_active_filters(params: SearchParams, kind_names: Mapping[str, str]) -> list[FacetValue]:
    """List the active filters; each link removes one."""
    links = [
        FacetValue(
            kind_names[value] if facet == "kind" else facet_label(facet, value),
            params.address(**{facet: None}),
        )
        for facet, value in params.filters.items()
    ]
    if params.titles_only:
        links.append(FacetValue(str(_l("Titles only")), params.address(**{"in": None})))
    return links
