"""Many readers at once, each of whom reads a page for a while before asking for the next."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from urllib.request import urlopen

from tests.bench.serving.client import SLOWEST

READERS, PAUSE, SECONDS = 200, 5.0, 60.0
WARM_SHARE = 0.95
LONGEST_P99 = 1.0


@dataclass(slots=True)
class ReaderTimes:
    """How long the answers took, in seconds; pages that were asked for before apart."""

    warm: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)

    @property
    def p99(self) -> float:
        """The time within which 99 of 100 answers came."""
        return quantiles([*self.warm, *self.cold], n=100)[-1]

    def describe(self) -> dict[str, float]:
        """Return the figures that are kept."""
        return {"answers": len(self.warm) + len(self.cold), "p50": median(self.warm),
                "p50_cold": median(self.cold), "p99": self.p99}  # fmt: skip


def read_at_once(url: str, warm: Sequence[str], cold: Sequence[str]) -> ReaderTimes:
    """Have readers ask for pages that were asked for before, and now and then for a new one."""
    for path in [*warm] * 4:
        _read(f"{url}{path}")
    times, unread = ReaderTimes(), iter(cold)
    ends = time.monotonic() + SECONDS
    readers = [
        threading.Thread(target=_run, args=(url, random.Random(number), warm, unread, times, ends))
        for number in range(READERS)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return times


def _run(  # noqa: PLR0917 - the arguments of a thread
    url: str,
    chance: random.Random,
    warm: Sequence[str],
    unread: Iterator[str],
    times: ReaderTimes,
    ends: float,
) -> None:
    time.sleep(chance.uniform(0, PAUSE))
    while time.monotonic() < ends:
        is_warm = chance.random() < WARM_SHARE
        path = chance.choice(warm) if is_warm else next(unread)
        (times.warm if is_warm else times.cold).append(_read(f"{url}{path}"))
        time.sleep(chance.uniform(0.8, 1.2) * PAUSE)


def _read(address: str) -> float:
    """Return how long the answer took."""
    started = time.monotonic()
    with urlopen(address, timeout=SLOWEST) as answer:
        answer.read()
    return time.monotonic() - started
