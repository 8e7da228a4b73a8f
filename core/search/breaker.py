"""A circuit breaker: a server that failed several times is left alone for a while."""

import threading
import time
from collections import deque
from collections.abc import Callable

FAILURES, WINDOW, PAUSE = 5, 30.0, 15.0


class Breaker:
    """Counts failures of one server as seen by this process.

    After `FAILURES` within `WINDOW` seconds nobody asks for `PAUSE` seconds; then one caller tries,
    and the others follow only where that went well.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: deque[float] = deque(maxlen=FAILURES)
        self._closed_until: float | None = None

    def may_ask(self) -> bool:
        """Whether to ask the server now; after a pause this lets one caller through."""
        with self._lock:
            if self._closed_until is None:
                return True
            now = self._clock()
            if now < self._closed_until:
                return False
            self._closed_until = now + PAUSE  # the others wait for how this one fares
            return True

    def succeeded(self) -> None:
        """The server answered."""
        with self._lock:
            self._failed.clear()
            self._closed_until = None

    def failed(self) -> None:
        """The server did not answer, or not in time."""
        with self._lock:
            now = self._clock()
            self._failed.append(now)
            if len(self._failed) == FAILURES and now - self._failed[0] <= WINDOW:
                self._closed_until = now + PAUSE
