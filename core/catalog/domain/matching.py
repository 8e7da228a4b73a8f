"""Match the rows of an official table to the items of a catalog (standard library only).

Nothing is guessed: only equal names make a match; what merely looks alike is a proposal.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from core.catalog.domain.changes import FIELDS, NAME_FIELDS, Fields, JsonValue
from core.catalog.domain.inheritance import Domain, EffectiveCatalog, EffectiveItem

# The printed number is display only, and names and domain are what the match was made by.
COMPARED_FIELDS = tuple(name for name in FIELDS if name not in {"domain", "seq", *NAME_FIELDS})
_UNORDERED = frozenset({"channels", "levels"})
_DOMAIN_ENDING = re.compile(r"(领域)?(基层)?(政务公开)?(标准|参考)?(目录)?$")
_NOISE = re.compile(r"[\s\u3000、,.;:·•\-—_/|\"'“”‘’]+")

# Shares of common character pairs (Dice) from which names look alike.
_NEAR_LEAF = 0.6
_NEAR_PARENT = 0.6
_NEAR_WHOLE = 0.7
_MOST_CANDIDATES = 3


class RowOutcome(StrEnum):
    """What storing a row would do."""

    DEFINED = "defined"
    REFINED = "refined"
    UNCHANGED = "unchanged"
    PROPOSED = "proposed"
    REPEATED = "repeated"
    WITHDRAWN = "withdrawn"
    NAMELESS = "nameless"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which a row differs from its item: the item's value and the row's."""

    field: str
    base: JsonValue
    value: JsonValue


@dataclass(frozen=True, slots=True)
class RowMatch:
    """The match of a table row with the catalog, with its differences or candidates.

    `candidates` are items of similar names (proposals, best first); `blocked` are differences in
    fields that a layer above has locked.
    """

    row: int
    outcome: RowOutcome
    item_id: str | None = None
    differences: tuple[Difference, ...] = ()
    blocked: tuple[Difference, ...] = ()
    candidates: tuple[str, ...] = ()


def normalize_name(text: str) -> str:
    """Normalise a name for comparison: drop widths, blanks, punctuation and case."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def find_domain(domains: Mapping[str, Domain], name: str) -> Domain | None:
    """Find the domain with this key, name, title or alias, `None` if there is none."""
    if name in domains:
        return domains[name]
    wanted = domain_stem(name)
    return next(
        (domain for domain in domains.values() if wanted in _domain_names(domain)),
        None,
    )


def similar_domains(domains: Mapping[str, Domain], name: str) -> list[Domain]:
    """List domains with similar names, as suggestions to a person."""
    pairs = _pairs(domain_stem(name))
    return [
        domain
        for domain in domains.values()
        if any(_likeness(pairs, _pairs(known)) >= _NEAR_LEAF for known in _domain_names(domain))
    ]


def domain_stem(name: str) -> str:
    """Return what a domain's name and title share: 社会救助领域基层政务公开标准目录 → 社会救助."""
    text = normalize_name(name)
    return _DOMAIN_ENDING.sub("", text) or text


def _domain_names(domain: Domain) -> set[str]:
    names = (domain.name, domain.title, *domain.aliases)
    return {domain_stem(name) for name in names if name}


def match_rows(
    rows: Sequence[Fields], catalog: EffectiveCatalog, domain: str, tenant_code: str
) -> list[RowMatch]:
    """Match the rows of one domain's table with the items of the catalog, in row order.

    Where several rows, and several items, bear the same names, the first belongs to the first, and
    so on. Items that were matched exactly are no candidates for others.
    """
    return _Matcher(catalog, domain, tenant_code).match(rows)


@dataclass(frozen=True, slots=True)
class _Names:
    """The normalised names of a row or item."""

    exact: tuple[str, ...]
    leaf: frozenset[str] = field(compare=False)
    parents: frozenset[str] = field(compare=False)
    whole: frozenset[str] = field(compare=False)


class _Matcher:
    def __init__(self, catalog: EffectiveCatalog, domain: str, tenant_code: str) -> None:
        self.tenant_code = tenant_code
        self.closed = domain in catalog.not_applicable
        self.items = _by_names(i for i in catalog.items.values() if i.domain == domain)
        self.withdrawn = _by_names(
            w.item for w in catalog.withdrawn.values() if w.item.domain == domain
        )

    def match(self, rows: Sequence[Fields]) -> list[RowMatch]:
        matches: list[RowMatch] = []
        seen: dict[_Names, list[Fields]] = defaultdict(list)
        for number, row in enumerate(rows):
            names = _names(row)
            match = self.exact(number, row, names, seen[names])
            matches.append(match)
            if match.outcome is not RowOutcome.REPEATED:
                seen[names].append(row)
        taken = {match.item_id for match in matches}
        free = [
            (names, item)
            for names, items in self.items.items()
            for item in items
            if item.item_id not in taken
        ]
        return [
            _proposed(match, _names(rows[match.row]), free)
            if match.outcome is RowOutcome.DEFINED
            else match
            for match in matches
        ]

    def exact(self, number: int, row: Fields, names: _Names, earlier: Sequence[Fields]) -> RowMatch:
        if not any(names.exact):
            return RowMatch(number, RowOutcome.NAMELESS)
        if any(_same_row(row, other) for other in earlier):
            return RowMatch(number, RowOutcome.REPEATED)
        same = self.items.get(names, [])
        if len(earlier) < len(same):
            return compare_row(number, row, same[len(earlier)], self.tenant_code)
        gone = self.withdrawn.get(names)
        if gone or self.closed:
            return RowMatch(number, RowOutcome.WITHDRAWN, gone[0].item_id if gone else None)
        return RowMatch(number, RowOutcome.DEFINED)


def compare_row(number: int, row: Fields, item: EffectiveItem, tenant_code: str) -> RowMatch:
    """Compare a row with its item: differing fields, and those locked by a layer above."""
    differences = list_differences(row, item.fields)
    locked = {name for name, source in item.locked.items() if source.tenant != tenant_code}
    open_ = tuple(d for d in differences if d.field not in locked)
    blocked = tuple(d for d in differences if d.field in locked)
    outcome = RowOutcome.REFINED if open_ else RowOutcome.UNCHANGED
    return RowMatch(number, outcome, item.item_id, open_, blocked)


def list_differences(row: Fields, fields: Fields) -> list[Difference]:
    """List the fields in which a row differs from an item; unknown values never differ."""
    found = []
    for name in COMPARED_FIELDS:
        value, base = row.get(name), fields.get(name)
        if is_unknown(value) or _agree(name, value, base):
            continue
        if name == "extra" and isinstance(value, Mapping) and isinstance(base, Mapping):
            value = {**base, **value}
        found.append(Difference(name, base, value))
    return found


def _agree(name: str, value: JsonValue, base: JsonValue) -> bool:
    """Return whether `base` covers `value`; unknown parts of an object are ignored."""
    if isinstance(value, Mapping) and isinstance(base, Mapping):
        said = {part: text for part, text in value.items() if text is not None}
        base = {part: base.get(part) for part in said}
        value = said
    return _comparable(name, value) == _comparable(name, base)


def is_unknown(value: JsonValue) -> bool:
    """Return whether a value is unknown: null, empty, or an object of nulls."""
    if isinstance(value, Mapping):
        return all(part is None for part in value.values())
    return value is None or value in ("", [], ())


def _comparable(name: str, value: JsonValue) -> object:
    """Normalise a value for comparison: widths of characters, blanks, absent keys."""
    if isinstance(value, str):
        return re.sub(r"\s+", "", unicodedata.normalize("NFKC", value))
    if isinstance(value, Mapping):
        return {k: _comparable("", v) for k, v in value.items() if v is not None}
    if isinstance(value, Sequence):
        parts = [_comparable("", part) for part in value]
        return sorted(map(str, parts)) if name in _UNORDERED else parts
    return value


def _same_row(row: Fields, other: Fields) -> bool:
    return all(
        _comparable(name, row.get(name)) == _comparable(name, other.get(name))
        for name in COMPARED_FIELDS
    )


def _by_names(items: Iterable[EffectiveItem]) -> dict[_Names, list[EffectiveItem]]:
    found: dict[_Names, list[EffectiveItem]] = defaultdict(list)
    for item in items:
        found[_names(item.fields)].append(item)
    return dict(found)


def _names(fields: Fields) -> _Names:
    exact = tuple(
        normalize_name(value) if isinstance(value := fields.get(name), str) else ""
        for name in NAME_FIELDS
    )
    parts = [part for part in exact if part]
    return _Names(
        exact,
        leaf=_pairs(parts[-1] if parts else ""),
        parents=_pairs("".join(parts[:-1])),
        whole=_pairs("".join(parts)),
    )


def _proposed(
    match: RowMatch, names: _Names, free: Sequence[tuple[_Names, EffectiveItem]]
) -> RowMatch:
    """Turn a match into a proposal if unmatched items look alike."""
    scored = [
        (_likeness(names.whole, other.whole), item.item_id)
        for other, item in free
        if _is_near(names, other)
    ]
    if not scored:
        return match
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    candidates = tuple(item_id for _, item_id in scored[:_MOST_CANDIDATES])
    return RowMatch(match.row, RowOutcome.PROPOSED, candidates=candidates)


def _is_near(one: _Names, other: _Names) -> bool:
    """Return whether names are similar: same words on other levels, or slightly other words.

    Parents that are told apart keep items apart: 低保/政策文件 and 特困供养/政策文件 are two.
    """
    if one.whole == other.whole:
        return True
    parents_missing = not one.parents or not other.parents
    if not parents_missing and _likeness(one.parents, other.parents) < _NEAR_PARENT:
        return False
    if _likeness(one.leaf, other.leaf) < _NEAR_LEAF:
        return False
    return parents_missing or _likeness(one.whole, other.whole) >= _NEAR_WHOLE


def _pairs(text: str) -> frozenset[str]:
    """Return the character bigrams of a text; of one character, itself."""
    if len(text) < 2:
        return frozenset(text)
    return frozenset(text[n : n + 2] for n in range(len(text) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Dice coefficient: 0 nothing in common, 1 the same."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 1.0
