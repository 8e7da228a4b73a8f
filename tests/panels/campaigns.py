"""Random campaigns for the tests of scoring: subjects of both groups, scorers, gaps, minimum."""

import random
from decimal import Decimal

from hypothesis import strategies as st

from core.panels.domain.scoring import OBJECTIVE, Criterion, ScoreRow

CRITERIA = (
    Criterion("open", 30, 10),
    Criterion("prompt", 25, 5),
    Criterion("service", 25, 100),
    Criterion("towns", 20, 10, "township"),
    Criterion("offices", 13, 10, "department"),
    Criterion("counted", 7, 100, "department", is_objective=True),
)


def to_campaign(seed: int) -> tuple[list[ScoreRow], int]:
    """Return the scores and the minimum of a campaign that follows from a number."""
    rng = random.Random(seed)
    minimum, rows = rng.choice((3, 3, 4, 5, 8)), []
    steps = rng.choice((Decimal(1), Decimal("0.5"), Decimal("0.1")))
    for number in range(rng.randint(1, 6)):
        subject, group = f"organ-{number}", rng.choice(("department", "township"))
        people = rng.sample(range(40), rng.randint(0, 11))
        for criterion in CRITERIA:
            if criterion.is_for(group):
                scorers = [OBJECTIVE] if criterion.is_objective else [f"p{who}" for who in people]
                rows += [
                    ScoreRow(
                        subject, group, scorer, criterion.key, draw_points(rng, criterion, steps)
                    )
                    for scorer in scorers
                ]
    return rows, minimum


def draw_points(rng: random.Random, criterion: Criterion, step: Decimal) -> Decimal | None:
    if rng.random() < 0.2:
        return None
    return min(step * rng.randint(0, int(criterion.most / step)), Decimal(criterion.most))


campaigns = st.integers(0, 2**32).map(to_campaign)
