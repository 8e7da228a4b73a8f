"""A fake Meilisearch: an HTTP server that speaks the part of the API that our adapter sends.

It shows how the adapter behaves (tasks that end later and may fail, refusals, keys, a busy or
hanging server), never how well anything is found: the real program passes the same contract suite.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from core.testing.meili.access import Access, ApiError, Json
from core.testing.meili.store import MeiliStore, check_settings

MASTER_KEY = "a-master-key-for-tests"


class FakeMeilisearch:
    """The server and its switches; `url` and `key` are for its clients."""

    def __init__(self) -> None:
        self.store = MeiliStore()
        self.key = MASTER_KEY
        self.access = Access(self.key)
        self.busy = False
        # Searches wait until this is set: a server that hangs.
        self.answering = threading.Event()
        self.answering.set()
        self.requests = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), FakeMeilisearchHandler)
        self._http.daemon_threads = True
        self._http.fake = self  # type: ignore[attr-defined]  # how http.server hands over state
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop listening and finish the tasks."""
        self.answering.set()
        self._http.shutdown()
        self._http.server_close()
        self.store.close()


@contextmanager
def running() -> Iterator[FakeMeilisearch]:
    """Run a server inside the block."""
    server = FakeMeilisearch()
    try:
        yield server
    finally:
        server.close()


# A route gets the server, what stands for `*` in its path, and the request's JSON.
Route = Callable[[FakeMeilisearch, str, Any], Any]


class FakeMeilisearchHandler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        """Log nothing."""

    def _serve(self) -> None:
        fake: FakeMeilisearch = self.server.fake  # type: ignore[attr-defined]  # set by its owner
        fake.requests += 1
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, answer = self._route(fake, json.loads(raw) if raw else None)
        except ApiError as error:
            status, answer = error.status, error.body
        self._send(status, answer)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - http.server's names

    def _route(self, fake: FakeMeilisearch, body: Any) -> tuple[int, Any]:
        if fake.busy:
            raise ApiError(503, "too_many_search_requests", "Too many requests", "system")
        parts = urlsplit(self.path).path.strip("/").split("/")
        for method, pattern, action, status, route in ROUTES:
            if method == self.command and _fits(parts, pattern):
                name = parts[1] if len(parts) > 1 else ""
                self._authorise(fake, action, name if parts[0] == "indexes" else "", body)
                return status, route(fake, name, body)
        raise ApiError(404, "not_found", self.path)

    def _authorise(self, fake: FakeMeilisearch, action: str, index: str, body: Any) -> None:
        """Check the credential; add a tenant token's filter to every query."""
        credential = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        queries = body["queries"] if action == "search" else []
        indexes = {query["indexUid"] for query in queries} | ({index} if index else set())
        rules = fake.access.authorise(credential, action, sorted(indexes))
        for query in queries:
            rule = rules.get(query["indexUid"], {}).get("filter")
            conditions = [part for part in (query.get("filter"), rule) if part]
            query["filter"] = " AND ".join(f"({part})" for part in conditions)

    def _send(self, status: int, answer: Any) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _fits(parts: list[str], pattern: str) -> bool:
    names = pattern.split("/")
    pairs = zip(parts, names, strict=False)
    return len(parts) == len(names) and all(name in {"*", part} for part, name in pairs)


def _search(fake: FakeMeilisearch, _name: str, body: Any) -> Json:
    fake.answering.wait()
    return fake.store.search(body["queries"], body["federation"])


def _list_indexes(fake: FakeMeilisearch, _name: str, _body: Any) -> Json:
    indexes = [fake.store.describe(uid) for uid in fake.store.indexes]
    return {"results": indexes, "offset": 0, "limit": 1000, "total": len(indexes)}


def _fetch_documents(fake: FakeMeilisearch, uid: str, body: Any) -> Json:
    documents = list(fake.store.index(uid).documents.values())
    offset, limit = body["offset"], body["limit"]
    page = documents[offset : offset + limit]
    results = [{name: document[name] for name in body["fields"]} for document in page]
    return {"results": results, "offset": offset, "limit": limit, "total": len(documents)}


def _stats(fake: FakeMeilisearch, uid: str, _body: Any) -> Json:
    count = len(fake.store.index(uid).documents)
    return {"numberOfDocuments": count, "isIndexing": False, "fieldDistribution": {}}


def _update_settings(fake: FakeMeilisearch, uid: str, body: Any) -> Json:
    check_settings(body)
    return fake.store.enqueue("settingsUpdate", uid, lambda: fake.store.set(uid, body))


def _task(kind: str, work: Callable[[MeiliStore, str, Any], None]) -> Route:
    """Return the route of a write: it queues a task."""

    def route(fake: FakeMeilisearch, uid: str, body: Any) -> Json:
        return fake.store.enqueue(kind, uid or None, lambda: work(fake.store, uid, body))

    return route


_add = _task("documentAdditionOrUpdate", MeiliStore.add)
_remove = _task("documentDeletion", MeiliStore.remove)
_clear = _task("documentDeletion", lambda store, uid, _body: store.remove_where(uid, None))
_remove_where = _task(
    "documentDeletion", lambda store, uid, body: store.remove_where(uid, body["filter"])
)
_create = _task("indexCreation", lambda store, _name, body: store.create(body["uid"]))
_drop = _task("indexDeletion", lambda store, uid, _body: store.drop(uid))
_swap = _task("indexSwap", lambda store, _name, body: store.swap(body))

ROUTES: tuple[tuple[str, str, str, int, Route], ...] = (
    ("POST", "multi-search", "search", 200, _search),
    ("GET", "indexes", "indexes.get", 200, _list_indexes),
    ("POST", "indexes", "indexes.create", 202, _create),
    ("GET", "indexes/*", "indexes.get", 200, lambda fake, uid, _body: fake.store.describe(uid)),
    ("DELETE", "indexes/*", "indexes.delete", 202, _drop),
    (
        "GET", "indexes/*/settings", "settings.get", 200,
        lambda fake, uid, _body: fake.store.index(uid).settings,
    ),
    ("PATCH", "indexes/*/settings", "settings.update", 202, _update_settings),
    ("GET", "indexes/*/stats", "stats.get", 200, _stats),
    ("POST", "indexes/*/documents/fetch", "documents.get", 200, _fetch_documents),
    ("POST", "indexes/*/documents", "documents.add", 202, _add),
    ("DELETE", "indexes/*/documents", "documents.delete", 202, _clear),
    ("POST", "indexes/*/documents/delete-batch", "documents.delete", 202, _remove),
    ("POST", "indexes/*/documents/delete", "documents.delete", 202, _remove_where),
    ("GET", "tasks/*", "tasks.get", 200, lambda fake, uid, _body: fake.store.tasks[int(uid)]),
    ("POST", "swap-indexes", "indexes.swap", 202, _swap),
    ("POST", "keys", "keys.create", 201, lambda fake, _name, body: fake.access.create(body)),
    ("GET", "keys/*", "keys.get", 200, lambda fake, name, _body: fake.access.find(name)),
)  # fmt: skip
