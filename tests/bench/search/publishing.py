"""What a reviewer waits for who publishes: with the mark for search and without it, in turn."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from core.accounts.models import User
from core.accounts.service import give_role, to_actor
from core.app import create_app
from core.db.scope import Scope, open_session
from core.permissions import Role
from core.publishing.content import Content
from core.publishing.rules import CHECKS
from core.publishing.workflow import publish
from core.publishing.workflow.drafts import create_publication, submit
from core.settings import Settings
from core.tenancy.service import ensure_organ
from core.testing.databases import Databases
from core.testing.factories.people import PASSWORD
from core.testing.factories.trees import Tree, load_tree
from tests.bench.search.figures import both, timed, verdict

PAIRS = 60
WITH_OF_WITHOUT = 1.1


def report() -> None:
    """Print the time of the request that publishes, both ways, and their ratio."""
    times: dict[bool, list[float]] = {True: [], False: []}
    with _installed() as app:
        addresses, client = _handed_in(), _signed_in(app)
        for turn, address in enumerate(addresses):
            marks = turn % 2 == 0
            with _marks(wanted=marks):
                taken = timed(lambda address=address: _publish(client, address))
            if turn > 1:  # the first of each kind warms
                times[marks].append(taken)
    ratio = median(times[True]) / median(times[False])
    print(f"publishing p50/p95 ms: with outbox {both(times[True])}, without {both(times[False])}")
    print(f"with of without: {ratio:.2f}{verdict(ratio, WITH_OF_WITHOUT)}", flush=True)


@contextmanager
def _installed() -> Iterator[Flask]:
    databases = Databases()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with databases.fresh("sqlite", folder, "tree") as url:
            settings = Settings(data_dir=folder, database_url=url, secret_key="key-of-the-tests")
            app = create_app(settings)
            app.config["WTF_CSRF_ENABLED"] = False
            with app.app_context():
                yield app
                app.extensions["sqlalchemy"].engine.dispose()
    databases.stop()


def _handed_in() -> list[str]:
    """Addresses where a reviewer finds publications that were handed in."""
    with open_session(None) as session:
        tree = load_tree(session)
        for username, role, tenant in (
            ("clerk", Role.CLERK, tree.village),
            ("officer", Role.OFFICER, tree.county),
        ):
            user = User(username=username, name=username, password_hash=_hash())
            session.add(user)
            session.flush()
            give_role(session, user, tenant, role)
    return [_hand_in(tree, number) for number in range(2 * PAIRS + 2)]


def _hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def _hand_in(tree: Tree, number: int) -> str:
    with open_session(Scope.own(tree.village)) as session:
        author = to_actor(session, session.query(User).filter_by(username="clerk").one())
        content = Content(
            title=f"第{number}次财务公开",
            body_source="本季收入合计126450元。\n本季支出合计97880元。",
            organ_id=ensure_organ(session, tree.village, tree.village.name, "committee").id,
            no_item_reason="目录中没有对应事项",
            genre="村务公开",
            formed_on=date(2026, 4, 10),
        )
        publication = create_publication(session, author, tree.village, content)
        submit(session, author, publication)
        code = tree.village.division_code
        return f"/{code}/console/publications/{publication.id}/review/"


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in/", data={"username": "officer", "password": PASSWORD})
    return client


def _publish(client: FlaskClient, address: str) -> None:
    form: dict[str, Any] = {"act": "pass", "revision": "1", "checks": list(CHECKS)}
    answered = client.post(address, data=form).status_code
    assert answered == 302, f"{address}: {answered}"


@contextmanager
def _marks(*, wanted: bool) -> Iterator[None]:
    """Leave the mark for search out, if it is not wanted."""
    kept = publish.touch_search
    if not wanted:
        publish.touch_search = lambda *_: None
    yield
    publish.touch_search = kept
