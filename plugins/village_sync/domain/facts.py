"""Facts of a list, and whether two lists say the same: sums, counts, rates, values, rows."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .kinds import FactMethod, FactRule, PairKind, PairKinds, to_plain
from .sheets import UNIT_FACTORS, Cell, ComparedSheet, SheetRow, find_names, iterate_column

#: Values with how often each stands, in their order.
Tally = tuple[tuple[str, int], ...]
FactValue = Decimal | Tally

_MASKS = "*×xX○〇某●"


@dataclass(frozen=True, slots=True)
class ComparedFact:
    """A fact as both sides say it; `agrees` is `None` where one of them does not say it."""

    key: str
    village: FactValue | None
    government: FactValue | None
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that only one side has, or in which facts differ: by key what each side says."""

    name: str
    village: bool
    government: bool
    facts: tuple[tuple[str, str, str], ...] = ()


def read_facts(sheet: ComparedSheet, kind: PairKind, kinds: PairKinds) -> dict[str, FactValue]:
    """Read the facts of a kind out of a list; what it does not say is left out."""
    found = ((fact.key, _read_fact(sheet, fact, kinds)) for fact in kind.facts)
    return {key: value for key, value in found if value is not None}


def _read_fact(sheet: ComparedSheet, fact: FactRule, kinds: PairKinds) -> FactValue | None:
    place = find_column(sheet, fact)
    if place is None:
        return _count_names(sheet, kinds) if fact.counts_rows else None
    if fact.method is FactMethod.SUM:
        return _sum(sheet, place, fact)
    values = [_to_value(cell, sheet, place, fact) for cell in iterate_column(sheet, place)]
    if fact.method is FactMethod.ONE:
        values = sorted(set(values))
    return tuple(sorted(Counter(values).items())) if values else None


def find_column(sheet: ComparedSheet, fact: FactRule) -> int | None:
    """Return the column that states a fact: by its whole heading, else where one only holds it."""
    for heading in fact.headings:
        place = sheet.find_place((to_plain(heading),))
        if place is not None:
            return place
    for heading in fact.headings:
        held = [
            place for place, column in enumerate(sheet.columns) if to_plain(heading) in column.name
        ]
        if held:
            return held[0] if len(held) == 1 else None
    return None


def _count_names(sheet: ComparedSheet, kinds: PairKinds) -> Decimal | None:
    place = find_names(sheet, kinds)
    return None if place is None else Decimal(sum(1 for _cell in iterate_column(sheet, place)))


def _sum(sheet: ComparedSheet, place: int, fact: FactRule) -> Decimal | None:
    """Add up a column, or take its stated total; `None` where a cell is no number."""
    factor = _get_factor(sheet, place, fact)
    stated = sheet.totals[place] if sheet.totals else None
    cells = list(iterate_column(sheet, place)) if stated is None else [stated]
    if factor is None or not cells or not all(isinstance(cell, Decimal) for cell in cells):
        return None
    return factor * sum((cell for cell in cells if isinstance(cell, Decimal)), Decimal(0))


def _get_factor(sheet: ComparedSheet, place: int, fact: FactRule) -> Decimal | None:
    """Return what brings the column's numbers to the fact's unit; `None` where nothing does."""
    unit = sheet.columns[place].unit
    if not unit or not fact.unit:
        return Decimal(1)
    base, factor = UNIT_FACTORS.get(unit, ("", Decimal(0)))
    return factor if base == fact.unit else None


def _to_value(cell: Cell, sheet: ComparedSheet, place: int, fact: FactRule) -> str:
    if isinstance(cell, Decimal):
        factor = _get_factor(sheet, place, fact) or Decimal(1)
        return to_digits(cell * factor)
    return to_plain(cell or "")


def to_digits(number: Decimal) -> str:
    """Write a number in one form: 1200.50 and 1200.5 are the same."""
    return f"{number.normalize():f}" if number else "0"


def compare_facts(
    kind: PairKind, village: Mapping[str, FactValue], government: Mapping[str, FactValue]
) -> tuple[ComparedFact, ...]:
    """Compare what both sides say, in the order of the kind; what neither says is left out."""
    found = ((fact, village.get(fact.key), government.get(fact.key)) for fact in kind.facts)
    return tuple(
        ComparedFact(fact.key, ours, theirs, _agree(fact, ours, theirs))
        for fact, ours, theirs in found
        if ours is not None or theirs is not None
    )


def _agree(fact: FactRule, one: FactValue | None, other: FactValue | None) -> bool | None:
    if one is None or other is None:
        return None
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return abs(one - other) <= fact.tolerance
    return one == other


def compare_rows(
    village: ComparedSheet, government: ComparedSheet, kind: PairKind, kinds: PairKinds
) -> list[RowDifference]:
    """List the rows that differ, by name; none where a side has sums only.

    The order of rows changes nothing: those of one name are told apart by what they say.
    """
    ours, theirs = find_names(village, kinds), find_names(government, kinds)
    if ours is None or theirs is None:
        return []
    facts = [
        (fact, left, right)
        for fact in kind.facts
        if (left := find_column(village, fact)) is not None
        and (right := find_column(government, fact)) is not None
        and ours != left
        and theirs != right
    ]
    masked = _has_masks(village, ours) or _has_masks(government, theirs)
    left_rows = _group(village, ours, [(fact, place) for fact, place, _ in facts], masked)
    right_rows = _group(government, theirs, [(fact, place) for fact, _, place in facts], masked)
    rules = [fact for fact, _, _ in facts]
    return [
        difference
        for name in sorted(left_rows.keys() | right_rows.keys())
        for difference in _compare_named(left_rows[name], right_rows[name], rules)
    ]


@dataclass(frozen=True, slots=True, order=True)
class _NamedRow:
    values: tuple[str, ...]
    name: str


def _group(
    sheet: ComparedSheet, names: int, facts: Sequence[tuple[FactRule, int]], masked: bool
) -> "defaultdict[str, list[_NamedRow]]":
    rows: defaultdict[str, list[_NamedRow]] = defaultdict(list)
    for row in sheet.rows:
        if row[names] is not None:
            name = to_plain(str(row[names]))
            rows[_to_key(name, masked)].append(_NamedRow(_list_values(sheet, row, facts), name))
    return rows


def _list_values(
    sheet: ComparedSheet, row: SheetRow, facts: Iterable[tuple[FactRule, int]]
) -> tuple[str, ...]:
    return tuple(
        "" if row[place] is None else _to_value(row[place], sheet, place, fact)
        for fact, place in facts
    )


def _has_masks(sheet: ComparedSheet, place: int) -> bool:
    return any(sign in str(cell) for cell in iterate_column(sheet, place) for sign in _MASKS)


def _to_key(name: str, masked: bool) -> str:
    """Return by what a name is known: where a side masks names, by what masking leaves."""
    return f"{name[:1]}{len(name)}" if masked else name


def _compare_named(
    village: Sequence[_NamedRow], government: Sequence[_NamedRow], rules: Sequence[FactRule]
) -> Iterator[RowDifference]:
    """Compare rows of one name: equal ones first, the rest in the order of what they say."""
    ours, theirs = _without_equal(village, government)
    for left, right in zip(ours, theirs, strict=False):
        facts = tuple(
            (rule.key, here, there)
            for rule, here, there in zip(rules, left.values, right.values, strict=True)
            if not _is_near(rule, here, there)
        )
        if facts:
            yield RowDifference(left.name, village=True, government=True, facts=facts)
    for rest in ours[len(theirs) :]:
        yield RowDifference(rest.name, village=True, government=False)
    for rest in theirs[len(ours) :]:
        yield RowDifference(rest.name, village=False, government=True)


def _without_equal(
    ours: Sequence[_NamedRow], theirs: Sequence[_NamedRow]
) -> tuple[list[_NamedRow], list[_NamedRow]]:
    common = Counter(row.values for row in ours) & Counter(row.values for row in theirs)

    def drop(rows: Sequence[_NamedRow]) -> list[_NamedRow]:
        left = Counter(common)
        kept = []
        for row in sorted(rows):
            if left[row.values]:
                left[row.values] -= 1
            else:
                kept.append(row)
        return kept

    return drop(ours), drop(theirs)


def _is_near(rule: FactRule, one: str, other: str) -> bool:
    if one == other:
        return True
    if rule.method is not FactMethod.SUM or not one or not other:
        return False
    return abs(Decimal(one) - Decimal(other)) <= rule.tolerance
