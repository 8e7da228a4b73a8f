"""Cache of the decisions about plugins in each process, invalidated by a version number.

Every change counts `PluginClock` up in its own transaction. A process polls that one number at
most every `POLL_SECONDS`, and reloads everything when it differs: a switch is in force in all
processes within a second, and a page usually asks the database nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core.db.reading import read_rows
from core.db.scope import Scope, open_session
from core.db.transactions import after_commit
from core.db.tree import Tenant, below
from core.plugins.activation.rules import (
    Constraints,
    Decision,
    NodeRef,
    Policy,
    PolicySnapshot,
    State,
    resolve_activation,
)
from core.plugins.api.manifest import Manifest
from core.plugins.models import PluginClock, PluginDecision, PluginQuarantine, PluginSetting

POLL_SECONDS = 0.3
MAX_NODES_CACHED = 10_000

_VERSION = select(PluginClock.version)

# Called in the transaction of the change, with the tenant at or below which a plugin changed.
Listener = Callable[[Session, int, str], None]


@dataclass(frozen=True, slots=True)
class ChosenValue:
    """The value of a setting that a node chose."""

    value: Any
    locked: bool


@dataclass(frozen=True, slots=True)
class ActivationSnapshot:
    """Everything decided about plugins, as of one version."""

    version: int
    policies: PolicySnapshot
    settings: Mapping[str, Mapping[int, Mapping[str, ChosenValue]]]
    _on: dict[NodeRef, frozenset[str]] = field(default_factory=dict)

    def on_at(self, node: NodeRef) -> frozenset[str]:
        """Return the plugins that are on at a node; computed once."""
        found = self._on.get(node)
        if found is None:
            found = frozenset(
                name
                for name in self.policies.constraints
                if resolve_activation(self.policies, name, node).state is State.ON
            )
            if len(self._on) >= MAX_NODES_CACHED:
                self._on.clear()
            self._on[node] = found
        return found


class ActivationCache:
    """The newest snapshot of one application, and the listeners of changes."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = Lock()
        self._snapshot: ActivationSnapshot | None = None
        self._polled_at = float("-inf")
        self.listeners: list[Listener] = []

    def now(self) -> ActivationSnapshot:
        """Return what holds, at most `POLL_SECONDS` old."""
        snapshot = self._snapshot
        if snapshot is not None and monotonic() - self._polled_at < POLL_SECONDS:
            return snapshot
        with self._lock:
            if self._snapshot is None or monotonic() - self._polled_at >= POLL_SECONDS:
                self._poll()
            return cast(ActivationSnapshot, self._snapshot)

    def expire(self) -> None:
        """Make the next `now` poll the database; one that is polling now counts as earlier."""
        with self._lock:
            self._polled_at = float("-inf")

    def _poll(self) -> None:
        started = monotonic()
        with open_session(Scope.platform("plugin states")) as session:
            [(version,)] = read_rows(session, _VERSION)
            if self._snapshot is None or self._snapshot.version != version:
                self._snapshot = load_snapshot(session, version, _manifests(self._app))
        self._polled_at = started


def init_activation_cache(app: Flask) -> None:
    """Give the application its cache."""
    app.extensions["plugin_states"] = ActivationCache(app)


def activation_cache(app: Flask | None = None) -> ActivationCache:
    """Return the cache of an application, the current one by default."""
    cache: ActivationCache = (app or current_app).extensions["plugin_states"]
    return cache


def _manifests(app: Flask) -> Mapping[str, Manifest]:
    """Read the manifests from `app.extensions`: importing the host would be a circular import."""
    return cast(Mapping[str, Manifest], app.extensions["plugins"].manifests)


def load_current(session: Session) -> ActivationSnapshot:
    """Load everything decided that this session sees, uncached: for those who decide."""
    return load_snapshot(session, 0, _manifests(current_app))


def load_snapshot(
    session: Session, version: int, plugins: Mapping[str, Manifest]
) -> ActivationSnapshot:
    """Load everything decided that this session sees; `version` must have been read before."""
    constraints = {name: Constraints(m.levels, m.requires) for name, m in plugins.items()}
    policies = PolicySnapshot(constraints, _load_decisions(session), _load_quarantined(session))
    return ActivationSnapshot(version, policies, _load_settings(session))


def _load_decisions(session: Session) -> dict[str, dict[int, list[Decision]]]:
    found: dict[str, dict[int, list[Decision]]] = defaultdict(lambda: defaultdict(list))
    query = select(PluginDecision.plugin, PluginDecision.tenant_id, PluginDecision.word,
                   PluginDecision.own).order_by(PluginDecision.own)  # fmt: skip
    for plugin, node, word, own in session.execute(query):
        found[plugin][node].append(Decision(node, Policy(word), own))
    return found


def _load_quarantined(session: Session) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for node, plugin in session.execute(
        select(PluginQuarantine.tenant_id, PluginQuarantine.plugin)
    ):
        found[node].add(plugin)
    return found


def _load_settings(session: Session) -> dict[str, dict[int, dict[str, ChosenValue]]]:
    found: dict[str, dict[int, dict[str, ChosenValue]]] = defaultdict(lambda: defaultdict(dict))
    for row in session.scalars(select(PluginSetting)):
        found[row.plugin][row.tenant_id][row.field] = ChosenValue(row.value, row.locked)
    return found


def bump_version(session: Session) -> None:
    """Count the version up before reading what a change depends on: changes wait for each other.

    Once the transaction commits, every process reloads within `POLL_SECONDS`.
    """
    session.execute(update(PluginClock).values(version=PluginClock.version + 1))
    after_commit(session, activation_cache().expire)


def notify_listeners(session: Session, tenant_id: int, plugin: str) -> None:
    """Notify listeners that a plugin went on or off at a tenant, or somewhere below it."""
    for listener in activation_cache().listeners:
        listener(session, tenant_id, plugin)


def on_state_change(app: Flask, listener: Listener) -> None:
    """Register a listener of plugins going on or off."""
    cast(ActivationCache, app.extensions["plugin_states"]).listeners.append(listener)


# Conditions in one query; there can be more places than a statement takes.
_PATHS_PER_QUERY = 200


def to_node_ref(tenant: Tenant) -> NodeRef:
    """Convert a tenant to what the rules know of it."""
    return NodeRef(tenant.chain, tenant.level)


def drop_nested(paths: Iterable[str]) -> list[str]:
    """Drop the paths that lie below another one."""
    tops: list[str] = []
    for path in sorted(paths):
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    return tops


def tenants_below(session: Session, paths: Iterable[str]) -> Iterator[Tenant]:
    """Load active portals at and below these paths, each once, in the order of the tree."""
    tops = drop_nested(paths)
    for start in range(0, len(tops), _PATHS_PER_QUERY):
        condition = or_(*(below(path) for path in tops[start : start + _PATHS_PER_QUERY]))
        query = select(Tenant).where(condition, Tenant.status == "active")
        found = session.scalars(query.order_by(Tenant.division_code))
        yield from (tenant for tenant in found if tenant.has_portal)
