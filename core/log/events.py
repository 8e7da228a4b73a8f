"""What goes to the log (standard error): events and traces, without the data of people.

Messages of exceptions hold values: a database says which row clashed, a parser what it could not
read. Of such messages only the kind is kept, numbers of people are masked, and Chinese text, which
is names and contents (our own messages to developers are English), is left out.
"""

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any, cast

from sqlalchemy.exc import DBAPIError

from core.redaction import redact

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]
LONGEST_MESSAGE = 300
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_CAUSE = "The above exception was the direct cause of the following exception:"
_CONTEXT = "During handling of the above exception, another exception occurred:"


def init_log() -> None:
    """Have libraries write as safely as we do; our own events go through `core.log.logger`."""
    # Libraries that nobody configured (the job queue) write through this handler.
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_SafeFormatter())


def format_trace(error: BaseException, *, with_messages: bool = True) -> str:
    """Return the stacks of an exception and its causes, their messages made safe or left out."""
    return "".join(_list_lines(error, set(), with_messages=with_messages))


def safe_message(error: BaseException) -> str:
    """Return what may be kept of an exception's message: nothing that could name a person."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or type(error.orig).__name__
        return f"{state} (values are left out)"
    if type(error).__module__.partition(".")[0] in {"psycopg", "sqlite3"}:
        return "(values are left out)"
    return _NOT_ASCII.sub("…", redact(str(error)))[:LONGEST_MESSAGE]


def _list_lines(error: BaseException, seen: set[int], *, with_messages: bool) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _list_lines(before, seen, with_messages=with_messages)
        yield f"\n{_CAUSE if error.__cause__ else _CONTEXT}\n\n"
    if error.__traceback__ is not None:
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
    message = f": {safe_message(error)}" if with_messages else ""
    yield f"{type(error).__module__}.{type(error).__qualname__}{message}\n"


class _SafeFormatter(logging.Formatter):
    """Formats records of the standard library's logging in the same way."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text, numbers of people masked."""
        return redact(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """Return the trace of an exception."""
        return format_trace(cast("ExcInfo", ei)[1])
