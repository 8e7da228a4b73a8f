"""A kept page: its headers and its compressed body, answered whole or as "not modified"."""

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

# Of a page that is smaller, compressing would save no packet.
SMALLEST_COMPRESSED = 600
COMPRESSION = 6
# What an entry takes beside its bodies, about: key, headers, numbers.
OVERHEAD = 3_000
_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/rss+xml",
                 "application/atom+xml", "application/feed+json", "image/svg+xml")  # fmt: skip
# Set for each answer, or of the one that was made.
_OWN = frozenset({"content-length", "cache-control", "vary", "etag", "content-encoding", "date"})

# Places of the two numbers of a tenant.
OWN, SUBTREE = 0, 1

Headers = list[tuple[str, str]]
Needs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a page depends on: numbers, each named by id and place (`OWN`, `SUBTREE`), and time."""

    needs: Needs
    stamp: tuple[int, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """One answer with a kept page: what WSGI wants of it, and its head as it goes over the wire."""

    status: str
    headers: Headers
    body: bytes
    #: The lines of the headers, up to the empty one.
    lines: bytes


@dataclass(slots=True)
class KeptPage:
    """A page as it was answered, and how long that holds; `counts` go with each answer."""

    conditions: Conditions
    headers: Headers
    body: bytes
    is_compressed: bool
    tag: str
    counts: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    plain: bytes | None = None
    prepared: dict[tuple[bool, bool], PreparedAnswer] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """About how many bytes it takes in memory."""
        return OVERHEAD + len(self.body) + len(self.plain or b"")

    def load_plain(self) -> bytes:
        """Return the body as it is without compression; it stays in memory."""
        if self.plain is None:
            self.plain = gzip.decompress(self.body) if self.is_compressed else self.body
        return self.plain

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request by WSGI."""
        chosen = self.choose(environ)
        start_response(chosen.status, chosen.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [chosen.body]

    def choose(self, environ: dict[str, Any]) -> PreparedAnswer:
        """Choose the answer to a request: the page, or nothing where the browser has it."""
        compressed = self.is_compressed and accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        wanted = environ.get("HTTP_IF_NONE_MATCH") or ""
        known = wanted != "" and _matches(wanted, self._tag(compressed=compressed))
        prepared = self.prepared.get((compressed, known))
        if prepared is None:
            prepared = self._prepare(compressed=compressed, known=known)
            self.prepared[compressed, known] = prepared
        return prepared

    def _prepare(self, *, compressed: bool, known: bool) -> PreparedAnswer:
        headers = self._build_headers(compressed=compressed)
        if known:
            headers = [pair for pair in headers if not pair[0].lower().startswith("content-")]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        body = b"" if known else self.body if compressed else self.load_plain()
        status = HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK
        return PreparedAnswer(_status(status), headers, body, f"{lines}\r\n".encode("latin-1"))

    def _tag(self, *, compressed: bool) -> str:
        return f'"{self.tag}-gz"' if compressed else f'"{self.tag}"'

    def _build_headers(self, *, compressed: bool) -> Headers:
        length = len(self.body) if compressed else len(self.load_plain())
        own = [("Content-Length", str(length)), ("ETag", self._tag(compressed=compressed))]
        if compressed:
            own.append(("Content-Encoding", "gzip"))
        return [*self.headers, *own]


def keep_answer(
    conditions: Conditions, headers: Headers, body: bytes, cache_control: str
) -> KeptPage:
    """Build the kept page of an answer that was just made."""
    kept = [pair for pair in headers if pair[0].lower() not in _OWN]
    own = next((value for name, value in headers if name.lower() == "cache-control"), "")
    kept += [("Cache-Control", own or cache_control), ("Vary", "Accept-Encoding, Cookie")]
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    shrinks = len(body) >= SMALLEST_COMPRESSED and kind.startswith(_COMPRESSIBLE)
    data = gzip.compress(body, COMPRESSION, mtime=0) if shrinks else body
    tag = hashlib.blake2b(body, digest_size=12).hexdigest()
    return KeptPage(conditions, kept, data, shrinks, tag)


def accepts_gzip(accepted: str) -> bool:
    """Return whether a browser takes compressed answers."""
    if "gzip" not in accepted:
        return False
    for each in accepted.lower().split(","):
        name, _, parameters = each.partition(";")
        if name.strip() == "gzip":
            quality = parameters.replace(" ", "").partition("q=")[2]
            return quality.strip("0.") != "" or not quality
    return False


def _matches(wanted: str, tag: str) -> bool:
    """Return whether a browser has the page; proxies mark tags as weak when they compress."""
    return any(each.strip().removeprefix("W/") in {tag, "*"} for each in wanted.split(","))


def _status(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"
