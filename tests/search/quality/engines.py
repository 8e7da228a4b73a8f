"""The engines whose answers are judged: those that rank by themselves."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.search.backend import SearchBackend
from tests.search.contract.engines import ENGINES

# Our own small server speaks Meilisearch's language, not its order.
AT_HAND = sorted(ENGINES.keys() - {"meili-ours"})


@contextmanager
def opened(name: str) -> Iterator[SearchBackend]:
    """An empty engine of this name."""
    with tempfile.TemporaryDirectory() as folder, ENGINES[name](Path(folder)) as engine:
        yield engine
