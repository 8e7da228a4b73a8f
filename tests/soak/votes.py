"""Citizens who vote at once, through several server processes: each voice is counted once.

The short form, 500 voices, is `tests/voting/test_rush.py` (docs/soak.md).
"""

import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from core.app import create_app
from core.db.scope import Scope, open_session
from core.demo.loader import load_demo
from core.settings import Settings
from core.tenancy.service import get_tenant
from core.testing.databases import Databases
from core.testing.pages import url_for
from core.testing.serving import serving
from core.voting.models import WebBallot
from tests.soak.busy_machine import busy_loops
from tests.voting.votes import make_vote

VOICES, AT_ONCE, TAPS = 10_000, 100, 20
TAKEN = 303
BALLOT = {"grade-a0": "satisfied", "grade-a1": "dissatisfied"}


class Citizens:
    """Citizens who have a ballot open, each on a device of their own, and send it at once."""

    def __init__(self, url: str, path: str, ballot: dict[str, str]) -> None:
        self._host, self._path = url.removeprefix("http://"), path
        status, headers, page = self._ask("GET", None, {})
        assert status == 200, page[:300]
        cookies = [value.partition(";")[0] for value in headers.get_all("Set-Cookie")]
        self._session = next(each for each in cookies if each.startswith("gk_session="))
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        self._fields = urlencode(ballot | {"csrf_token": token[1] if token else ""})
        self.waits: list[float] = []

    def send(self, device: int) -> int:
        """Send the ballot from a device; returns the status."""
        headers = {
            "Cookie": f"{self._session}; gk_device=device-of-a-citizen-{device:05d}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"10.1.{device // 250}.{device % 250}",
        }
        started = time.perf_counter()
        status, _headers, _page = self._ask("POST", self._fields, headers)
        self.waits.append(time.perf_counter() - started)
        return status

    def _ask(self, method: str, body: str | None, headers: dict[str, str]) -> tuple:
        connection = HTTPConnection(self._host, timeout=120)
        try:
            connection.request(method, self._path, body, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class RushReport:
    """How all voices were answered, how long they took, and what is stored of them."""

    kind: str
    statuses: Counter[int]
    taps: Counter[int]
    seconds: float
    slowest: float
    voters: list[str | None]

    def __str__(self) -> str:
        return (
            f"{self.kind}: {self.statuses.total()} voices in {self.seconds:.1f} s, slowest"
            f" {self.slowest:.2f} s, answers {dict(self.statuses)}; stored {len(self.voters)},"
            f" of different devices {len(set(self.voters))}"
        )

    def check(self) -> None:
        """Assert that no voice was lost or doubled, and nobody saw an error page."""
        sent = self.statuses.total()
        assert self.statuses == {TAKEN: sent}, str(self)
        assert self.taps == {TAKEN: TAPS}, str(self)
        assert len(self.voters) == len(set(self.voters)) == sent + 1, str(self)


def rush(
    settings: Settings, path: str, ballot: dict[str, str], voices: int, *, workers: int = 2
) -> RushReport:
    """Serve the installation and have so many devices vote about the subject at this address.

    After them one more device votes with many taps.
    """
    with serving(settings, workers=workers) as url, ThreadPoolExecutor(AT_ONCE) as pool:
        citizens = Citizens(url, path, ballot)
        started = time.perf_counter()
        statuses = Counter(pool.map(citizens.send, range(voices)))
        took = time.perf_counter() - started
        slowest = max(citizens.waits)
        # One device, many taps at the same moment: the database itself lets one voice in.
        taps = Counter(pool.map(citizens.send, [99_999] * TAPS))
    with open_session(Scope.platform("soak")) as session:
        query = select(WebBallot.voter_digest).where(
            WebBallot.subject_id == int(path.split("/")[-2])
        )
        voters = list(session.scalars(query))
    kind = settings.database_url.partition(":")[0]
    return RushReport(kind, statuses, taps, took, slowest, voters)


def run_votes(kind: str, folder: Path, voices: int, loops: int) -> RushReport:
    """Have so many citizens vote in the demonstration, beside busy loops."""
    databases = Databases()
    try:
        with databases.fresh(kind, folder) as url:
            settings = Settings(
                data_dir=folder / "data", database_url=url, secret_key="a soak's key of its own"
            )
            app = create_app(settings.changed(testing=True))
            with app.app_context():
                report = _run(settings, voices, loops)
                app.extensions["sqlalchemy"].engine.dispose()
    finally:
        databases.stop()
    return report


def _run(settings: Settings, voices: int, loops: int) -> RushReport:
    code = load_demo("127.0.0.1").code
    with open_session(Scope.platform("soak")) as session:
        vote = make_vote(session, get_tenant(session, code), kind="supervisor_evaluation.vote")
        parts = (vote.id, vote.subjects[0].id)
    path = url_for("plugin_supervisor_evaluation_votes.form", *parts, place=code)
    with busy_loops(loops):
        return rush(settings, path, BALLOT, voices, workers=3)
