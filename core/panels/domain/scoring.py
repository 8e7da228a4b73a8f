"""From a panel's scores to results: trimmed means, missing values, weights, ranks, withholding.

The rule, as it is published with every result:

1. An indicator's mean is that of the points a subject was given; from seven on without one highest
   and one lowest. It is rounded to four decimals, halves up.
2. An indicator with fewer points than the minimum is missing, and its points are nowhere; its
   weight is shared out over the others in proportion. An objective indicator has one value, and is
   missing without it.
3. The total is the sum of weight times mean over the highest points, over the weights that are
   there, times 100; rounded to two decimals, halves up. Equal totals share a rank in their group.
4. A subject without any scored indicator has no result, and its rows are nowhere. Its answers are
   counted by what is calculated with: nobody is counted whose points are left out.

Fractions inside make all that independent of the order of input.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

#: A scorer's score of a subject by an indicator: what names it inside the office.
ScoreKey = tuple[str, str, str]
LEAST_MINIMUM = 3
TRIMMED_FROM = 7
MEAN_PLACES, TOTAL_PLACES = 4, 2
#: The group of what is for all groups.
ALL_GROUPS = "both"
#: Who "gives" the value of an objective indicator; counts as nobody's answer.
OBJECTIVE = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What of an indicator is calculated with; `group` is "both" or the only group it is for."""

    key: str
    weight: int
    most: int
    group: str = ALL_GROUPS
    is_objective: bool = False

    def is_for(self, group: str) -> bool:
        """Tell whether subjects of a group are judged by it."""
        return self.group in {ALL_GROUPS, group}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """Points that a scorer gave a subject by an indicator; `None` is not seen."""

    subject: str
    group: str
    scorer: str
    indicator: str
    points: Decimal | None

    @property
    def value(self) -> Fraction:
        """The points to calculate with."""
        return Fraction(self.points or 0)


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """What came of an indicator for a subject; `mean` is `None` where it is missing."""

    indicator: str
    mean: Decimal | None
    is_trimmed: bool = False


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """A subject's total of 100, its rank in its group, and how many people answered."""

    subject: str
    group: str
    answers: int
    score: Decimal
    rank: int
    indicators: tuple[IndicatorResult, ...]

    @property
    def missing(self) -> list[str]:
        """Keys of the indicators whose weight was shared out over the others."""
        return [each.indicator for each in self.indicators if each.mean is None]


@dataclass(frozen=True, slots=True)
class Computation:
    """Results by group and rank, and the subjects of which nothing is shown."""

    results: tuple[SubjectResult, ...]
    withheld: tuple[str, ...]


def compute_panel(
    rows: Iterable[ScoreRow], criteria: Sequence[Criterion], minimum: int
) -> Computation:
    """Calculate the results of all subjects that have rows.

    Raises `ValueError` for a minimum under three, an indicator that is unknown or not the group's,
    points off the scale, and a second score of the same scorer.
    """
    found, withheld = [], []
    by_subject = group_rows(rows)
    for (subject, group), theirs in sorted(by_subject.items()):
        kept = keep_shown(theirs, criteria, minimum)
        result = _judge(subject, group, kept, [c for c in criteria if c.is_for(group)])
        if result is None:
            withheld.append(subject)
        else:
            found.append(result)
    return Computation(tuple(_rank(found)), tuple(withheld))


@dataclass(frozen=True, slots=True)
class RatedSubject:
    """A subject that takes part; its name is unique among those of its panel."""

    id: int
    name: str
    group: str
    peer_group: str = ""


@dataclass(frozen=True, slots=True)
class PanelScores:
    """What results are calculated from; subjects go by their names, indicators too.

    `notes` says of scores by what decision they were changed, of what was counted how.
    """

    minimum: int
    subjects: tuple[RatedSubject, ...]
    criteria: tuple[Criterion, ...]
    rows: tuple[ScoreRow, ...]
    notes: Mapping[ScoreKey, str] = field(default_factory=dict)

    def compute(self) -> Computation:
        """Calculate; subjects that nobody has scored are withheld, too."""
        computed = compute_panel(self.rows, self.criteria, self.minimum)
        shown = {one.subject for one in computed.results}
        names = sorted(one.name for one in self.subjects)
        return Computation(computed.results, tuple(n for n in names if n not in shown))

    def list_unfilled(self) -> list[str]:
        """List the objective indicators of which nothing was counted."""
        filled = {row.indicator for row in self.rows if row.scorer == OBJECTIVE}
        return [one.key for one in self.criteria if one.is_objective and one.key not in filled]


def group_rows(rows: Iterable[ScoreRow]) -> Mapping[tuple[str, str], list[ScoreRow]]:
    """Return the rows by subject and group."""
    by_subject: dict[tuple[str, str], list[ScoreRow]] = defaultdict(list)
    for row in rows:
        by_subject[row.subject, row.group].append(row)
    return by_subject


def keep_shown(
    rows: Iterable[ScoreRow], criteria: Sequence[Criterion], minimum: int
) -> list[ScoreRow]:
    """Keep a subject's points by indicators that reach the minimum: all that may leave the office.

    Raises `ValueError` as `compute_panel` does.
    """
    if minimum < LEAST_MINIMUM:
        raise ValueError("minimum")
    by_key = {criterion.key: criterion for criterion in criteria}
    seen, points = set(), defaultdict(list)
    for row in rows:
        _check(row, by_key.get(row.indicator))
        if (row.scorer, row.indicator) in seen:
            raise ValueError("twice")
        seen.add((row.scorer, row.indicator))
        if row.points is not None:
            points[row.indicator].append(row)
    return [
        row
        for key, given in points.items()
        if by_key[key].is_objective or len(given) >= minimum
        for row in given
    ]


def _check(row: ScoreRow, criterion: Criterion | None) -> None:
    if criterion is None or not criterion.is_for(row.group):
        raise ValueError("indicator")
    if criterion.is_objective != (row.scorer == OBJECTIVE):
        raise ValueError("scorer")
    if row.points is not None and not 0 <= row.points <= criterion.most:
        raise ValueError("points")


def _judge(
    subject: str, group: str, rows: Sequence[ScoreRow], criteria: Sequence[Criterion]
) -> SubjectResult | None:
    scorers = {row.scorer for row in rows} - {OBJECTIVE}
    if not scorers:
        return None
    points: dict[str, list[Fraction]] = defaultdict(list)
    for row in rows:
        points[row.indicator].append(row.value)
    judged = tuple(_take_mean(criterion.key, points[criterion.key]) for criterion in criteria)
    score = _weigh(criteria, judged)
    return SubjectResult(subject, group, len(scorers), score, 0, judged)


def _take_mean(key: str, points: Sequence[Fraction]) -> IndicatorResult:
    if not points:
        return IndicatorResult(key, None)
    is_trimmed = len(points) >= TRIMMED_FROM
    kept = sorted(points)[1:-1] if is_trimmed else points
    mean = sum(kept, Fraction()) / len(kept)
    return IndicatorResult(key, round_half_up(mean, MEAN_PLACES), is_trimmed)


def _weigh(criteria: Sequence[Criterion], judged: Sequence[IndicatorResult]) -> Decimal:
    """Return the total of 100 of the indicators that are there."""
    total, weights = Fraction(), 0
    for criterion, result in zip(criteria, judged, strict=True):
        if result.mean is not None:
            total += criterion.weight * Fraction(result.mean) / criterion.most
            weights += criterion.weight
    return round_half_up(100 * total / weights, TOTAL_PLACES)


def _rank(results: Sequence[SubjectResult]) -> list[SubjectResult]:
    """Rank within groups, the best first; equal totals share a rank, the next is left out."""
    scores: dict[str, list[Decimal]] = defaultdict(list)
    for result in sorted(results, key=lambda result: -result.score):
        scores[result.group].append(result.score)
    ranked = [replace(one, rank=scores[one.group].index(one.score) + 1) for one in results]
    return sorted(ranked, key=lambda result: (result.group, result.rank, result.subject))


def round_half_up(number: Fraction, places: int) -> Decimal:
    """Round a number that is not below zero, exactly."""
    shifted = number * 10**places
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    return Decimal(whole).scaleb(-places)
