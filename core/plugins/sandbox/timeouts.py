"""Do a plugin's work in a thread of its own, and wait for it no longer than is said."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import Flask, current_app, g, has_request_context
from flask_babel import force_locale, get_locale

from core.plugins.sandbox.threads import LeftBehind, Workers
from core.settings import current_settings

T = TypeVar("T")


class OutOfTime(TimeoutError):  # noqa: N818 - named for what it reports
    """A plugin did not answer in its time."""


def page_time_left() -> float:
    """Seconds that this page may still wait for plugins; all of them where there is no page."""
    settings = current_settings()
    waited_so_far = g.get("plugin_waited", 0.0) if has_request_context() else 0.0
    return settings.plugin_page_seconds - float(waited_so_far)


@contextmanager
def page_waits() -> Iterator[None]:
    """Count the time spent here as time in which the page waits for plugins."""
    started = time.monotonic()
    try:
        yield
    finally:
        if has_request_context():
            g.plugin_waited = g.get("plugin_waited", 0.0) + time.monotonic() - started


def bounded(plugin: str, work: Callable[[], T], seconds: float) -> T:
    """What the work gives, done in an application context of its own.

    Raises what it raises, and `OutOfTime`; a request is not around it.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    locale = str(get_locale())

    def around() -> T:
        with app.app_context(), force_locale(locale):
            return work()

    return waited(app.extensions["plugin_workers"], plugin, around, seconds)


def waited(workers: Workers, plugin: str, work: Callable[[], T], seconds: float) -> T:
    """The same without any application."""
    if workers.is_exhausted(plugin):
        raise OutOfTime("earlier calls have not come back yet")
    done = threading.Event()
    given: list[T] = []
    raised: list[BaseException] = []

    def order() -> None:
        try:
            given.append(work())
        except LeftBehind:
            raise
        except BaseException as error:  # noqa: BLE001 - a plugin may raise anything, exits included
            raised.append(error)
        finally:
            done.set()

    worker = workers.start(order)
    if not done.wait(seconds):
        workers.leave(worker, plugin)
        raise OutOfTime(f"no answer in {seconds:g} s")
    if raised:
        raise _expected(raised[0])
    return given[0]


def _expected(error: BaseException) -> Exception:
    """What may be raised where the work was waited for: a plugin ends no program."""
    if isinstance(error, Exception):
        return error
    return RuntimeError(f"{type(error).__name__}: {error}")
