"""The engines whose answers are judged: those that rank by themselves."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from core.search.backend import SearchBackend
from core.search.embedded import EmbeddedBackend


@contextmanager
def embedded() -> Iterator[SearchBackend]:
    with tempfile.TemporaryDirectory() as folder:
        engine = EmbeddedBackend(Path(folder) / "search")
        yield engine
        engine.close()


AT_HAND: dict[str, Callable[[], AbstractContextManager[SearchBackend]]] = {"embedded": embedded}
