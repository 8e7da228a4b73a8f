"""Fetch pages as browsers do, over real connections, and read what a server logs of plugins."""

import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlsplit

PATIENCE = 120


@dataclass(slots=True)
class Fetched:
    """Statuses of the pages that were fetched (0: the connection broke), and their seconds."""

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def fetch(self, url: str, path: str) -> str:
        """Fetch a page; record its status and time, return its text."""
        started = time.monotonic()
        status, text = fetch(url, path)
        self.statuses.append(status)
        self.seconds.append(time.monotonic() - started)
        return text

    @property
    def slowest(self) -> float:
        """The longest that anybody waited for a page."""
        return max(self.seconds, default=0.0)

    @property
    def broken(self) -> int:
        """Number of requests that were not answered."""
        return self.statuses.count(0)

    @property
    def others(self) -> set[int]:
        """Statuses other than 200 of requests that were answered."""
        return set(self.statuses) - {0, 200}


def fetch(url: str, path: str) -> tuple[int, str]:
    """Fetch a page over a connection of its own; 0 where the connection breaks."""
    address = urlsplit(url)
    assert address.hostname is not None
    connection = HTTPConnection(address.hostname, address.port, timeout=PATIENCE)
    try:
        connection.request("GET", quote(path, safe="/?=&"))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, HTTPException):
        return 0, ""
    finally:
        connection.close()


def count_logged(log: Path, event: str, plugins: tuple[str, ...] = ()) -> int:
    """Count the lines that a server logged for an event, about these plugins if any are named."""
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if event in line]
    if not plugins:
        return len(lines)
    wanted = re.compile(rf"\b(?:plugin|next)=(?:{'|'.join(plugins)})\b")
    return sum(bool(wanted.search(line)) for line in lines)


def wait_until(condition, patience: float = PATIENCE) -> None:
    """Wait until something holds."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < patience
        time.sleep(0.1)
