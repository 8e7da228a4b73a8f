"""Answer a request again from its beginning where other writers were in the way of the first try.

The request owns its transaction, so nothing of a try that ends in a conflict is stored, and nothing
of it has been sent: a second one can be made without asking the person. It has a context, sessions
and messages of its own. `core.web.errors` marks what was busy.
"""

import time
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import Any, Self, cast

from flask import request

from core.log.logger import get_logger
from core.outages.retrying import PATIENCE as TURN
from core.outages.retrying import PAUSES

# A first try that waited a whole turn in vain, in the queue of writers and at the lock, is made
# once more (seconds).
PATIENCE = 2 * TURN
_TRY = "gongkai.try"
_IN_MEMORY = 2**20

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

log = get_logger("gongkai.web")


class _Try:
    """One try to answer a request, and what it was going to answer."""

    def __init__(self) -> None:
        self.was_busy = False
        self.answer: tuple[Any, ...] = ()

    def start(self, *answer: Any) -> None:
        """Keep status and headers until it is known whether they are sent."""
        self.answer = answer


def mark_busy() -> None:
    """Say that this request failed because others were writing, so that it may be tried again."""
    made = request.environ.get(_TRY)
    if made is not None:
        made.was_busy = True


class RetryWhenBusy:
    """WSGI middleware: make another try while there is time, with the same body."""

    def __init__(self, application: Wsgi) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer, at the latest some seconds after the first try began to wait for others."""
        with _Body(environ["wsgi.input"]) as body:
            ends = time.monotonic() + PATIENCE
            for pause in (*PAUSES, None):
                made = _Try()
                own = {**environ, _TRY: made, "wsgi.input": body}
                chunks = self._application(own, made.start)
                if not made.was_busy or pause is None or time.monotonic() + pause > ends:
                    break
                _close(chunks)
                log.info("request is tried again", path=environ.get("PATH_INFO"))
                time.sleep(pause)
                body.rewind()
        start_response(*made.answer)
        return chunks


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()


class _Body:
    """The body of a request; what was read is kept, so that it can be read once more."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._kept = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by `__exit__`
        self._repeats = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()

    def rewind(self) -> None:
        """Begin anew: what was read before is read again, then the rest."""
        self._kept.seek(0)
        self._repeats = True

    def read(self, size: int = -1) -> bytes:
        """Read some bytes, perhaps fewer."""
        if self._repeats:
            data = self._kept.read(size)
            if data:
                return data
            self._repeats = False
        data = cast(bytes, self._source.read(size))
        self._kept.write(data)
        return data
