"""Reach a Meilisearch server through its official client, and say what went wrong in our words.

A circuit breaker: a server that failed several times is left alone for a while.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core.search.engines.base import BackendUnavailableError, WriteOutcome, WriteState

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


if TYPE_CHECKING:  # the client and its models take a while to load: only where one is configured
    from meilisearch import Client

# A compressed answer comes in pieces, each of which may wait for the last one's receipt.
_PLAIN = {"Accept-Encoding": "identity"}
# Somebody waits for an answer; nobody waits for what is written.
READ_TIMEOUT, WRITE_TIMEOUT = 2, 30
_BUSY = 429
_FAULT = 500
_REFUSED = {401, 403}
# Faults of the server that it blames on the request.
_ITS_OWN_FAULTS = {"index_not_found", "index_creation_failed"}


class MeiliRequestError(RuntimeError):
    """The server understood the request and will never take it."""


class Connection:
    """One server; a client for each thread, since a client shares its headers among calls."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._key = key
        self._local = threading.local()
        self.breaker = Breaker()

    def _client(self, timeout: int) -> "Client":
        from meilisearch import Client

        clients: dict[tuple[int, int], Client] = self._local.__dict__.setdefault("clients", {})
        place = (os.getpid(), timeout)
        if place not in clients:
            clients[place] = Client(
                self._url, self._key or None, timeout=timeout, custom_headers=_PLAIN
            )
            self._keep_open(clients[place])
        return clients[place]

    def _keep_open(self, client: "Client") -> None:
        """Let a client keep its connection: to make one takes longer than most answers."""
        from requests import Session

        send, session = client.http.send_request, Session()
        # Nothing of the environment (proxies) concerns a server that is spoken to in the clear.
        session.trust_env = not self._url.startswith("http:")

        def send_on(method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
            return send(getattr(session, method.__name__), *arguments, **options)

        client.http.send_request = send_on  # type: ignore[method-assign,assignment]
        self._local.__dict__.setdefault("sessions", []).append(session)

    def close(self) -> None:
        """Let go of this thread's connections; the next use opens them again."""
        for session in self._local.__dict__.get("sessions", ()):
            session.close()

    @contextmanager
    def reading(self) -> Iterator["Client"]:
        """Ask something while somebody waits; raises `BackendUnavailableError`."""
        if not self.breaker.may_ask():
            raise BackendUnavailableError("left alone for a while after several failures")
        try:
            with _plainly():
                yield self._client(READ_TIMEOUT)
        except BackendUnavailableError:
            self.breaker.failed()
            raise
        except MeiliRequestError as error:
            self.breaker.succeeded()
            raise BackendUnavailableError(str(error)) from error
        self.breaker.succeeded()

    @contextmanager
    def writing(self) -> Iterator["Client"]:
        """Change something; raises `BackendUnavailableError` or `MeiliRequestError`."""
        with _plainly():
            yield self._client(WRITE_TIMEOUT)


@contextmanager
def _plainly() -> Iterator[None]:
    """The client's and the network's errors as ours."""
    from meilisearch.errors import MeilisearchApiError, MeilisearchError
    from requests import RequestException

    try:
        yield
    except MeilisearchApiError as error:
        status = error.status_code
        lasting = status < _FAULT and status not in {_BUSY, *_REFUSED}
        if lasting and error.code not in _ITS_OWN_FAULTS:
            raise MeiliRequestError(f"{error.code}: {error.message}") from error
        raise BackendUnavailableError(f"{error.code or status}: {error.message}") from error
    except (MeilisearchError, RequestException) as error:
        raise BackendUnavailableError(str(error)) from error


def to_outcome(status: str, error: dict[str, Any] | None) -> WriteOutcome:
    """How a task ended: the client hands over a failed task like any other."""
    if status == "succeeded":
        return WriteOutcome(WriteState.DONE)
    if status not in {"failed", "canceled"}:
        return WriteOutcome(WriteState.PENDING)
    fault = error or {}
    permanent = fault.get("type") == "invalid_request" and fault.get("code") not in _ITS_OWN_FAULTS
    detail = f"{fault.get('code', status)}: {fault.get('message', '')}"
    return WriteOutcome(WriteState.FAILED, permanent=permanent, detail=detail)
