"""The plugins of this process: loaded, checked, and those that were left out with the reason.

What a plugin gives once, at the start: pages, commands, jobs, kinds of findable things.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import click
from flask import Flask, current_app
from pluggy import HookImpl

from core.db.owners import forget, known_tables, list_owned_tables
from core.log.logger import get_logger
from core.plugins.api.contributions import Job
from core.plugins.api.manifest import Manifest
from core.plugins.loading.blueprint import PluginBlueprint
from core.plugins.loading.commands import read_named_commands
from core.plugins.loading.discovery import Found, discover
from core.plugins.loading.validation import (
    HookManager,
    PluginRefused,
    check_blueprint,
    check_tables,
    get_manifest,
    is_own,
    register,
)
from core.plugins.sandbox.execution import Execution, run_in_thread
from core.plugins.sandbox.metering import Allowance
from core.plugins.sandbox.threads import PluginThreads
from core.validity.answers import refuse_keeping

SLOW_MS = 500.0

log = get_logger("gongkai.plugins")


@dataclass(frozen=True, slots=True)
class ProcessContributions:
    """The validated results of one plugin's process hooks."""

    blueprints: tuple[PluginBlueprint | str, ...] = ()
    jobs: tuple[Job, ...] = ()
    search_kinds: tuple[Any, ...] = ()
    took_ms: float = 0.0


def implementations(manager: HookManager, hook: str) -> dict[str, HookImpl]:
    """Return the implementations of a hook by plugin."""
    return {each.plugin_name: each for each in getattr(manager.hook, hook).get_hookimpls()}


def collect_contributions(manager: HookManager, name: str) -> ProcessContributions:
    """Call a plugin's process hooks; raises `PluginRefused` for invalid results."""
    started = time.perf_counter()
    return ProcessContributions(
        tuple(check_blueprint(name, given) for given in _call_hook(manager, name, "blueprints")),
        tuple(_check_job(name, given) for given in _call_hook(manager, name, "jobs")),
        tuple(
            _check_search_kind(name, given) for given in _call_hook(manager, name, "search_kinds")
        ),
        (time.perf_counter() - started) * 1000,
    )


def _call_hook(manager: HookManager, name: str, hook: str) -> list[Any]:
    found = implementations(manager, hook).get(name)
    if found is None:
        return []
    started = time.perf_counter()
    given: list[Any] = list(cast(Iterable[Any], found.function()))
    took = (time.perf_counter() - started) * 1000
    if took > SLOW_MS:
        log.warning("slow at the start", plugin=name, hook=hook, took_ms=round(took))
    return given


def _check_command(given: object) -> click.Command:
    if not isinstance(given, click.Command) or not given.name:
        raise PluginRefused(f"commands: {given!r} is no command")
    return given


def collect_commands(host: "PluginHost", plugin: "Plugin") -> list[click.Command]:
    """Call a plugin's hook for commands, which loads what they do.

    Raises `PluginRefused` where the manifest does not name those that there are.
    """
    given = [_check_command(each) for each in _call_hook(host.manager, plugin.name, "commands")]
    named = dict(plugin.manifest.commands)
    if not named:
        return given  # `--help` loads such plugins
    if read_named_commands(plugin.found) != named:
        raise PluginRefused("commands: the manifest has to write them out as names and texts")
    names = {str(command.name) for command in given}
    if names != set(named):
        listed, there = (", ".join(sorted(each)) or "none" for each in (named, names))
        raise PluginRefused(f"commands: the manifest names {listed}, the hook gives {there}")
    return given


def _check_job(name: str, given: object) -> Job:
    if not isinstance(given, Job):
        raise PluginRefused(f"jobs: {given!r} is no Job")
    if not is_own(name, given.name):
        raise PluginRefused(f"the job {given.name} is not called {name}_…")
    return given


def _check_search_kind(name: str, given: Any) -> Any:
    if not callable(getattr(given, "load", None)) or not callable(getattr(given, "keys", None)):
        raise PluginRefused(f"search_kinds: {given!r} is no SearchKind")
    if not is_own(name, given.name):
        raise PluginRefused(f"the kind of findable things {given.name} is not called {name}")
    return given


DISTRIBUTION = "gongkai"
# Seconds that a plugin may take to be imported and to answer its process hooks.
LONGEST_START = 30.0


@dataclass(frozen=True, slots=True)
class Plugin:
    """An installed plugin that works."""

    manifest: Manifest
    module: ModuleType
    folder: Path
    found: Found
    contributions: ProcessContributions
    took_ms: float

    @property
    def name(self) -> str:
        """What it is called everywhere."""
        return self.manifest.name


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An installed plugin that cannot be used, and why."""

    name: str
    source: str
    reason: str


@dataclass(slots=True)
class PluginHost:
    """Everything about plugins in one application; those that others require come first."""

    manager: HookManager = field(default_factory=HookManager)
    plugins: dict[str, Plugin] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    starters: PluginThreads = field(default_factory=PluginThreads)
    _hooks: dict[str, dict[str, HookImpl]] = field(default_factory=dict)

    @property
    def manifests(self) -> dict[str, Manifest]:
        """Declarations of the plugins that can be switched on."""
        return {name: plugin.manifest for name, plugin in self.plugins.items()}

    def implementations(self, hook: str) -> dict[str, HookImpl]:
        """Return the implementations of a hook by plugin."""
        if hook not in self._hooks:
            self._hooks[hook] = implementations(self.manager, hook)
        return self._hooks[hook]

    def leave_out(self, name: str, source: str, reason: str) -> None:
        """Go on without a plugin, and remember why."""
        log.error("plugin left out", plugin=name, source=source, reason=reason)
        self.left_out.append(LeftOut(name, source, reason))

    def drop(self, plugin: Plugin, reason: str | Exception) -> None:
        """Leave out a plugin that was loaded already, with its hooks and tables."""
        if isinstance(reason, Exception):
            reason = _reason(reason)
        del self.plugins[plugin.name]
        self._hooks.clear()
        self.manager.unregister(name=plugin.name)
        forget(plugin.found.package, list_owned_tables(plugin.found.package))
        self.leave_out(plugin.name, plugin.found.source, reason)
        for other in list(self.plugins.values()):
            if plugin.name in other.manifest.requires and other.name in self.plugins:
                self.drop(other, f"it requires {plugin.name}, which is left out")


def load_plugins(more_folders: str = "") -> PluginHost:
    """Load what is installed; what does not hold is left out, and the rest goes on."""
    host = PluginHost()
    for found in discover(more_folders):
        _load_or_leave_out(host, found)
    host.starters.close()
    _order_by_requirements(host)
    return host


def installed(app: Flask | None = None) -> dict[str, Manifest]:
    """Return the manifests of the plugins of this application, by name."""
    return get_host(app).manifests


def get_host(app: Flask | None = None) -> PluginHost:
    """Return the plugin host of an application, the current one by default."""
    host: PluginHost = (app or current_app).extensions["plugins"]
    return host


def refuse_unless_foreseen(name: str) -> None:
    """Keep no page with answers of a plugin, unless it says when they change (`depends_on`)."""
    if get_host().plugins[name].manifest.depends_on != "place":
        refuse_keeping(f"asks {name} each time")


@cache
def core_version() -> str:
    """Return the version that plugins ask for."""
    return version(DISTRIBUTION)


def _load_or_leave_out(host: PluginHost, found: Found) -> None:
    if found.name in host.plugins:
        there = host.plugins[found.name].found.source
        host.leave_out(found.name, found.source, f"another plugin of this name is at {there}")
        return
    before = known_tables()
    try:
        host.plugins[found.name] = run_in_thread(
            host.starters,
            found.name,
            lambda: _load(host.manager, found, before),
            Execution(Allowance(LONGEST_START)),
        )
    except Exception as error:  # noqa: BLE001 - whatever a plugin does wrong, the platform starts
        if host.manager.has_plugin(found.name):
            host.manager.unregister(name=found.name)
        forget(found.package, known_tables() - before)
        host.leave_out(found.name, found.source, _reason(error))


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, PluginRefused) else f"{type(error).__name__}: {error}"


def _load(manager: HookManager, found: Found, before: frozenset[str]) -> Plugin:
    started = time.perf_counter()
    module = import_module(found.module)
    manifest = get_manifest(module, found.name, core_version())
    check_tables(manifest.name, (known_tables() - before) | list_owned_tables(found.package))
    folder = Path(cast(str, module.__file__)).parent
    register(manager, module, manifest.name)
    contributions = collect_contributions(manager, manifest.name)
    took = (time.perf_counter() - started) * 1000
    return Plugin(manifest, module, folder, found, contributions, round(took, 1))


def _order_by_requirements(host: PluginHost) -> None:
    """Sort plugins topologically; leave out what requires something that is not there."""
    needs = {name: plugin.manifest.requires for name, plugin in host.plugins.items()}
    order: list[str] = []
    while ready := [name for name in needs if name not in order and _are_met(needs[name], order)]:
        order.extend(ready)
    for name in needs:
        if name in host.plugins and name not in order:
            host.drop(host.plugins[name], _explain_unmet(name, needs))
    host.plugins = {name: host.plugins[name] for name in order}


def _are_met(required: Sequence[str], order: Sequence[str]) -> bool:
    return set(required) <= set(order)


def _explain_unmet(name: str, needs: Mapping[str, Sequence[str]]) -> str:
    missing = [required for required in needs[name] if required not in needs]
    if missing:
        return f"it requires {', '.join(missing)}, which is not there"
    if name in _transitive_requirements(name, needs):
        return f"it requires itself in a circle: {', '.join(needs[name])}"
    return f"it requires {', '.join(needs[name])}, which is left out"


def _transitive_requirements(name: str, needs: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    queue = list(needs[name])
    while queue:
        required = queue.pop()
        if required not in found:
            found.add(required)
            queue.extend(needs.get(required, ()))
    return found
