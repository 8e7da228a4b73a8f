"""The engines whose answers are judged: those that rank by themselves."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.search.engines.base import SearchBackend
from tests.search.contract.engines import ENGINES

# Our own small server speaks Meilisearch's language, not its order.
AT_HAND = sorted(ENGINES.keys() - {"meili-ours"})
# A program on the PATH is judged by the benchmark; the usual run asks a server that was named.
GATED = [name for name in AT_HAND if name == "embedded" or os.environ.get("MEILI_TEST_URL")]


@contextmanager
def opened(name: str) -> Iterator[SearchBackend]:
    """An empty engine of this name."""
    with tempfile.TemporaryDirectory() as folder, ENGINES[name](Path(folder)) as engine:
        yield engine
