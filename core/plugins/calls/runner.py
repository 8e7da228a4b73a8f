"""Call the tenant hooks of plugins so that what a plugin does wrong stays its own.

A late call is left out of the page with its thread, and the remaining calls go on in a new one.
"""

import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from flask import Flask, current_app

from core.db.idle import release_idle
from core.db.tree import Tenant
from core.log.events import format_trace
from core.log.logger import get_logger
from core.plugins.activation import enabled
from core.plugins.calls.batch import BatchLimits, Call, CallBatch, CallOutcome
from core.plugins.calls.kept_answers import find_page_answers, init_kept_answers
from core.plugins.calls.result_kinds import InvalidResult
from core.plugins.loading.host import refuse_unless_foreseen
from core.plugins.sandbox.execution import (
    CallTimeout,
    Execution,
    MachineBusy,
    find_exhaustion,
)
from core.plugins.sandbox.metering import Allowance
from core.plugins.sandbox.request_snapshot import take_snapshot, to_detached
from core.plugins.sandbox.threads import PluginThread, PluginThreads
from core.plugins.sandbox.timeouts import (
    charge_page,
    page_time_left,
    page_waits,
    page_wall_left,
)
from core.settings import current_settings
from core.validity.answers import include_validity, refuse_keeping

# Limits of hooks that no page waits for (seconds).
LONGER = {
    "daily": 300.0,
    "demo": 60.0,
    "erase": 300.0,
    "notify": 10.0,
    "check_config": 3.0,
    "objective_measures": 10.0,
}
# How often a late call is looked at again.
WATCH_SECONDS = 0.25

log = get_logger("gongkai.plugins")


def run(tenant: Tenant, calls: Sequence[Call]) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the validated results of the calls that did not fail, in their order.

    Answers that are kept of earlier calls and still hold are not asked for again.
    """
    if not calls:
        return []
    page = find_page_answers(tenant)
    found: dict[Call, tuple[Any, ...]] = {}
    left: list[Call] = []
    for call in calls:
        kept = page.find(call) if page is not None else None
        if kept is None:
            left.append(call)
        else:
            found[call] = kept
    for outcome in _make(tenant, left) if left else ():
        if outcome.error is None:
            found[outcome.call] = outcome.result
            if page is not None:
                page.keep(outcome.call, outcome.result, outcome.validity)
    return [(call.plugin, found[call]) for call in calls if call in found]


def _make(tenant: Tenant, calls: Sequence[Call]) -> list[CallOutcome]:
    """Make calls, and report what is wrong with them."""
    release_idle()  # the calls have sessions of their own, and need the connection
    with page_waits():
        outcomes = list(_run_batches(tenant, calls))
    charge_page(sum(outcome.spent for outcome in outcomes))
    _tell_validity(calls, outcomes)
    for outcome in outcomes:
        _report(tenant, outcome)
    return outcomes


def _tell_validity(calls: Sequence[Call], outcomes: Sequence[CallOutcome]) -> None:
    """Keep no page with answers that may change at any time, or that a plugin is missing from."""
    if len(outcomes) < len(calls) or any(outcome.error for outcome in outcomes):
        refuse_keeping("a plugin failed")
    for call in calls:
        refuse_unless_foreseen(call.plugin)
    for outcome in outcomes:
        include_validity(outcome.validity)


def init_isolation(app: Flask) -> None:
    """Give the application threads for its plugins, and room for what they answer."""
    app.extensions["plugin_threads"] = PluginThreads()
    init_kept_answers(app)


def _limits(hook: str) -> BatchLimits:
    """Return the limits of a hook; what the page has used up already counts."""
    settings = current_settings()
    now = time.monotonic()
    if hook in LONGER:
        allowance = Allowance(LONGER[hook])
        return BatchLimits(allowance, allowance.own, now + allowance.wall)
    call = Allowance(settings.plugin_call_seconds)
    return BatchLimits(call, page_time_left(), now + page_wall_left())


def _run_batches(tenant: Tenant, calls: Sequence[Call]) -> Iterator[CallOutcome]:
    """Make calls in one thread; after each that is late, go on with the next in another thread."""
    threads: PluginThreads = current_app.extensions["plugin_threads"]
    limits = _limits(calls[0].hook)
    waiting = list(calls)
    while waiting:
        checked = [(call, find_exhaustion(threads, call.plugin)) for call in waiting]
        yield from (CallOutcome(call, error=error) for call, error in checked if error)
        ready = [call for call, error in checked if error is None]
        if not ready:
            return
        batch = CallBatch(ready, take_snapshot(tenant), limits)
        thread = threads.start(batch.work)
        late = batch.wait()
        if late is not None:
            is_to_blame = isinstance(late.error, CallTimeout)
            threads.abandon(thread, late.call.plugin, is_to_blame=is_to_blame)
            if not is_to_blame:
                _blame_later(to_detached(tenant), late, thread)
        yield from batch.outcomes
        limits = limits.after(batch.outcomes)
        waiting = ready[len(batch.outcomes) :] if late is not None else []


def _blame_later(tenant: Tenant, late: CallOutcome, thread: PluginThread) -> None:
    """Report a call that was left out on a busy machine once it has used up its allowance itself.

    So a loop that gets little of a processor is found out, too.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    execution = cast(Execution, late.execution)
    error = CallTimeout(f"no answer in {execution.allowance.own:g} s")

    def watch() -> None:
        while execution.spent < execution.allowance.own:
            if not thread.is_alive():
                return
            time.sleep(WATCH_SECONDS)
        with app.app_context():
            _report(tenant, replace(late, error=error))

    threading.Thread(target=watch, name="gongkai-late", daemon=True).start()


def _report(tenant: Tenant, outcome: CallOutcome) -> None:
    """Trace and log a call, and record a failure of the plugin."""
    call, error = outcome.call, outcome.error
    settings = current_settings()
    if settings.trace_hooks:
        result = repr(error) if error else f"{len(outcome.result)}"
        sys.stderr.write(
            f"hook {call.plugin}.{call.hook} at {tenant.division_code}: {result} "
            f"({outcome.took * 1000:.2f} ms)\n"
        )
    if error is None:
        return
    if isinstance(error, MachineBusy):
        log.warning("plugin left out", plugin=call.plugin, hook=call.hook, reason=str(error))
        return
    trace = uuid.uuid4().hex[:12]
    log.error(
        "plugin failed",
        plugin=call.plugin, hook=call.hook, tenant=tenant.division_code, trace=trace,
        exc_info=error,
    )  # fmt: skip
    told = f"{type(error).__name__}: {error}" if isinstance(error, InvalidResult) else error
    places = format_trace(error, with_messages=False)
    enabled.report_fault(call.plugin, tenant, call.hook, told, f"{trace}\n{places}")
