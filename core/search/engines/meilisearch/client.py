"""Connection to a Meilisearch server through its official client: timeouts, errors, breaker."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core.outages.breaker import Breaker
from core.search.engines.base import BackendUnavailableError, WriteOutcome, WriteState

if TYPE_CHECKING:  # the client and its models take a while to load: only where one is configured
    from meilisearch import Client

# Compressed answers are chunked, and each chunk may wait for a delayed acknowledgement.
_PLAIN = {"Accept-Encoding": "identity"}
# Seconds: a page waits for reads, nobody waits for writes.
READ_TIMEOUT, WRITE_TIMEOUT = 2, 30
_BUSY = 429
_FAULT = 500
_REFUSED = {401, 403}
# Server-side faults that are reported as errors of the request.
_ITS_OWN_FAULTS = {"index_not_found", "index_creation_failed"}


class MeiliRequestError(RuntimeError):
    """The server rejected the request; a retry is useless."""


class Connection:
    """One server; a client per thread, since a client shares its headers among calls."""

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
        """Make a client keep its connection alive: connecting takes longer than most answers."""
        from requests import Session

        send, session = client.http.send_request, Session()
        # Proxies of the environment do not apply to a server that is reached without TLS.
        session.trust_env = not self._url.startswith("http:")

        def send_on(method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
            return send(getattr(session, method.__name__), *arguments, **options)

        client.http.send_request = send_on  # type: ignore[method-assign,assignment]
        self._local.__dict__.setdefault("sessions", []).append(session)

    def close(self) -> None:
        """Close this thread's connections; the next use opens them again."""
        for session in self._local.__dict__.get("sessions", ()):
            session.close()

    @contextmanager
    def reading(self) -> Iterator["Client"]:
        """Read with a short timeout, through the breaker; raises `BackendUnavailableError`."""
        if not self.breaker.may_ask():
            raise BackendUnavailableError("left alone for a while after several failures")
        try:
            with _translated_errors():
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
        """Write with a long timeout; raises `BackendUnavailableError` or `MeiliRequestError`."""
        with _translated_errors():
            yield self._client(WRITE_TIMEOUT)


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Translate errors of the client and the network."""
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
    """Convert the status and error of a task."""
    if status == "succeeded":
        return WriteOutcome(WriteState.DONE)
    if status not in {"failed", "canceled"}:
        return WriteOutcome(WriteState.PENDING)
    fault = error or {}
    permanent = fault.get("type") == "invalid_request" and fault.get("code") not in _ITS_OWN_FAULTS
    detail = f"{fault.get('code', status)}: {fault.get('message', '')}"
    return WriteOutcome(WriteState.FAILED, permanent=permanent, detail=detail)
