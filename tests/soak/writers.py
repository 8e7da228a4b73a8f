"""A bulk import while clerks save and citizens register: nobody waits long, all is stored once.

The import is the command itself, in a process of its own; everybody else comes over the network to
the served demonstration (docs/soak.md).
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from sqlalchemy import func, select

from core.app import create_app
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.demo.loader import load_demo
from core.publishing.models import Publication
from core.settings import Settings, resource
from core.tenancy.service import get_tenant, list_tenants
from core.testing.databases import Databases
from core.testing.pages import url_for
from core.testing.serving import environment_for, serve_installation
from plugins.open_day.tests.factories import make_day
from tests.soak.browser import STORED, Saves
from tests.soak.writing_people import WritingPeople

LINES = 12_000
LONGEST_SAVE, LONGEST_BATCH = 5.0, 0.2
GENRES = ("村务公开", "政策文件", "通知公告", "年度报告")
BODY = "<p>根据有关规定，现将本季度收支情况公布如下，请群众监督。</p>" * 8


@dataclass(slots=True)
class WritersReport:
    """How long everybody waited, and what is not there exactly once."""

    kind: str
    lines: int
    took: float
    batches: list[float]
    processor: list[float]
    drafts: Saves
    registrations: Saves
    wrong: list[str]

    def __str__(self) -> str:
        parts = [each * 1000 for each in quantiles(self.batches, n=100)]
        return (
            f"{self.kind}: {self.lines} lines imported in {self.took:.0f} s, {len(self.batches)}"
            f" transactions, median {parts[49]:.0f} ms, 99 % {parts[98]:.0f} ms, longest"
            f" {max(self.batches) * 1000:.0f} ms (of the processor's time:"
            f" {max(self.processor) * 1000:.0f} ms); drafts: {self.drafts}; registrations:"
            f" {self.registrations}; not there once: {self.wrong or 'none'}"
        )

    def check(
        self, *, longest_save: float = LONGEST_SAVE, longest_batch: float = LONGEST_BATCH
    ) -> None:
        """Assert that nobody waited long, nothing failed and everything is there once."""
        for saves in (self.drafts, self.registrations):
            assert saves.statuses, str(self)
            assert set(saves.statuses) <= STORED, str(self)
            assert saves.slowest < longest_save, str(self)
        assert not self.wrong, str(self)
        # PostgreSQL locks the rows of a piece only: how long it takes there keeps nobody waiting.
        if self.kind == "sqlite":
            assert max(self.batches) <= longest_batch, str(self)
        assert max(self.processor) <= LONGEST_BATCH, str(self)


def run_writers(kind: str, folder: Path, lines: int = LINES) -> WritersReport:
    """Import so many lines into the demonstration on a kind of database, with people beside."""
    databases = Databases()
    try:
        with databases.fresh(kind, folder) as url:
            settings = Settings(
                data_dir=folder / "data", database_url=url, secret_key="a soak's key of its own"
            )
            app = create_app(settings.changed(testing=True))
            with app.app_context():
                report = _run(kind, settings, folder, lines)
                app.extensions["sqlalchemy"].engine.dispose()
    finally:
        databases.stop()
    return report


def _run(kind: str, settings: Settings, folder: Path, lines: int) -> WritersReport:
    code = load_demo("127.0.0.1").code
    with open_session(Scope.platform("soak")) as session:
        county = get_tenant(session, code)
        places = list_tenants(session, under=county)
        day = make_day(session, county, capacity=10**6)
        form = url_for("plugin_open_day_registration.form", day.id, day.slots[0].id, place=code)
    file = folder / "publications.jsonl"
    file.write_text("\n".join(_lines(places, lines)), encoding="utf-8")
    with serve_installation(settings) as served:
        people = WritingPeople(served.url, county, form)
        started = time.monotonic()
        with people.at_work():
            batches = _import(settings, file, code)
            took = time.monotonic() - started
    wrong = [*_list_wrong_lines(lines), *people.list_wrong()]
    walls, processor = ([each[n] for each in batches] for n in (0, 1))
    return WritersReport(
        kind, lines, took, walls, processor, people.drafts, people.registrations, wrong
    )


def _lines(places: Sequence[Tenant], count: int) -> Iterator[str]:
    for number in range(count):
        line = {
            "id": f"line-{number}",
            "tenant": places[number % len(places)].division_code,
            "title": f"第{number}号公开事项",
            "body_html": BODY,
            "genre": GENRES[number % len(GENRES)],
            "publisher": "办公室",
            "publish_date": f"2025-0{1 + number % 9}-01",
        }
        yield json.dumps(line, ensure_ascii=False)


def _import(settings: Settings, file: Path, code: str) -> list[tuple[float, float]]:
    """Run the command to its end; returns the seconds of its transactions, wall and processor."""
    times = file.with_suffix(".times")
    words = ["publication", "import", str(file), "--tenant", code, "--approve", "--json"]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.soak.timed_import", str(times), *words],
        env=os.environ | environment_for(settings),
        cwd=resource(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return [(wall, processor) for wall, processor in json.loads(times.read_text())]


def _list_wrong_lines(lines: int) -> list[str]:
    wanted = Publication.source_id.like("line-%")
    with open_session(Scope.platform("soak")) as session:
        stored = session.scalars(select(Publication.source_id).where(wanted)).all()
        titles = session.scalar(select(func.count(Publication.title.distinct())).where(wanted))
    if len(stored) == len(set(stored)) == titles == lines:
        return []
    return [f"{len(stored)} lines, {len(set(stored))} ids, {titles} titles"]
