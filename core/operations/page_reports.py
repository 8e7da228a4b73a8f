"""What the processes of the web server have kept of pages, told to `gongkai doctor` by files.

Each writes its own below the data folder every few seconds; those of processes that have ended are
left out, and taken away by the next that writes.
"""

import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flask import Flask
from flask_babel import gettext as _

from core.operations.checks import Check
from core.settings import Settings
from core.web.page_cache.front import EXTENSION, PageCache

REPORT_SECONDS = 5.0
MEGABYTE = 2**20
_FOLDER = "page-cache"


class PageReporter(threading.Thread):
    """Reports of the process in which it is started, as long as that lives."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        super().__init__(name="gongkai-page-reports", daemon=True)
        self._cache: PageCache = app.extensions[EXTENSION]
        self._folder = settings.data_dir / _FOLDER

    def run(self) -> None:
        """Report every few seconds; where that is not possible, the pages do not suffer."""
        pause = threading.Event()
        while not pause.wait(REPORT_SECONDS):
            with suppress(OSError):
                write_report(self._folder, self._cache)


def write_report(folder: Path, cache: PageCache) -> None:
    """Write what this process has kept, in one step."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for process, file in _list_files(folder):
        if not _is_alive(process):
            file.unlink(missing_ok=True)
    new = folder / f"{os.getpid()}.new"
    new.write_text(json.dumps(cache.report()), encoding="utf-8")
    new.replace(new.with_suffix(".json"))


def check_pages(settings: Settings) -> Check:
    """Say how many answers came out of memory since the web server was started."""
    if settings.page_cache == "off":
        return Check("pages", ok=True, detail=_("pages are not kept"))
    reports = list(_read_reports(settings.data_dir / _FOLDER))
    if not reports:
        return Check("pages", ok=True, detail=_("no web server has kept any yet"))
    total = sum(map(Counter, reports), Counter[str]())
    detail = _(
        "%(hits)s answered from memory, %(misses)s made; %(pages)s pages, %(size)s MB in"
        " %(processes)s processes",
        hits=total["hits"], misses=total["misses"], pages=total["pages"],
        size=round(total["bytes"] / MEGABYTE, 1), processes=len(reports),
    )  # fmt: skip
    if settings.redis_url:
        shared = _(
            "%(n)s of them from Redis, which failed %(faults)s times",
            n=total["shared"], faults=total["redis_faults"],
        )  # fmt: skip
        detail = f"{detail}; {shared}"
    return Check("pages", ok=True, detail=detail)


def _read_reports(folder: Path) -> Iterator[dict[str, int]]:
    for process, file in _list_files(folder):
        with suppress(OSError, ValueError):
            if _is_alive(process):
                yield json.loads(file.read_text(encoding="utf-8"))


def _list_files(folder: Path) -> Iterator[tuple[int, Path]]:
    for file in folder.glob("*.json"):
        if file.stem.isdecimal():
            yield int(file.stem), file


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to somebody else
        return True
    return True
