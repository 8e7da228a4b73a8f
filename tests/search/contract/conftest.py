from collections.abc import Iterator

import pytest

from tests.search.contract.engines import ENGINES, SERVERS, Asker


@pytest.fixture(scope="session", autouse=True)
def _servers() -> Iterator[None]:
    yield
    SERVERS.close()


@pytest.fixture(params=sorted(ENGINES))
def ask(request, tmp_path) -> Iterator[Asker]:
    with ENGINES[request.param](tmp_path) as engine:
        engine.ensure()
        yield Asker(engine)
