"""The results page beside the floors that other pages are measured against, in one process.

The keyed-read page, and for the same question again (a page that was kept) the bare view.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from core.app import create_app
from core.settings import Settings
from tests.bench.search.figures import timed, verdict
from tests.bench.serving.floor_apps import ROW, create_bare, create_keyed_read, write_notes

VISITS = 300
# Times the floor, at most: by how many documents there are; and where the page was kept.
UNCACHED, KEPT = {100_000: 12.0}, 0.8


def visit(application: Callable[..., Any], address: str) -> float:
    """Ask an application for a page; its processor time in ms."""
    environment = create_environ(address, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    answered: list[str] = []
    taken = timed(lambda: answered.append(run_wsgi_app(application, environment, True)[1]))
    assert answered == ["200 OK"], f"{address}: {answered}"
    return taken


def report(settings: Settings, size: int, slowest: float, question: str) -> None:
    """Print p95 of the uncached page (ms), and a kept page, as multiples of their floors."""
    keyed_read = _time_keyed_read()
    uncached = slowest / keyed_read
    goal = verdict(uncached, UNCACHED.get(size, float("inf")))
    print(f"page p95 at {size:,}: {uncached:.1f} x the keyed-read page ({keyed_read:.2f} ms){goal}")
    kept = create_app(settings.changed(page_cache="on"))
    again = _median(kept.wsgi_app, question) / _median(create_bare().wsgi_app, "/")
    print(f"the same question again: {again:.2f} x the bare view{verdict(again, KEPT)}", flush=True)
    with kept.app_context():
        kept.extensions["sqlalchemy"].engine.dispose()


def _time_keyed_read() -> float:
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        os.environ["BENCH_FLOOR_DATABASE"] = f"sqlite:///{Path(folder) / 'floor.sqlite3'}"
        write_notes(os.environ["BENCH_FLOOR_DATABASE"])
        floor: Flask = create_keyed_read()
        return _median(floor.wsgi_app, f"/{ROW}/")


def _median(application: Callable[..., Any], address: str) -> float:
    """Return the median of many visits, after as many that are not counted."""
    return median([visit(application, address) for _ in range(2 * VISITS)][VISITS:])
