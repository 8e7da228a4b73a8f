"""Count what is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from core.db.engine import db
from core.hooks.memory import states


@contextmanager
def counted() -> Iterator[list[str]]:
    """Statements that are sent while the block runs. Needs an application context.

    Looking after decisions about plugins, which happens by the clock, is left out.
    """
    sent: list[str] = []

    def note(*arguments: Any) -> None:
        sent.append(arguments[2])

    states().now()
    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with patch("core.hooks.memory.LOOK_EVERY", float("inf")):
            yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
