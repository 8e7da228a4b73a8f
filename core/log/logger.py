"""Write events to standard error, with personal data masked: standard output is for answers.

The library for that is loaded with the first event: few commands write any.
"""

import sys
from collections.abc import MutableMapping
from functools import cache
from typing import Any, TextIO

from core.log.events import ExcInfo, format_trace
from core.redaction import redact


class Logger:
    """A logger of structlog that does not load it before there is something to say."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, level: str) -> Any:
        """Return the function that writes events of a level (`info`, `warning`, …)."""
        import structlog

        _configure()
        return getattr(structlog.get_logger(self._name), level)


def get_logger(name: str) -> Logger:
    """Return the logger of a part of the program, e.g. `gongkai.plugins`."""
    return Logger(name)


@cache
def _configure() -> None:
    """Have structlog mask what it writes; the stream is looked up anew for each event."""
    import structlog

    before = structlog.get_config()["processors"][:-1]
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=_write_trace
    )
    structlog.configure(
        processors=[*before, _mask_values, renderer],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def _write_trace(stream: TextIO, exc_info: ExcInfo) -> None:
    stream.write("\n" + format_trace(exc_info[1]))


def _mask_values(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    del logger, method
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redact(value)
    return event
