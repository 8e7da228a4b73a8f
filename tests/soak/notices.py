"""Two workers, many notices and a carrier that takes its time: each person is told once."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from core.db.migrate import upgrade_database
from core.db.scope import Scope, open_session
from core.notifications.models import QueuedNotice
from core.notifications.outbox import queue_notice
from core.settings import Settings, resource
from core.testing.databases import Databases
from core.testing.factories.plugins import PluginFactory, set_policy
from core.testing.factories.trees import build_tree, load_tree
from core.testing.serving import environment_for
from tests.soak.fetching import wait_until

NOTICES, ROUND_SECONDS, WORKERS = 500, 300.0, 2
CARRIER = """
import time
from core.sdk import Manifest, add_notice_template, hookimpl

MANIFEST = Manifest("sms", "1.0", "SMS")
add_notice_template("sms.soak", "%(title)s")

@hookimpl
def notify(tenant, message):
    with open({told!r}, "a", encoding="utf-8") as file:
        file.write(message.to + "\\n")
    time.sleep({seconds})
    return True
"""


@dataclass(slots=True)
class NoticesReport:
    """How often each person was told, and what the database says of it."""

    kind: str
    notices: int
    took: float
    told: Counter[str]
    states: dict[str, int]

    def __str__(self) -> str:
        times = dict(Counter(self.told.values()))
        return (
            f"{self.kind}: {self.notices} notices by {WORKERS} workers in {self.took:.0f} s;"
            f" persons by how often they were told: {times}; states: {self.states}"
        )

    def check(self) -> None:
        """Assert that each person was told once, and that the database knows."""
        assert set(self.told.values()) == {1}, str(self)
        assert (len(self.told), self.states) == (self.notices, {"sent": self.notices}), str(self)


def run_notices(
    kind: str, folder: Path, notices: int = NOTICES, seconds: float = ROUND_SECONDS
) -> NoticesReport:
    """Have two workers tell so many people, which takes a carrier so long in all."""
    databases = Databases()
    try:
        with databases.fresh(kind, folder) as url:
            settings = Settings(
                data_dir=folder / "data",
                database_url=url,
                secret_key="a soak's key of its own",
                plugin_folders=str(folder / "plugins"),
            )
            return _run(kind, settings, folder / "told", notices, seconds)
    finally:
        databases.stop()


def _run(kind: str, settings: Settings, told: Path, notices: int, seconds: float) -> NoticesReport:
    factory = PluginFactory(Path(settings.plugin_folders))
    factory.write("sms", CARRIER.format(told=str(told), seconds=seconds / notices))
    told.touch()
    with factory.application(settings):
        upgrade_database()
        with open_session(None) as session:
            build_tree(session)
            county = load_tree(session).county
        set_policy("sms", county)
        with _workers(settings):
            started = time.monotonic()
            with open_session(Scope.own(county)) as session:
                for number in range(notices):
                    queue_notice(session, county, "sms.soak", f"139{number:08d}", {"title": "公告"})
            wait_until(
                lambda: not set(_states()) & {"queued", "claimed", "handed"}, 3 * seconds + 120
            )
            took = time.monotonic() - started
        report = NoticesReport(kind, notices, took, Counter(told.read_text().split()), _states())
    factory.clear()
    return report


@contextmanager
def _workers(settings: Settings) -> Iterator[None]:
    command = [sys.executable, "-m", "core.cli", "worker"]
    environment = os.environ | environment_for(settings)
    running = [
        subprocess.Popen(command, env=environment, cwd=resource(), stderr=subprocess.DEVNULL)
        for _worker in range(WORKERS)
    ]
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)


def _states() -> dict[str, int]:
    query = select(QueuedNotice.state, func.count()).group_by(QueuedNotice.state)
    with open_session(Scope.platform("soak")) as session:
        return dict(session.execute(query).all())
