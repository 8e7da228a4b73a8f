"""A small HTTP server that speaks the part of Meilisearch's API that we use.

It shows how the adapter behaves (tasks that end later and may fail, refusals, keys, a busy or
hanging server), never how well anything is found.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from core.testing.meili.store import ApiError, Json, Store

MASTER_KEY = "a-master-key-for-tests"
VERSION = "1.50.0"
BUSY = 503

Answer = tuple[int, Any]
Route = Callable[["Handler", list[str], dict[str, str]], Answer]


class Server:
    """The server and its switches; `url` and `key` are for whoever asks it."""

    def __init__(self, master_key: str = MASTER_KEY, delay: float = 0.0) -> None:
        self.store = Store(master_key, delay)
        self.key = master_key
        self.busy = False
        # Searches wait until this is set: a server that hangs.
        self.answering = threading.Event()
        self.answering.set()
        self.requests = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.owner = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop listening and finish the tasks."""
        self.answering.set()
        self._server.shutdown()
        self._server.server_close()
        self.store.close()


@contextmanager
def running(**options: Any) -> Iterator[Server]:
    """A server inside the block."""
    server = Server(**options)
    try:
        yield server
    finally:
        server.close()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    _body: Any = None

    @property
    def owner(self) -> Server:
        """The server with its switches."""
        owner: Server = self.server.owner  # type: ignore[attr-defined]
        return owner

    @property
    def store(self) -> Store:
        """What it keeps."""
        return self.owner.store

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""

    def body(self) -> Any:
        """The request's JSON."""
        return self._body

    def _serve(self) -> None:
        self.owner.requests += 1
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        try:
            self._body = json.loads(raw) if raw else None
            status, answer = self._route()
        except ApiError as error:
            status, answer = error.status, error.body
        self._send(status, answer, {"Retry-After": "10"} if status == BUSY else {})

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - http.server's names

    def _route(self) -> Answer:
        if self.owner.busy:
            raise ApiError(BUSY, "too_many_search_requests", "Too many requests", "system")
        address = urlsplit(self.path)
        parts = [part for part in address.path.split("/") if part]
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        for method, pattern, action, route in ROUTES:
            if method == self.command and _fits(parts, pattern):
                self._authorise(action, parts)
                return route(self, parts, query)
        raise ApiError(404, "not_found", self.path)

    def _authorise(self, action: str, parts: list[str]) -> None:
        if not action or not self.store.master_key:
            return
        given = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if given == self.store.master_key:
            return
        key, token = self.store.keys.get(given), None
        if key is None:
            key, token = self._key_of_token(given)
        indexes = parts[1:2] if parts[0] == "indexes" else []
        if action == "search" and parts[0] == "multi-search":
            indexes = [query["indexUid"] for query in self._body["queries"]]
        if not _permits(key, action, indexes):
            raise ApiError(403, "invalid_api_key", "The provided API key is invalid.", "auth")
        if token is not None:
            self._narrow(token)

    def _key_of_token(self, given: str) -> tuple[Json, Json]:
        """The key that signed a tenant token, and what the token says."""
        refused = ApiError(403, "invalid_api_key", "The provided API key is invalid.", "auth")
        try:
            head, payload, signature = given.split(".")
            token = json.loads(_decoded(payload))
        except ValueError as error:
            raise refused from error
        keys = [key for key in self.store.keys.values() if key["uid"] == token.get("apiKeyUid")]
        for key in keys:
            made = hmac.new(key["key"].encode(), f"{head}.{payload}".encode(), hashlib.sha256)
            valid = hmac.compare_digest(made.digest(), _decoded(signature))
            if valid and (token["exp"] is None or token["exp"] > time.time()):
                return {**key, "actions": ["search"]}, token
        raise refused

    def _narrow(self, token: Json) -> None:
        """What a token's holder asks is held to the token's filter too."""
        rules = token["searchRules"]
        for query in self._body["queries"]:
            rule = rules.get(query["indexUid"], rules.get("*")) if isinstance(rules, dict) else {}
            if rule is None:
                raise ApiError(403, "invalid_api_key", "not for this index", "auth")
            filters = [part for part in (query.get("filter"), rule.get("filter")) if part]
            query["filter"] = " AND ".join(f"({part})" for part in filters)

    def _send(self, status: int, answer: Any, headers: dict[str, str]) -> None:
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _fits(parts: list[str], pattern: str) -> bool:
    wanted = pattern.split("/")
    pairs = zip(parts, wanted, strict=False)
    return len(parts) == len(wanted) and all(name in {"*", part} for part, name in pairs)


def _permits(key: Json, action: str, indexes: list[str]) -> bool:
    actions = key["actions"]
    group = action.split(".", maxsplit=1)[0] + ".*"
    allowed = "*" in actions or action in actions or group in actions
    return allowed and all(
        any(fnmatch(index, pattern) for pattern in key["indexes"]) for index in indexes
    )


def _search(handler: Handler, _parts: list[str], _query: dict[str, str]) -> Answer:
    handler.owner.answering.wait()
    body = handler.body()
    return 200, handler.store.federated(body["queries"], body["federation"])


def _documents(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    held = list(handler.store.index(parts[1]).documents.values())
    asked = handler.body()
    offset, limit = asked.get("offset", 0), asked.get("limit", 20)
    page = [{name: one[name] for name in asked["fields"]} for one in held[offset : offset + limit]]
    return 200, {"results": page, "offset": offset, "limit": limit, "total": len(held)}


def _task(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    return 200, handler.store.tasks[int(parts[1])]


def _settings(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    return 200, handler.store.index(parts[1]).settings


def _set(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    wanted = handler.body()
    handler.store.check_settings(wanted)
    return _later(handler, "settingsUpdate", parts[1], lambda: handler.store.set(parts[1], wanted))


def _stats(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    count = len(handler.store.index(parts[1]).documents)
    return 200, {"numberOfDocuments": count, "isIndexing": False, "fieldDistribution": {}}


def _indexes(handler: Handler, _parts: list[str], _query: dict[str, str]) -> Answer:
    held = [_described(handler, uid) for uid in handler.store.indexes]
    return 200, {"results": held, "offset": 0, "limit": 1000, "total": len(held)}


def _described(handler: Handler, uid: str) -> Json:
    born = handler.store.index(uid).born
    return {"uid": uid, "primaryKey": "id", "createdAt": born, "updatedAt": born}


def _one_index(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    return 200, _described(handler, parts[1])


def _create(handler: Handler, _parts: list[str], _query: dict[str, str]) -> Answer:
    uid = handler.body()["uid"]
    return _later(handler, "indexCreation", uid, lambda: handler.store.create(uid))


def _drop(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    return _later(handler, "indexDeletion", parts[1], lambda: handler.store.drop(parts[1]))


def _add(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    documents = handler.body()
    return _later(
        handler,
        "documentAdditionOrUpdate",
        parts[1],
        lambda: handler.store.add(parts[1], documents),
    )


def _remove(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    ids = handler.body()
    return _later(
        handler, "documentDeletion", parts[1], lambda: handler.store.remove(parts[1], ids)
    )


def _remove_where(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    condition = handler.body()["filter"]
    return _later(
        handler,
        "documentDeletion",
        parts[1],
        lambda: handler.store.remove_where(parts[1], condition),
    )


def _clear(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    return _later(handler, "documentDeletion", parts[1], lambda: handler.store.clear(parts[1]))


def _swap(handler: Handler, _parts: list[str], _query: dict[str, str]) -> Answer:
    pairs = handler.body()
    return _later(handler, "indexSwap", None, lambda: handler.store.swap(pairs))


def _later(handler: Handler, kind: str, uid: str | None, work: Callable[[], None]) -> Answer:
    return 202, handler.store.enqueue(kind, uid, work)


def _make_key(handler: Handler, _parts: list[str], _query: dict[str, str]) -> Answer:
    return 201, handler.store.create_key(handler.body())


def _key(handler: Handler, parts: list[str], _query: dict[str, str]) -> Answer:
    for key in handler.store.keys.values():
        if parts[1] in {key["uid"], key["key"]}:
            return 200, key
    raise ApiError(404, "api_key_not_found", f"API key `{parts[1]}` not found.")


def _health(_handler: Handler, _parts: list[str], _query: dict[str, str]) -> Answer:
    return 200, {"status": "available"}


def _version(_handler: Handler, _parts: list[str], _query: dict[str, str]) -> Answer:
    return 200, {"commitSha": "", "commitDate": "", "pkgVersion": VERSION}


ROUTES: tuple[tuple[str, str, str, Route], ...] = (
    ("GET", "health", "", _health),
    ("GET", "version", "version", _version),
    ("POST", "multi-search", "search", _search),
    ("GET", "indexes", "indexes.get", _indexes),
    ("POST", "indexes", "indexes.create", _create),
    ("GET", "indexes/*", "indexes.get", _one_index),
    ("DELETE", "indexes/*", "indexes.delete", _drop),
    ("GET", "indexes/*/settings", "settings.get", _settings),
    ("PATCH", "indexes/*/settings", "settings.update", _set),
    ("GET", "indexes/*/stats", "stats.get", _stats),
    ("POST", "indexes/*/documents/fetch", "documents.get", _documents),
    ("POST", "indexes/*/documents", "documents.add", _add),
    ("DELETE", "indexes/*/documents", "documents.delete", _clear),
    ("POST", "indexes/*/documents/delete-batch", "documents.delete", _remove),
    ("POST", "indexes/*/documents/delete", "documents.delete", _remove_where),
    ("GET", "tasks/*", "tasks.get", _task),
    ("POST", "swap-indexes", "indexes.swap", _swap),
    ("POST", "keys", "keys.create", _make_key),
    ("GET", "keys/*", "keys.get", _key),
)
