"""Fixtures for tests: real databases, a real application, pages checked as they are fetched."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core import clock
from core.accounts import sessions
from core.app import create_app
from core.db.migrate import upgrade_database
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.permissions import Actor
from core.plugins.activation.decisions import get_plugin
from core.plugins.api.paths import MAIN
from core.settings import Settings
from core.testing.databases import Databases
from core.testing.factories.people import create_person
from core.testing.factories.plugins import PluginFactory, set_policy
from core.testing.factories.trees import Tree, load_tree
from core.testing.pages import PageClient
from core.testing.program import Program, Ran
from core.testing.shortcuts import CHEAP_HASHER, share_templates

REPOSITORY = Path(__file__).parents[2]

#: Where Linux keeps files in memory, and the room that a whole run of tests may take there.
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30


def pytest_configure() -> None:
    """Prepare for a busy machine, then for files in memory."""
    _let_examples_take_their_time()
    _keep_files_in_memory()


def _let_examples_take_their_time() -> None:
    """Let hypothesis hold no example to a time: beside other work the same one is slow.

    Where `CI` is set hypothesis does that by itself, and draws the same examples every time.
    """
    if "CI" in os.environ:
        return
    patient = hypothesis.settings(
        deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.register_profile("patient", patient)
    hypothesis.settings.load_profile("patient")


def _keep_files_in_memory() -> None:
    """Keep the databases and files of tests in memory, unless `TMPDIR` says where."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked `both_databases` on PostgreSQL too."""
    if "database_kind" not in metafunc.fixturenames:
        return
    both = metafunc.definition.get_closest_marker("both_databases")
    kinds = ["sqlite", "postgresql"] if both else ["sqlite"]
    metafunc.parametrize("database_kind", kinds, scope="function")


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Template databases, made once per test process."""
    made = Databases()
    yield made
    made.stop()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hash passwords of this process's accounts quickly; commands hash as in real life."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.accounts.service._hasher", CHEAP_HASHER)
        yield


@pytest.fixture
def database_url(
    databases: Databases, database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """Address of a fresh, migrated database, with the tree in it where the test asks for one."""
    content = "tree" if "tree" in request.fixturenames else "empty"
    with databases.fresh(database_kind, tmp_path, content) as url:
        yield url


@pytest.fixture
def plugin_folders(request: pytest.FixtureRequest) -> str:
    """Where the plugin of the test lies, if it lies outside the platform."""
    home = next((up for up in request.path.parents if (up / MAIN).is_file()), None)
    return "" if home is None or home.parent == REPOSITORY / "plugins" else str(home.parent)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, plugin_folders: str) -> Settings:
    """Make the settings of a fresh installation."""
    return Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        plugin_folders=plugin_folders,
        secret_key="key-of-the-tests",
        page_cache="off",  # tests count what a page asks; those of kept pages switch it on
        testing=True,
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Make a fresh application; an application context is open."""
    application = create_app(settings)
    application.load_pages()
    share_templates(application)
    with application.app_context():
        if settings.plugin_folders:
            upgrade_database()  # the template databases know the platform's own plugins only
        yield application
    with application.app_context():
        application.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def plugin_factory(tmp_path: Path) -> Iterator[PluginFactory]:
    """Make a folder for plugins that the test writes."""
    made = PluginFactory(tmp_path / "plugins")
    yield made
    made.clear()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """Make a client that refuses pages with faults that no page may have."""
    app.config["WTF_CSRF_ENABLED"] = False
    return PageClient(app)


@pytest.fixture
def tree(app: Flask) -> Tree:
    """Load a nation, a county, two townships with two villages each, and a second county."""
    del app
    with open_session(None) as session:
        return load_tree(session)


@pytest.fixture
def plugin_on(tree: Tree) -> Callable[[str, Tenant], None]:
    """Switch a plugin on at a tenant and below, with what it requires."""
    del tree

    def on(name: str, tenant: Tenant) -> None:
        for each in (*get_plugin(name).requires, name):
            set_policy(each, tenant)

    return on


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime | date], None]:
    """Stop the clock at a moment, or at noon of a local day, for all of this process.

    Whoever is signed in stays so, as if he had gone on working; `idle` lets sessions end.
    """

    def stop_at(when: datetime | date, *, idle: bool = False) -> None:
        if not isinstance(when, datetime):
            when = clock.first_moment(when) + timedelta(hours=12)
        moment = when
        monkeypatch.setattr(clock, "_read_clock", lambda: moment)
        if not idle:
            monkeypatch.setattr(sessions, "has_ended", lambda _row, _at: False)
            monkeypatch.setattr(sessions, "LONGEST", timedelta(days=9999))

    return stop_at


@pytest.fixture
def sign_in_as(client: PageClient) -> Callable[[str, Tenant], Actor]:
    """Sign in as somebody new who has a role at a tenant."""

    def enter(role: str, tenant: Tenant) -> Actor:
        actor = create_person(f"{role}-{tenant.division_code}", role, tenant)
        client.sign_in(f"{role}-{tenant.division_code}")
        return actor

    return enter


@pytest.fixture
def platform(app: Flask) -> Iterator[Session]:
    """Open a session that reaches everything, for arranging and checking."""
    del app
    with open_session(Scope.platform("test")) as session:
        yield session


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """Load the program once."""
    loaded = Program()
    yield loaded
    loaded.stop()


@pytest.fixture
def gongkai(settings: Settings, program: Program) -> Callable[..., Ran]:
    """Run the program as an operator would: a process of its own."""
    own = {
        "GONGKAI_DATA_DIR": str(settings.data_dir),
        "GONGKAI_DATABASE_URL": settings.database_url,
        "GONGKAI_SECRET_KEY": "key-of-the-tests",
    }

    def run(*arguments: str, stdin: str = "", **environment: str) -> Ran:
        return program.run(arguments, os.environ | own | environment, stdin)

    return run


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Find the shared inputs beside the checkout; skip where they are absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared inputs at {folder}")
    return folder
