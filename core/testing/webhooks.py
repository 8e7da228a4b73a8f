"""Another system for tests of webhooks: a real HTTP server on loopback that keeps what it is told.

The application must let webhooks reach it: `settings.webhook_internal_hosts = "127.0.0.1"`.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sqlalchemy import update

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.webhooks.delivery import SETTLED, deliver_webhooks
from core.webhooks.models import WebhookDelivery, WebhookEndpoint

SECRET = "a key of sixteen or more"
TOPIC = "fair.visit"


@dataclass
class Receiver:
    """What arrived; `answers` are the next statuses, then 204. Refused requests are not kept."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, Any]]:
        """Bodies of the deliveries that were taken."""
        return [json.loads(body) for _headers, body in self.taken]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver; a redirection (3xx) that it answers leads to another path of its own."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.paths.append(self.path)
            status = receiver.answers.pop(0) if receiver.answers else 204
            if 200 <= status < 300:
                receiver.taken.append((dict(self.headers), body))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?of=county"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def deliver_now() -> None:
    """Deliver what is queued as if all pauses were over."""
    with open_session(Scope.platform("test")) as session:
        session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.created_at > utc_now() - SETTLED)
            .values(created_at=utc_now() - SETTLED)
        )
        session.execute(update(WebhookEndpoint).values(next_try_at=utc_now()))
    deliver_webhooks()
