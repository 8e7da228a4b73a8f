"""Load the effective state of plugins at tenants together with the decisions that caused it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.db.tree import Tenant
from core.plugins.activation.cache import load_current, to_node_ref
from core.plugins.activation.labels import explain_activation
from core.plugins.activation.rules import (
    Activation,
    Decision,
    Policy,
    PolicySnapshot,
    State,
    resolve_activation,
)
from core.plugins.api.manifest import Manifest
from core.plugins.loading.host import installed
from core.plugins.models import PluginDecision


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """One plugin at one tenant.

    `policy` is the tenant's own; `decider` and `row` say where the state comes from, `note` is what
    was said there; `may_choose`: its own people may switch both ways.
    """

    tenant: Tenant
    manifest: Manifest
    activation: Activation
    policy: Policy | None
    decider: Tenant | None
    row: PluginDecision | None
    explanation: str
    may_choose: bool

    @property
    def note(self) -> str:
        return self.row.reason if self.row else ""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """All decisions with their rows, loaded once for many tenants."""

    policies: PolicySnapshot
    rows: Mapping[tuple[int, str, bool], PluginDecision]
    nodes: Mapping[int, Tenant]
    installed: Mapping[str, Manifest]

    def status(self, tenant: Tenant, name: str) -> PluginStatus:
        """Build the status of a plugin at a tenant."""
        found = resolve_activation(self.policies, name, to_node_ref(tenant))
        held = found.decision
        decider = self.nodes.get(held.node) if held else None
        return PluginStatus(
            tenant,
            self.installed[name],
            found,
            self.own_policy(tenant, name),
            decider,
            self.rows.get((held.node, name, held.own)) if held else None,
            explain_activation(found, decider, self.installed),
            self.policies.outcome(name, tenant.chain).may_choose,
        )

    def state(self, tenant: Tenant, name: str) -> State:
        """Resolve only whether it is on."""
        return resolve_activation(self.policies, name, to_node_ref(tenant)).state

    def own_policy(self, tenant: Tenant, name: str) -> Policy | None:
        """Find the policy set at this node that counts: its own people's, else the county's."""
        decided: Sequence[Decision] = self.policies.decisions.get(name, {}).get(tenant.id, ())
        choice = self.policies.outcome(name, tenant.chain).may_choose
        counts = [d for d in decided if not d.own or d.policy is Policy.OFF or choice]
        return counts[-1].policy if counts else None


def load_statuses(session: Session, tenants: Sequence[Tenant]) -> StatusReport:
    """Load what is decided at these tenants and above; the session must reach them."""
    query = select(PluginDecision).options(selectinload(PluginDecision.user))
    rows = {(row.tenant_id, row.plugin, row.own): row for row in session.scalars(query)}
    wanted = {node for tenant in tenants for node in tenant.chain}
    deciders = {row.tenant_id for row in rows.values()} & wanted
    found = session.scalars(select(Tenant).where(Tenant.id.in_(deciders)))
    nodes = {node.id: node for node in found} | {tenant.id: tenant for tenant in tenants}
    return StatusReport(load_current(session).policies, rows, nodes, installed())


def list_statuses(session: Session, tenant: Tenant) -> list[PluginStatus]:
    """List the status of every installed plugin at a tenant, by name."""
    report = load_statuses(session, [tenant])
    return [report.status(tenant, name) for name in sorted(report.installed)]
