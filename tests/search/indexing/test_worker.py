"""The whole way: a change in one process, the worker in another, found by a third reader."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.app import create_app
from core.db.scope import Scope, open_session
from core.errors import Conflict
from core.search.answering.service import SearchQuery, search
from core.search.indexing.reconcile import prepare
from core.search.registry import search_engine
from core.settings import Settings
from core.tenancy.models import Organ
from core.testing.factories.trees import build_tree, load_tree
from core.testing.meili.program import MeiliProgram

# Measured in time: a test beside it would be measured too.
pytestmark = pytest.mark.alone

PATIENCE = 60.0
# Seconds from the commit to the answer.
FINDABLE = {"embedded": 1.0, "meilisearch": 3.0}
real_meilisearch = pytest.param(
    "meilisearch",
    marks=pytest.mark.skipif(
        shutil.which("meilisearch") is None, reason="needs the program meilisearch"
    ),
)


@pytest.fixture(params=["embedded", real_meilisearch])
def answering(request) -> Iterator[dict[str, str]]:
    """Settings of the engine that answers."""
    if request.param == "embedded":
        yield {}
        return
    server = MeiliProgram()
    yield {"meili_url": server.url, "meili_key": server.key}
    server.close()


@pytest.fixture
def installation(settings, tmp_path, answering) -> Settings:
    """As an operator has it: jobs in a file, so that another process can do them."""
    folder = tmp_path / "installed"
    return settings.changed(testing=False, data_dir=folder, **answering)


@pytest.fixture
def worker(installation) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "worker"],
        cwd=Path(__file__).parents[3],
        env=os.environ | {
            "GONGKAI_DATA_DIR": str(installation.data_dir),
            "GONGKAI_DATABASE_URL": installation.database_url,
            "GONGKAI_SECRET_KEY": "key-of-the-tests",
            "GONGKAI_MEILI_URL": installation.meili_url,
            "GONGKAI_MEILI_KEY": installation.meili_key,
        },
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield process
    process.send_signal(signal.SIGINT)
    process.wait(20)


def catch_up(side) -> None:
    """Make the index, unless the worker is at it already."""
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        with suppress(Conflict):
            prepare(side)
            return
    pytest.fail("another process never finished")


def seconds_until_found(tenant, typed) -> float:
    started = time.monotonic()
    while (waited := time.monotonic() - started) < PATIENCE:
        with open_session(None) as directory:
            answer = search(search_engine(), directory, tenant, SearchQuery(typed=typed))
            if answer.total:
                assert not answer.degraded
                return waited
    pytest.fail(f"{typed} was not found within {PATIENCE} s")


def test_a_change_is_findable_soon(installation, worker):
    app = create_app(installation)
    with app.app_context():
        with open_session(None) as session:
            build_tree(session)
            tree = load_tree(session)
        for side in search_engine().per_backend():
            catch_up(side)
        waits = []
        for name in ("甲", "乙", "丙", "丁"):
            with open_session(Scope.own(tree.county)) as session:
                session.add(Organ(tenant_id=tree.county.id, name=f"机构{name}"))
            waits.append(seconds_until_found(tree.county, f"机构{name}"))
        # The first also waited for the worker to start; a busy machine may hold up one or two.
        assert min(waits[1:]) < FINDABLE[search_engine().backend.name]
        app.extensions["sqlalchemy"].engine.dispose()
        app.extensions["jobs"].huey.storage.close()
    assert worker.poll() is None
