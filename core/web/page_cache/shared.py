"""Pages that the processes of one web server share through Redis, where one is configured.

The processes are forked from one that makes a secret: what they find in Redis counts only when it
is sealed with it. So nothing that others wrote there, nor what was kept before the server was
started anew (of another program, or of a database that was restored since), is ever answered.

A page has one of a fixed number of places, so the memory is bounded without asking what is there;
whoever comes later to the same place has it. Redis that fails or is slow is left alone for a while.
"""

import json
import secrets
import socket
import struct
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from core.clock import now_until
from core.outages.breaker import Breaker
from core.web.page_cache.kept_page import Conditions, KeptPage
from core.web.page_cache.keys import PageKey

if TYPE_CHECKING:  # takes a third of a second to load: only where one is configured
    from redis import Redis

# A page is made in less than it takes to wait for longer.
TIMEOUT, FAILURES = 0.05, 2
LARGEST = 32 * 2**10
# Beside the memory of each process; a page takes a quarter of its largest size, as a rule.
ROOM = 8 * 2**20
LONGEST = timedelta(hours=6)
_SEAL = 16
_LENGTH = struct.Struct(">I")


class SharedPages:
    """What other processes of this server have kept."""

    def __init__(self, client: "Redis", prefix: str, places: int) -> None:
        self._client, self._prefix, self._places = client, prefix, places
        self._secret = secrets.token_bytes(32)
        self._breaker = Breaker(failures=FAILURES)
        #: How often Redis was asked in vain.
        self.faults = 0

    def get(self, key: PageKey) -> KeptPage | None:
        """Return the page of a key, whether it is still valid or not; `None` for anything else."""
        name, digest = self._locate(key)
        data = self._ask("GET", name)
        if not isinstance(data, bytes):
            return None
        seal, content = data[:_SEAL], data[_SEAL:]
        return _read(content) if secrets.compare_digest(seal, self._seal(digest, content)) else None

    def put(self, key: PageKey, page: KeptPage) -> None:
        """Keep a page for the others, in place of what was there, unless it is too large."""
        name, digest = self._locate(key)
        content = _write(page)
        seconds = min(LONGEST, page.conditions.until - now_until()).total_seconds()
        if len(content) <= LARGEST and seconds >= 1:
            sealed = self._seal(digest, content) + content
            self._ask("SET", name, sealed, "EX", int(seconds))

    def _locate(self, key: PageKey) -> tuple[str, bytes]:
        """Return the name of a page's place, and what is sealed with it."""
        digest = blake2b(repr(tuple(key)).encode(), key=self._secret, digest_size=16).digest()
        # Addresses with parameters, which can be made up, have a half of their own.
        place = int.from_bytes(digest, "big") % (self._places // 2) * 2 + bool(key.query)
        return f"{self._prefix}:{place}", digest

    def _seal(self, digest: bytes, content: bytes) -> bytes:
        return blake2b(digest + content, key=self._secret, digest_size=_SEAL).digest()

    def _ask(self, *command: Any) -> Any:
        """Send a command; `None` where there is no answer in time."""
        from redis import RedisError  # see above

        if not self._breaker.may_ask():
            return None
        try:
            answer = self._client.execute_command(*command)  # type: ignore[no-untyped-call]  # theirs
        except (RedisError, OSError):
            self._breaker.failed()
            self.faults += 1
            return None
        self._breaker.succeeded()
        return answer


def open_shared_pages(url: str, megabytes: int, installation: str) -> SharedPages:
    """Share pages through this server; nothing is asked of it yet.

    They take at most eight times so many megabytes there, for each host that serves.
    """
    from redis import Redis  # see above
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    client = Redis.from_url(
        url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
    )
    whose = f"{socket.gethostname()}:{installation}".encode()
    prefix = f"gongkai:page:{blake2b(whose, digest_size=6).hexdigest()}"
    return SharedPages(client, prefix, max(2, megabytes * ROOM // LARGEST))


def _write(page: KeptPage) -> bytes:
    conditions = page.conditions
    facts = {
        "needs": conditions.needs, "stamp": conditions.stamp,
        "until": conditions.until.isoformat(), "headers": page.headers,
        "is_compressed": page.is_compressed, "tag": page.tag, "counts": page.counts,
    }  # fmt: skip
    head = json.dumps(facts).encode()
    return _LENGTH.pack(len(head)) + head + page.body


def _read(content: bytes) -> KeptPage:
    """Read a page that this program wrote: its seal was looked at."""
    end = _LENGTH.size + _LENGTH.unpack_from(content)[0]
    facts = json.loads(content[_LENGTH.size : end])
    conditions = Conditions(
        _to_tuple(facts["needs"]), _to_tuple(facts["stamp"]), datetime.fromisoformat(facts["until"])
    )
    headers = [(name, value) for name, value in facts["headers"]]
    page = KeptPage(conditions, headers, content[end:], facts["is_compressed"], facts["tag"])
    page.counts = _to_tuple(facts["counts"])
    return page


def _to_tuple(value: Any) -> Any:
    return tuple(map(_to_tuple, value)) if isinstance(value, list) else value
