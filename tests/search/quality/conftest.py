"""Collections that the quality tests share: made once, held by every engine at hand."""

from collections.abc import Iterator

import pytest

from tests.search.contract.engines import SERVERS
from tests.search.quality.corpora import Collection, composed, installed, judged
from tests.search.quality.engines import GATED, opened
from tests.search.quality.trials import Comparison, compare

# A slice for the usual run; `python -m tests.bench quality` takes the whole corpus.
SLICE = 5_000


@pytest.fixture(scope="session")
def judged_sets(databases, shared_data) -> dict[str, Collection]:
    with installed(databases):
        return judged(shared_data)


@pytest.fixture(scope="session", params=GATED)
def judged_engine(request) -> str:
    return request.param


@pytest.fixture(scope="session")
def of_the_judged_sets(judged_engine, judged_sets) -> Iterator[dict[str, Comparison]]:
    with opened(judged_engine) as engine:
        next(iter(judged_sets.values())).fill(engine)
        yield {name: compare(engine, collection) for name, collection in judged_sets.items()}
    SERVERS.close()


@pytest.fixture(scope="session")
def of_the_composed_slice(shared_data, tmp_path_factory) -> Iterator[Comparison]:
    tools = shared_data.parent / "tools"
    collection = composed(tools, tmp_path_factory.mktemp("composed"), SLICE)
    with opened("embedded") as engine:
        collection.fill(engine)
        yield compare(engine, collection)
