"""Time that a page may wait for plugins, and work that is bounded in time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import Flask, current_app, g, has_request_context
from flask_babel import force_locale, get_locale

from core.db.idle import release_idle
from core.plugins.sandbox.execution import Execution, find_exhaustion, run_in_thread
from core.plugins.sandbox.metering import Allowance
from core.plugins.sandbox.threads import PluginThreads
from core.settings import current_settings

T = TypeVar("T")


def page_time_left() -> float:
    """Return the seconds that plugins may still use up on this page; all where there is no page.

    What a busy machine costs is not charged, but bounded too (`page_wall_left`).
    """
    if page_wall_left() <= 0:
        return 0.0
    return _page_allowance().own - _counted("plugin_spent")


def page_wall_left() -> float:
    """Return how long this page may still wait for plugins on a busy machine (seconds)."""
    return _page_allowance().wall - _counted("plugin_waited")


def _page_allowance() -> Allowance:
    return Allowance(current_settings().plugin_page_seconds)


def _counted(name: str) -> float:
    return float(g.get(name, 0.0)) if has_request_context() else 0.0


def charge_page(seconds: float) -> None:
    """Count seconds that a plugin has used up on this page."""
    if has_request_context():
        g.plugin_spent = g.get("plugin_spent", 0.0) + seconds


@contextmanager
def page_waits() -> Iterator[None]:
    """Count the time spent here as time in which the page waits for plugins."""
    started = time.monotonic()
    try:
        yield
    finally:
        if has_request_context():
            g.plugin_waited = g.get("plugin_waited", 0.0) + time.monotonic() - started


def run_with_timeout(plugin: str, work: Callable[[], T], seconds: float) -> T:
    """Run work in a plugin thread, in an application context of its own without a request.

    Raises what it raises, `CallTimeout`, and `MachineBusy`.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    threads: PluginThreads = app.extensions["plugin_threads"]
    locale = str(get_locale())
    exhaustion = find_exhaustion(threads, plugin)
    if exhaustion is not None:
        raise exhaustion

    def in_context() -> T:
        with app.app_context(), force_locale(locale):
            return work()

    release_idle()
    execution = Execution(Allowance(seconds))
    try:
        return run_in_thread(threads, plugin, in_context, execution)
    finally:
        charge_page(execution.spent)
