"""A circuit breaker: a server that fails is left alone for a while."""

import threading
import time
from collections import deque
from collections.abc import Callable

FAILURES, WINDOW, PAUSE = 5, 30.0, 15.0


class Breaker:
    """A circuit breaker for one server in this process.

    After so many failures within `WINDOW` seconds it is open for `PAUSE` seconds; then it lets one
    caller through (half open), and closes where that one succeeds.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, failures: int = FAILURES
    ) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: deque[float] = deque(maxlen=failures)
        self._open_until: float | None = None

    def may_ask(self) -> bool:
        """Return whether to ask the server now; after a pause `True` for one caller only."""
        with self._lock:
            if self._open_until is None:
                return True
            now = self._clock()
            if now < self._open_until:
                return False
            self._open_until = now + PAUSE  # the others wait for the result of this one
            return True

    def succeeded(self) -> None:
        """Record that the server answered."""
        with self._lock:
            self._failed.clear()
            self._open_until = None

    def failed(self) -> None:
        """Record that the server did not answer, or not in time."""
        with self._lock:
            now = self._clock()
            self._failed.append(now)
            if len(self._failed) == self._failed.maxlen and now - self._failed[0] <= WINDOW:
                self._open_until = now + PAUSE
