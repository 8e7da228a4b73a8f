"""What a plugin gives once, at the start: pages, commands, jobs, kinds of findable things."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import click
import structlog
from pluggy import HookImpl

from core.hooks.blueprint import PluginBlueprint
from core.hooks.checks import HookManager, PluginFault, check_blueprint, is_own
from core.hooks.contributions import Job

SLOW_MS = 500.0

log = structlog.get_logger("gongkai.plugins")


@dataclass(frozen=True, slots=True)
class Parts:
    """The checked answers of one plugin's process hooks."""

    blueprints: tuple[PluginBlueprint, ...] = ()
    commands: tuple[click.Command, ...] = ()
    jobs: tuple[Job, ...] = ()
    search_kinds: tuple[Any, ...] = ()
    took_ms: float = 0.0


def implementations(manager: HookManager, hook: str) -> dict[str, HookImpl]:
    """How plugins implement a hook, by their names."""
    return {each.plugin_name: each for each in getattr(manager.hook, hook).get_hookimpls()}


def gather(manager: HookManager, name: str) -> Parts:
    """Ask a plugin's process hooks; raises `PluginFault` for answers that do not hold."""
    started = time.perf_counter()
    return Parts(
        tuple(check_blueprint(name, given) for given in _ask(manager, name, "blueprints")),
        tuple(_command(given) for given in _ask(manager, name, "commands")),
        tuple(_job(name, given) for given in _ask(manager, name, "jobs")),
        tuple(_search_kind(name, given) for given in _ask(manager, name, "search_kinds")),
        (time.perf_counter() - started) * 1000,
    )


def _ask(manager: HookManager, name: str, hook: str) -> list[Any]:
    found = implementations(manager, hook).get(name)
    if found is None:
        return []
    started = time.perf_counter()
    given: list[Any] = list(cast(Iterable[Any], found.function()))
    took = (time.perf_counter() - started) * 1000
    if took > SLOW_MS:
        log.warning("slow at the start", plugin=name, hook=hook, took_ms=round(took))
    return given


def _command(given: object) -> click.Command:
    if not isinstance(given, click.Command) or not given.name:
        raise PluginFault(f"commands: {given!r} is no command")
    return given


def _job(name: str, given: object) -> Job:
    if not isinstance(given, Job):
        raise PluginFault(f"jobs: {given!r} is no Job")
    if not is_own(name, given.name):
        raise PluginFault(f"the job {given.name} is not called {name}_…")
    return given


def _search_kind(name: str, given: Any) -> Any:
    if not callable(getattr(given, "load", None)) or not callable(getattr(given, "keys", None)):
        raise PluginFault(f"search_kinds: {given!r} is no SearchKind")
    if not is_own(name, given.name):
        raise PluginFault(f"the kind of findable things {given.name} is not called {name}")
    return given
