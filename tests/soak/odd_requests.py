"""Send every odd value to every place of every route, on both databases (docs/soak.md)."""

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from core.app import create_app
from core.demo.loader import load_demo
from core.settings import Settings
from core.testing.databases import Databases
from core.testing.pages import url_for
from tests.fuzz.routes import Attempt, RouteMap
from tests.fuzz.test_routes import SEED, SENDERS
from tests.fuzz.world import OFFICER, build_targets, create_officer, sign_in


@dataclass(slots=True)
class OddReport:
    """How often which status was answered, and what was answered with a server error."""

    kind: str
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[tuple[str, Attempt]] = field(default_factory=list)
    #: Whether the officer's requests were answered as the officer's to the end.
    signed_in: bool = False

    def check(self) -> None:
        """Raise where anything was answered with a server error, or staff's pages were not seen."""
        assert self.signed_in
        assert self.faults == [], self.faults[:20]


def run_odd_requests(kind: str) -> OddReport:
    """Send them all to the demonstration on one kind of database."""
    report, databases = OddReport(kind), Databases()
    with tempfile.TemporaryDirectory(prefix="gongkai-soak-") as name:
        folder = Path(name)
        with databases.fresh(kind, folder) as url:
            settings = Settings(
                data_dir=folder / "data", database_url=url, secret_key="tests", testing=True
            )
            app = create_app(settings)
            with app.app_context():
                _send_all(app, report)
                app.extensions["sqlalchemy"].engine.dispose()
    databases.stop()
    return report


def _send_all(app, report: OddReport) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    code = load_demo("127.0.0.1").code
    create_officer(code)
    officer, routes = sign_in(app, OFFICER), RouteMap(app, code)
    routes.walk(officer, "/", f"/{code}/", f"/{code}/console/", *build_targets(officer, code))
    # Signed in first: odd values at the sign-in lock the address out.
    clients = [(username, access, sign_in(app, username)) for username, access in SENDERS]
    for username, access, client in clients:
        for attempt in routes.attempts(Random(SEED), access):
            status = attempt.send(client)
            report.statuses[status] += 1
            if status >= 500:
                report.faults.append((username, attempt))
    home = url_for("console.home", place=code)
    report.signed_in = clients[-1][-1].get(home).status_code == 200
