"""Times of many questions, and what is said of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Clock = Callable[[], float]
WALL: Clock = time.perf_counter
CPU: Clock = time.process_time


@dataclass(slots=True)
class Times:
    """Of many calls, the processor time of this process and the time by the clock, in ms."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def take(self, call: Callable[[], Any]) -> None:
        """Time one call both ways."""
        self.wall.append(timed(lambda: self.cpu.append(timed(call)), WALL))


def timed(call: Callable[[], Any], clock: Clock = CPU) -> float:
    """How long a call takes, in ms: by default of this process's processor time.

    Others may be at work on the machine, and what runs here waits for nobody else. What asks a
    server is timed by the wall clock, and so is what is compared with it.
    """
    started = clock()
    call()
    return (clock() - started) * 1_000


def p95(times: Sequence[float]) -> float:
    """The time that 95 of 100 questions keep within."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def both(times: Sequence[float]) -> str:
    """Median and p95, for a column."""
    return f"{median(times):>8.1f} /{p95(times):>7.1f}"


def verdict(value: float, most: float) -> str:
    """Whether a figure keeps its goal."""
    return "" if value <= most else f"  MORE THAN {most:g}"
