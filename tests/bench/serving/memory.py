"""What workers take in memory: four that are forked from one loaded program, with all plugins.

Counted is each worker's share (PSS: what several processes share is divided among them), fresh and
after so many different pages.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from core.db.migrate import upgrade_database
from core.demo.loader import load_demo
from core.search.indexing.indexer import drain_all
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.testing.serving import ServedInstallation, serve_installation
from tests.bench.installing import WARM, bench_settings, uncached_application
from tests.bench.serving.client import CONNECTIONS, SLOWEST

WORKERS = 4
GOALS = {"fresh": 90, "after": 130}  # MiB of each worker
COUNTY = "990101"
_SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_LINKS = re.compile(r'href="(/[0-9]{6,12}/[a-z0-9/_-]*/)"', re.IGNORECASE)
_LEAVES_OUT = ("console", "search", "sign-in", "preferences")


def measure_memory(pages: int) -> dict[str, object]:
    """Print the share of the fullest worker, fresh and after so many different pages."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        folder = Path(name)
        _load(folder)
        settings = bench_settings(folder)
        with serve_installation(settings, workers=WORKERS, environment=WARM) as served:
            _fetch_all(served, [f"/{COUNTY}/"] * 40)
            shares = {"fresh": _list_shares(served)}
            asked = sum(1 for _ in islice(_crawl(served), pages))
            shares["after"] = _list_shares(served)
    for moment, values in shares.items():
        listed = ", ".join(f"{value:.0f}" for value in values)
        print(f"{moment:<8}{max(values):>5.0f} MiB  goal {GOALS[moment]}  ({listed})")
    return {"pages": asked, "load": os.getloadavg()[0], "goals": GOALS, "shares": shares}


def _load(folder: Path) -> None:
    """Load the demonstration, with all that it switches on."""
    with uncached_application(folder):
        upgrade_database()
        for side in search_engine().per_backend():
            prepare(side)
        load_demo("127.0.0.1")
        for side in search_engine().per_backend():
            drain_all(side)


def _list_shares(served: ServedInstallation) -> list[float]:
    """Return the share of each worker in MiB."""
    return sorted(_share(process) for process in served.workers())


def _share(process: int) -> float:
    found = _SHARE.search(Path(f"/proc/{process}/smaps_rollup").read_text())
    assert found
    return int(found[1]) / 1024


def _crawl(served: ServedInstallation) -> Iterator[str]:
    """Ask for pages along their links, each once, from the county's list of places on."""
    waiting, seen = [f"/{COUNTY}/places/"], {f"/{COUNTY}/places/"}
    while waiting:
        batch, waiting = waiting[:200], waiting[200:]
        for path, body in zip(batch, _fetch_all(served, batch), strict=True):
            yield path
            links = dict.fromkeys(_LINKS.findall(body.decode()))
            fresh = [each for each in links if each not in seen and _is_page(each)]
            seen.update(fresh)
            waiting += fresh


def _is_page(path: str) -> bool:
    return not any(part in path for part in _LEAVES_OUT)


def _fetch_all(served: ServedInstallation, paths: Sequence[str]) -> list[bytes]:
    """Fetch pages over connections of their own, so that all workers have their part."""
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return list(threads.map(lambda path: _ask(f"{served.url}{path}"), paths))


def _ask(address: str) -> bytes:
    """Return the body of a page, also where the address leads on; empty where it is none."""
    with suppress(HTTPError), urlopen(address, timeout=SLOWEST) as answer:
        body: bytes = answer.read()
        return body
    return b""
