"""Set the policy of a plugin at nodes of the tree: preview what it would change, and store it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.base import utc_now
from core.db.tree import Tenant
from core.errors import Conflict, Forbidden, GongkaiError, NotFound
from core.permissions import Action, Actor, allowed, require
from core.plugins.activation.cache import (
    bump_version,
    drop_nested,
    load_current,
    notify_listeners,
    tenants_below,
    to_node_ref,
)
from core.plugins.activation.rules import (
    Decision,
    Decisions,
    Policy,
    PolicySnapshot,
    Refusal,
    State,
    find_refusal,
    resolve_activation,
)
from core.plugins.api.manifest import Manifest
from core.plugins.loading.host import installed
from core.plugins.models import PluginDecision

INHERIT = "inherit"


@dataclass(frozen=True, slots=True)
class Effect:
    """A plugin that would go on or off somewhere."""

    tenant: Tenant
    plugin: str
    before: State
    after: State


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """The policy at one tenant; `own`: it counts as that of the tenant's own people."""

    tenant: Tenant
    own: bool


@dataclass(frozen=True, slots=True)
class PolicyPlan:
    """The effect of a policy before it is stored: where it applies, where it is refused and why."""

    name: str
    policy: Policy | None
    changes: tuple[PolicyChange, ...]
    refused: tuple[tuple[Tenant, GongkaiError], ...]
    effects: tuple[Effect, ...]


def get_plugin(name: str) -> Manifest:
    """Return the installed plugin of this name; raises `NotFound`."""
    found = installed().get(name)
    if found is None:
        raise NotFound(_("There is no plugin “%(name)s” here.", name=name), where=name)
    return found


def acts_for_county(session: Session, actor: Actor, tenant: Tenant) -> bool:
    """Tell whether the actor decides here as the county; above the county only the operator."""
    if actor.operator:
        return True
    query = select(Tenant).where(Tenant.id.in_(tenant.chain), Tenant.level == "county")
    county = session.scalar(query)
    return county is not None and allowed(actor, Action.MANAGE_TENANT, county)


def plan_policy(
    session: Session, actor: Actor, name: str, policy: Policy | None, tenants: Iterable[Tenant]
) -> PolicyPlan:
    """Preview what a policy (`None`: inherit) at these tenants would change; store nothing.

    The session must reach the tenants and all below them.
    """
    get_plugin(name)
    known = load_current(session).policies
    decided: dict[int, Sequence[Decision]] = dict(known.decisions.get(name, {}))
    changes, refused = [], []
    for tenant in sorted(tenants, key=lambda tenant: tenant.path):
        own = not acts_for_county(session, actor, tenant)
        try:
            _check_allowed(actor, tenant, decided, policy, own=own)
        except GongkaiError as error:
            refused.append((tenant, error))
            continue
        decided[tenant.id] = _replace_policy(decided.get(tenant.id, ()), tenant.id, policy, own=own)
        changes.append(PolicyChange(tenant, own))
    after = replace(known, decisions={**known.decisions, name: decided})
    paths = [change.tenant.path for change in changes]
    effects = tuple(_list_effects(tenants_below(session, paths), known, after, name))
    return PolicyPlan(name, policy, tuple(changes), tuple(refused), effects)


def store_policy(  # noqa: PLR0913 - who says what about which plugin, where and why
    session: Session,
    actor: Actor,
    name: str,
    policy: Policy | None,
    tenants: Iterable[Tenant],
    *,
    reason: str = "",
) -> PolicyPlan:
    """Store a policy at these tenants, or nothing at all where one of them refuses it.

    Raises `Forbidden` or `Conflict`.
    """
    bump_version(session)
    planned = plan_policy(session, actor, name, policy, tenants)
    for _tenant, error in planned.refused:
        raise error
    rows = _load_rows(session, name, [change.tenant.id for change in planned.changes])
    for change in planned.changes:
        found = rows.get(change.tenant.id, [])
        _store_change(session, actor, planned, change, rows=found, reason=reason.strip())
    _notify(session, planned.effects)
    return planned


def _check_allowed(
    actor: Actor, tenant: Tenant, decided: Decisions, policy: Policy | None, *, own: bool
) -> None:
    """Raise the error that says why the actor cannot say this here."""
    require(actor, Action.MANAGE_TENANT, tenant)
    code, name = tenant.division_code, tenant.name
    match find_refusal(decided, tenant.chain, policy, own=own):
        case Refusal.BOUND:
            message = _("At %(place)s nothing else can be said: it is pinned or forbidden above.")
            raise Conflict(message % {"place": name}, where=code)
        case Refusal.NOT_DELEGATED:
            message = _("%(place)s may only switch it off: the county has not left it to you.")
            raise Forbidden(message % {"place": name}, where=code)
        case Refusal.COUNTY_ONLY:
            raise Forbidden(_("Only the county pins, forbids and delegates."), where=code)


def _replace_policy(
    decided: Sequence[Decision], node: int, policy: Policy | None, *, own: bool
) -> Sequence[Decision]:
    """Replace a node's policy; the county's takes the place of the node's own as well."""
    kept = [decision for decision in decided if own and not decision.own]
    return [*kept, Decision(node, policy, own)] if policy else kept


def _list_effects(
    tenants: Iterable[Tenant], before: PolicySnapshot, after: PolicySnapshot, name: str
) -> Iterator[Effect]:
    names = _with_dependents(before, name)
    for tenant in tenants:
        place = to_node_ref(tenant)
        for each in names:
            states = [resolve_activation(known, each, place).state for known in (before, after)]
            if states[0] is not states[1]:
                yield Effect(tenant, each, *states)


def _with_dependents(known: PolicySnapshot, name: str) -> list[str]:
    """List the plugin and those that require it, directly or not."""
    names = [name]
    for each in names:
        names += [
            other
            for other, constraints in known.constraints.items()
            if each in constraints.requires and other not in names
        ]
    return names


def _load_rows(
    session: Session, name: str, ids: Sequence[int]
) -> Mapping[int, list[PluginDecision]]:
    found: dict[int, list[PluginDecision]] = {}
    for start in range(0, len(ids), 500):
        query = select(PluginDecision).where(
            PluginDecision.plugin == name, PluginDecision.tenant_id.in_(ids[start : start + 500])
        )
        for row in session.scalars(query):
            found.setdefault(row.tenant_id, []).append(row)
    return found


def _store_change(  # noqa: PLR0913 - one row of a plan
    session: Session,
    actor: Actor,
    planned: PolicyPlan,
    change: PolicyChange,
    *,
    rows: Sequence[PluginDecision],
    reason: str,
) -> None:
    same = next((row for row in rows if row.own == change.own), None)
    covered = [row for row in rows if row is not same and not change.own]
    before = same.word if same else None
    if before == planned.policy and not covered and (not same or reason in {"", same.reason}):
        return  # nothing new
    for row in [*covered, *([same] if same and planned.policy is None else [])]:
        session.delete(row)
    if planned.policy is not None:
        row = same or PluginDecision(
            tenant_id=change.tenant.id, plugin=planned.name, own=change.own
        )
        row.word, row.reason = planned.policy.value, reason
        row.user_id, row.decided_at = actor.user_id, utc_now()
        session.add(row)
    act = f"plugin.{planned.policy or INHERIT}"
    record(session, actor, change.tenant, act, planned.name, before=before, reason=reason)


def _notify(session: Session, effects: Iterable[Effect]) -> None:
    """Notify listeners of each plugin once, at the topmost tenants where it changed."""
    changed: dict[str, dict[str, int]] = {}
    for effect in effects:
        changed.setdefault(effect.plugin, {})[effect.tenant.path] = effect.tenant.id
    for plugin, ids in changed.items():
        for path in drop_nested(ids):
            notify_listeners(session, ids[path], plugin)
