"""Collections that the quality tests share: made once, held by every engine at hand."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.app import create_app
from core.settings import Settings
from core.testing.databases import Databases
from tests.search.quality.corpora import Collection, composed, judged
from tests.search.quality.engines import AT_HAND
from tests.search.quality.trials import Comparison, compare

SLICE = 10_000


@contextmanager
def installed(databases: Databases) -> Iterator[None]:
    """An application with an empty database of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        databases.fresh("sqlite", Path(folder)) as url,
    ):
        app = create_app(Settings(data_dir=Path(folder), database_url=url, secret_key="quality"))
        with app.app_context():
            yield
            app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="session")
def judged_set(databases, shared_data) -> Collection:
    with installed(databases):
        return judged(shared_data)


@pytest.fixture(scope="session")
def composed_slice(shared_data, tmp_path_factory) -> Collection:
    return composed(shared_data.parent / "tools", tmp_path_factory.mktemp("composed"), SLICE)


@pytest.fixture(scope="session", params=sorted(AT_HAND))
def of_the_judged_set(request, judged_set) -> Iterator[Comparison]:
    with AT_HAND[request.param]() as engine:
        judged_set.fill(engine)
        yield compare(engine, judged_set)


@pytest.fixture(scope="session", params=sorted(AT_HAND))
def of_the_composed_slice(request, composed_slice) -> Iterator[Comparison]:
    with AT_HAND[request.param]() as engine:
        composed_slice.fill(engine)
        yield compare(engine, composed_slice)
