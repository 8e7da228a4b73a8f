"""kill -9 in the middle of many changes: afterwards every index agrees with the database.

Real processes; 500 changes here, 10,000 with `GONGKAI_FAULT_CHANGES=10000`.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.app import create_app
from core.db.scope import open_session
from core.db.tree import Tenant
from core.search.engines.base import BackendUnavailableError
from core.search.indexing.indexer import drain_all
from core.search.indexing.lease import held_lease
from core.search.indexing.reconcile import prepare, verify
from core.search.models import SearchOutbox
from core.search.registry import search_engine
from core.settings import Settings
from core.testing.factories.trees import build_tree
from core.testing.meili.program import MeiliProgram
from tests.search.indexing.changing import TOGETHER, add_places

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone

CHANGES = int(os.environ.get("GONGKAI_FAULT_CHANGES", "500"))
PATIENCE = 120.0
REPOSITORY = Path(__file__).parents[3]
real_meilisearch = pytest.mark.skipif(
    shutil.which("meilisearch") is None, reason="needs the program meilisearch"
)


@pytest.fixture
def installation(settings, tmp_path) -> Settings:
    return settings.changed(testing=False, data_dir=tmp_path / "installed")


def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "GONGKAI_DATA_DIR": str(settings.data_dir),
        "GONGKAI_DATABASE_URL": settings.database_url,
        "GONGKAI_SECRET_KEY": "key-of-the-tests",
        "GONGKAI_MEILI_URL": settings.meili_url,
        "GONGKAI_MEILI_KEY": settings.meili_key,
    }


@contextmanager
def program(settings: Settings, *arguments: str) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=REPOSITORY, env=environment(settings),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    yield process
    process.kill()
    process.wait(30)
    process.stdout.close()


@contextmanager
def installed(settings: Settings) -> Iterator[None]:
    app = create_app(settings)
    with app.app_context():
        with open_session(None) as session:
            build_tree(session)
        catch_up()
        yield
        app.extensions["sqlalchemy"].engine.dispose()
        app.extensions["jobs"].huey.storage.close()


def waiting() -> int:
    with open_session(None) as session:
        return session.scalar(select(func.count()).select_from(SearchOutbox)) or 0


def until(condition: Callable[[], bool]) -> None:
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < PATIENCE, "it took too long"
        time.sleep(0.02)


def free_lease(name: str) -> bool:
    with held_lease(name) as lease:
        return lease is not None


def catch_up() -> None:
    """As after a restart: whatever is missing is created, and what waits is indexed."""
    for side in search_engine().per_backend():
        until(lambda side=side: free_lease(side.backend.name))
        prepare(side)
        drain_all(side)


def assert_all_agree() -> None:
    assert waiting() == 0
    for side in search_engine().per_backend():
        drift = verify(side)
        assert drift.none, (side.backend.name, drift)


def test_the_indexer_is_killed(installation):
    with installed(installation):
        list(add_places(CHANGES, together=CHANGES))
        before = waiting()
        with program(installation, "-m", "core.cli", "search", "drain") as drainer:
            until(lambda: waiting() < before or drainer.poll() is not None)
            drainer.send_signal(signal.SIGKILL)
            drainer.wait(30)
        catch_up()
        assert_all_agree()


def test_the_web_worker_is_killed_while_it_changes_things(installation):
    with installed(installation):
        with program(installation, "-m", "tests.search.indexing.changing", str(CHANGES)) as web:
            for _ in range(CHANGES // TOGETHER // 2):
                web.stdout.readline()
            web.send_signal(signal.SIGKILL)
            web.wait(30)
        with open_session(None) as session:
            made = session.scalar(
                select(func.count()).select_from(Tenant).where(Tenant.name.like("新村%"))
            )
        assert made >= CHANGES // 2
        assert made % TOGETHER == 0  # whole transactions
        catch_up()
        assert_all_agree()


@real_meilisearch
def test_meilisearch_is_killed(installation):
    server = MeiliProgram()
    try:
        both = installation.changed(meili_url=server.url, meili_key=server.key)
        with installed(both):
            list(add_places(CHANGES, together=CHANGES))
            before = waiting()
            with program(both, "-m", "core.cli", "search", "drain") as drainer:
                until(lambda: waiting() < before or drainer.poll() is not None)
                server.kill()
                drainer.wait(PATIENCE)
            meili, embedded = search_engine().per_backend()
            with pytest.raises(BackendUnavailableError):
                verify(meili)
            server.start()
            catch_up()
            assert_all_agree()
            assert embedded.backend.health().documents == meili.backend.health().documents
    finally:
        server.close()
