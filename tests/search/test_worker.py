"""The whole way: a change in one process, the worker in another, found by a third reader."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app import create_app
from core.db.scope import Scope, open_session
from core.search.embedded import EmbeddedBackend
from core.search.reconcile import prepare
from core.search.registry import search_engine
from core.search.service import Query, search
from core.settings import Settings
from core.tenancy.models import Organ
from core.testing.trees import build_tree, load_tree

PATIENCE, FINDABLE = 60.0, 1.0


@pytest.fixture
def installation(settings, tmp_path) -> Settings:
    """As an operator has it: jobs in a file, so that another process can do them."""
    return settings.model_copy(update={"testing": False, "data_dir": tmp_path / "installed"})


@pytest.fixture
def worker(installation) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "worker"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {
            "GONGKAI_DATA_DIR": str(installation.data_dir),
            "GONGKAI_DATABASE_URL": installation.database_url,
            "GONGKAI_SECRET_KEY": "tests",
        },
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield process
    process.send_signal(signal.SIGINT)
    process.wait(20)


def seconds_until_found(tenant, typed) -> float:
    started = time.monotonic()
    while (waited := time.monotonic() - started) < PATIENCE:
        with open_session(None) as directory:
            if search(search_engine(), directory, tenant, Query(typed=typed)).total:
                return waited
    pytest.fail(f"{typed} was not found within {PATIENCE} s")


def test_a_change_is_findable_within_a_second(installation, worker):
    app = create_app(installation)
    with app.app_context():
        with open_session(None) as session:
            build_tree(session)
            tree = load_tree(session)
        prepare(search_engine())
        assert isinstance(search_engine().backend, EmbeddedBackend)
        waits = []
        for name in ("甲", "乙", "丙", "丁"):
            with open_session(Scope.own(tree.county)) as session:
                session.add(Organ(tenant_id=tree.county.id, name=f"机构{name}"))
            waits.append(seconds_until_found(tree.county, f"机构{name}"))
        # The first also waited for the worker to start; a busy machine may hold up one or two.
        assert min(waits[1:]) < FINDABLE
        app.extensions["sqlalchemy"].engine.dispose()
        app.extensions["jobs"].huey.storage.close()
    assert worker.poll() is None
