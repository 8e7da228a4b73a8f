"""Measure servers in turns, so that whatever else the machine does slows all of them alike."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from core.testing.serving import ServedInstallation
from tests.bench.serving.client import CONNECTIONS, fetch_many
from tests.bench.serving.processes import tree_seconds

# Processor time is counted in hundredths of a second: a turn takes many of them.
TURN_SECONDS = 0.25
LEAST, MOST = 4 * CONNECTIONS, 2_000


@dataclass(slots=True)
class Target:
    """A page of a server, and the milliseconds of processor time of a request in each round."""

    name: str
    server: ServedInstallation
    path: str
    count: int = LEAST
    taken: list[float] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        """Processor time of a request, the median of all rounds."""
        return median(self.taken)

    def ratio_to(self, floor: "Target") -> float:
        """Return the median of this page's ratios to a floor, each within one round."""
        return median(mine / its for mine, its in zip(self.taken, floor.taken, strict=True))


def measure(targets: Sequence[Target], rounds: int) -> None:
    """Ask all targets in each round, in another order every time."""
    for target in targets:
        _spend(target)  # templates are compiled and caches filled in every process
        spent = _spend(target)
        target.count = round(min(MOST, max(LEAST, TURN_SECONDS * 1_000 / max(spent, 0.01))))
    order = random.Random(1)
    for _ in range(rounds):
        for target in order.sample(targets, k=len(targets)):
            target.taken.append(_spend(target))


def _spend(target: Target) -> float:
    before = tree_seconds(target.server.process)
    answered = fetch_many(target.server.url, target.path, target.count)
    return (tree_seconds(target.server.process) - before) * 1_000 / answered
