"""The judged query sets: what citizens type, where, and which answers are right."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path

EXPECTED = 3
SETS = ("queries", "second")


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """One question typed on the page of a division, with grades (1 to 3) by key of the answer."""

    text: str
    at: str
    kind: str
    intent: str
    grades: dict[str, int]

    def ndcg(self, ranked: Sequence[str], depth: int = 10) -> float:
        """How near an order of answers comes to the best one, over its first places."""
        return _gain([self.grades.get(key, 0) for key in ranked[:depth]]) / _gain(
            sorted(self.grades.values(), reverse=True)[:depth]
        )

    def expected_within(self, ranked: Sequence[str], depth: int = 3) -> bool:
        """Say whether an expected answer stands among the first."""
        return any(self.grades.get(key) == EXPECTED for key in ranked[:depth])

    def recall(self, ranked: Sequence[str]) -> float:
        """Share of the judged answers that were given at all."""
        return len(self.grades.keys() & set(ranked)) / len(self.grades)


def judged_queries(name: str = "queries") -> list[JudgedQuery]:
    """One whole set of `SETS`, in the order of its file."""
    held = json.loads(Path(__file__).with_name(f"{name}.json").read_text("utf-8"))
    return [
        JudgedQuery(row["text"], row["at"], row["class"], row["intent"], row["grades"])
        for row in held["queries"]
    ]


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))
