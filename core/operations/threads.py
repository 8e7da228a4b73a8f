"""The web server's worker class: who waits, waits in one line; kept pages are answered at once.

gunicorn's own thread worker accepts up to a thousand connections however busy it is. In a rush one
process then has twice as many as another, and whoever it accepted waits twice as long while the
others already idle.

A page that is kept is answered from what gunicorn has parsed, with one write: building a WSGI
request and an answer of it takes longer than finding the page.
"""

import os
import time
from email.utils import formatdate
from typing import Any

from gunicorn import SERVER
from gunicorn.workers.gthread import ThreadWorker

from core.web.page_cache.direct import DIRECT_ANSWERS, DirectAnswers
from core.web.page_cache.kept_page import PreparedAnswer

# Accepted beside those that threads are at, so that no thread waits for its next one.
AHEAD = 1


class OneLineWorker(ThreadWorker):  # type: ignore[misc] # the library has no types
    """Accepts a connection only when a thread will soon have time for it.

    The rest waits in the listening socket, which all processes share, and whichever is free takes
    the oldest. Connections that are kept open between two requests cost no thread: they do not
    count.
    """

    _direct: DirectAnswers | None = None
    _date = (0, b"")

    @property
    def worker_connections(self) -> int:
        """How many connections this process may hold at this moment."""
        idle = len(self.keepalived_conns) + len(self.pending_conns)
        return min(int(self.cfg.worker_connections), int(self.cfg.threads) + AHEAD + idle)

    @worker_connections.setter
    def worker_connections(self, number: Any) -> None:
        """Leave it: the configured number is the upper bound."""

    def load_wsgi(self) -> None:
        """Load the application; where every request is to be logged, it answers each by itself."""
        super().load_wsgi()
        if not self.log.access_log_enabled and not os.environ.get("SCRIPT_NAME"):
            extensions = getattr(self.app.callable, "extensions", {})
            self._direct = extensions.get(DIRECT_ANSWERS)

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer with a kept page where there is one; returns whether the connection stays open."""
        found = self._direct.find(req, conn.client) if self._direct else None
        if self._direct is None or found is None:
            answered: bool = super().handle_request(req, conn)
            return answered
        stays = self._count_request(req)
        answer = found.page.choose(found.environ)
        head = self._build_head(req, answer, stays=stays)
        conn.sock.sendall(head if req.method == "HEAD" else head + answer.body)
        self._direct.count(found)
        return stays

    def _count_request(self, req: Any) -> bool:
        """Count a request; returns whether its connection stays open, decided as gunicorn does."""
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False
        has_room = len(self.keepalived_conns) < self.max_keepalived
        return bool(self.alive and self.cfg.keepalive and has_room and not req.should_close())

    def _build_head(self, req: Any, answer: PreparedAnswer, *, stays: bool) -> bytes:
        first = (
            f"HTTP/{req.version[0]}.{req.version[1]} {answer.status}\r\n"
            f"Server: {SERVER}\r\nConnection: {'keep-alive' if stays else 'close'}\r\n"
        )
        return first.encode("latin-1") + self._load_date() + answer.lines

    def _load_date(self) -> bytes:
        """Return the line of the present second."""
        second = int(time.time())
        if self._date[0] != second:
            line = f"Date: {formatdate(second, usegmt=True)}\r\n"
            self._date = (second, line.encode("latin-1"))
        return self._date[1]
