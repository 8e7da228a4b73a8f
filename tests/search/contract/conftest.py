from collections.abc import Iterator

import pytest

from tests.search.contract.engines import ENGINES, Asker


@pytest.fixture(params=sorted(ENGINES))
def ask(request, tmp_path) -> Iterator[Asker]:
    engine = ENGINES[request.param](tmp_path)
    engine.ensure()
    yield Asker(engine)
    engine.close()
