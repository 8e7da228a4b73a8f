"""Run `gongkai` with these words, and write down how long each of its transactions wrote.

`python -m tests.soak.timed_import TIMES.json publication import FILE …`: measured from where the
write lock is there (SQLite) or the first row is written (PostgreSQL) until the commit has returned.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from core.cli import main

WRITES = ("INSERT", "UPDATE", "DELETE")


class WriteTimes:
    """The transactions of this process that wrote: seconds, and those of the thread on a core."""

    def __init__(self) -> None:
        self.taken: list[tuple[float, float]] = []
        self._since: tuple[float, float] | None = None
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)
        self._commit = DefaultDialect.do_commit

    def watch_commits(self) -> None:
        """Have every commit end what is measured."""
        times = self

        def do_commit(dialect: Any, connection: Any) -> None:
            times._commit(dialect, connection)
            times._end()

        DefaultDialect.do_commit = do_commit  # type: ignore[method-assign] # the event comes before

    def _before(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self._since is None and statement.lstrip().upper().startswith(WRITES):
            self._since = _now()

    def _after(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement == "BEGIN IMMEDIATE":
            self._since = _now()

    def _end(self) -> None:
        if self._since is not None:
            wall, processor = _now()
            self.taken.append((wall - self._since[0], processor - self._since[1]))
            self._since = None


def _now() -> tuple[float, float]:
    return time.monotonic(), time.thread_time()


if __name__ == "__main__":
    times = WriteTimes()
    times.watch_commits()
    target = Path(sys.argv.pop(1))
    try:
        main()
    finally:
        target.write_text(json.dumps(times.taken))
