"""The published calculation sheet: every counted score, by scorers without a name.

A scorer's number holds for one subject only and follows from the points alone: their order is
drawn by the seed from what they are, never from who gave them. So neither the seed nor the list of
supervisors leads back to a person, and nobody can be followed from one subject to the next.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.panels.domain.marks import ScoreMark, find_marks
from core.panels.domain.scoring import (
    OBJECTIVE,
    Criterion,
    ScoreKey,
    ScoreRow,
    group_rows,
    keep_shown,
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One score as it is published; `scorer` is S1, S2 …, or nobody for what was counted.

    `note` says by what decision the points were changed.
    """

    subject: str
    group: str
    scorer: str
    indicator: str
    points: Decimal
    marks: tuple[ScoreMark, ...] = ()
    note: str = ""

    def to_score(self) -> ScoreRow:
        """Return the score for the calculation."""
        return ScoreRow(self.subject, self.group, self.scorer, self.indicator, self.points)


def build_sheet(
    rows: Iterable[ScoreRow],
    criteria: Sequence[Criterion],
    minimum: int,
    seed: str,
    notes: Mapping[ScoreKey, str],
) -> list[SheetRow]:
    """Build the sheet; subjects below the minimum have no rows.

    `notes` says of scores by what decision they were changed. Raises `ValueError` as
    `compute_panel` does.
    """
    sheet: list[SheetRow] = []
    for _key, theirs in sorted(group_rows(rows).items()):
        kept = keep_shown(theirs, criteria, minimum)
        if any(row.scorer != OBJECTIVE for row in kept):
            sheet += _build_subject(kept, criteria, seed, notes)
    return sheet


def _build_subject(
    rows: Sequence[ScoreRow],
    criteria: Sequence[Criterion],
    seed: str,
    notes: Mapping[ScoreKey, str],
) -> list[SheetRow]:
    marks = find_marks(rows, criteria)
    by_scorer: dict[str, dict[str, SheetRow]] = defaultdict(dict)
    for row in rows:
        theirs = tuple(marks.get((row.scorer, row.indicator), ()))
        note = notes.get((row.subject, row.scorer, row.indicator), "")
        points = (row.points or Decimal(0)).normalize() + 0
        by_scorer[row.scorer][row.indicator] = SheetRow(
            row.subject, row.group, OBJECTIVE, row.indicator, points, theirs, note
        )
    counted = by_scorer.pop(OBJECTIVE, {})
    order = [criterion.key for criterion in criteria]
    drawn = sorted(by_scorer.values(), key=lambda given: _draw(given, order, seed))
    numbered = [(f"S{number}", given) for number, given in enumerate(drawn, 1)]
    return [
        replace(given[key], scorer=scorer)
        for scorer, given in [*numbered, (OBJECTIVE, counted)]
        for key in order
        if key in given
    ]


def _draw(given: Mapping[str, SheetRow], order: Sequence[str], seed: str) -> str:
    """Return a scorer's place among those of the subject: a digest of the seed and the points."""
    rows = [given[key] for key in order if key in given]
    texts = [f"{row.indicator}={row.points:f} {row.note}" for row in rows]
    return hashlib.sha256("\n".join((seed, rows[0].subject, *texts)).encode()).hexdigest()
