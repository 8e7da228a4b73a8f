"""The web server's worker class: who waits, waits in one line for all processes.

gunicorn's own thread worker accepts up to a thousand connections however busy it is. In a rush one
process then has twice as many as another, and whoever it accepted waits twice as long while the
others already idle.
"""

from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Accepted beside those that threads are at, so that no thread waits for its next one.
AHEAD = 1


class OneLineWorker(ThreadWorker):  # type: ignore[misc] # the library has no types
    """Accepts a connection only when a thread will soon have time for it.

    The rest waits in the listening socket, which all processes share, and whichever is free takes
    the oldest. Connections that are kept open between two requests cost no thread: they do not
    count.
    """

    @property
    def worker_connections(self) -> int:
        """How many connections this process may hold at this moment."""
        idle = len(self.keepalived_conns) + len(self.pending_conns)
        return min(int(self.cfg.worker_connections), int(self.cfg.threads) + AHEAD + idle)

    @worker_connections.setter
    def worker_connections(self, number: Any) -> None:
        """Leave it: the configured number is the upper bound."""
