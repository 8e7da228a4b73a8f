"""Marks for scores that are far from the others, and for scorers who give the same throughout.

Nothing is removed for them: they are shown, and the trimmed mean bears an outlier.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from statistics import median

from core.panels.domain.scoring import OBJECTIVE, Criterion, ScoreRow

#: An outlier is further from the median than so many median distances and that part of the scale.
FAR, FAR_PART = 3, Fraction(1, 4)
STRAIGHT_FROM = 4


class ScoreMark(StrEnum):
    """What is remarkable about a score."""

    OUTLIER = "outlier"
    STRAIGHT = "straight"


def find_marks(
    rows: Sequence[ScoreRow], criteria: Sequence[Criterion]
) -> Mapping[tuple[str, str], list[ScoreMark]]:
    """Return the marks of one subject's scores, by scorer and indicator."""
    most = {criterion.key: criterion.most for criterion in criteria}
    scored = [row for row in rows if row.scorer != OBJECTIVE and row.points is not None]
    marks: dict[tuple[str, str], list[ScoreMark]] = defaultdict(list)
    for key, points in _by_indicator(scored).items():
        middle = median(points)
        far = max(FAR * median(abs(one - middle) for one in points), most[key] * FAR_PART)
        for row in scored:
            if row.indicator == key and abs(row.value - middle) > far:
                marks[row.scorer, key].append(ScoreMark.OUTLIER)
    for scorer in _list_straight(scored, most):
        for row in scored:
            if row.scorer == scorer:
                marks[scorer, row.indicator].append(ScoreMark.STRAIGHT)
    return marks


def _by_indicator(rows: Iterable[ScoreRow]) -> Mapping[str, list[Fraction]]:
    points: dict[str, list[Fraction]] = defaultdict(list)
    for row in rows:
        points[row.indicator].append(row.value)
    return points


def _list_straight(rows: Iterable[ScoreRow], most: Mapping[str, int]) -> list[str]:
    """List the scorers who gave the same share of the scale by four indicators or more."""
    shares: dict[str, list[Fraction]] = defaultdict(list)
    for row in rows:
        shares[row.scorer].append(row.value / most[row.indicator])
    long = ((who, theirs) for who, theirs in shares.items() if len(theirs) >= STRAIGHT_FROM)
    return [who for who, theirs in long if len(set(theirs)) == 1]
