"""Count what is asked of the database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from core.db.engine import db
from core.plugins.activation.cache import activation_cache


@contextmanager
def counted(*, by_the_clock: bool = False) -> Iterator[list[str]]:
    """Statements that are sent while the block runs. Needs an application context.

    Looking after decisions about plugins and versions of places, which happens by the clock, is
    left out unless asked for.
    """
    sent: list[str] = []

    def note(*arguments: Any) -> None:
        sent.append(arguments[2])

    activation_cache().now()
    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with nullcontext() if by_the_clock else _nothing_by_the_clock():
            yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


_CLOCKS = ("plugins.activation.cache.POLL_SECONDS", "web.page_cache.numbers.FRESH_SECONDS")


@contextmanager
def _nothing_by_the_clock() -> Iterator[None]:
    with ExitStack() as stack:
        for name in _CLOCKS:
            stack.enter_context(patch(f"core.{name}", float("inf")))
        yield
