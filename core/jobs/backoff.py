"""Exponential backoff for work that depends on other systems: retried, then given up."""

from dataclasses import dataclass
from datetime import timedelta

# A pause is capped long before this; a larger exponent would only overflow.
LARGEST_EXPONENT = 30


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses between attempts: `first`, then twice as long each time, at most `longest`."""

    first: timedelta
    longest: timedelta
    max_attempts: int

    def pause_after(self, failures: int) -> timedelta:
        """Return how long to wait after this many failures in a row (one or more)."""
        exponent = min(max(failures, 1) - 1, LARGEST_EXPONENT)
        pause: timedelta = self.first * 2**exponent
        return min(pause, self.longest)

    def is_exhausted(self, failures: int) -> bool:
        """Return whether no further attempt is due after this many failures."""
        return failures >= self.max_attempts
