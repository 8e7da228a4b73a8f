"""How plugins stand at a tenant, with who decided what and when: for commands and staff pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.db.tree import Tenant
from core.plugins.activation.cache import place_of, read_now
from core.plugins.activation.labels import explain
from core.plugins.activation.rules import Decision, Effective, Known, State, Word, effective
from core.plugins.api.manifest import Manifest
from core.plugins.loading.host import installed
from core.plugins.models import PluginDecision


@dataclass(frozen=True, slots=True)
class Line:
    """One plugin at one tenant.

    `word` is the tenant's own; `decider` and `row` say where the state comes from, `note` is what
    was said there; `choice`: its own people may switch both ways.
    """

    tenant: Tenant
    manifest: Manifest
    effective: Effective
    word: Word | None
    decider: Tenant | None
    row: PluginDecision | None
    why: str
    choice: bool

    @property
    def note(self) -> str:
        return self.row.reason if self.row else ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is decided, with its rows, read once for many tenants."""

    known: Known
    rows: Mapping[tuple[int, str, bool], PluginDecision]
    nodes: Mapping[int, Tenant]
    installed: Mapping[str, Manifest]

    def line(self, tenant: Tenant, name: str) -> Line:
        """How a plugin stands at a tenant."""
        found = effective(self.known, name, place_of(tenant))
        held = found.decision
        decider = self.nodes.get(held.node) if held else None
        return Line(
            tenant,
            self.installed[name],
            found,
            self.word(tenant, name),
            decider,
            self.rows.get((held.node, name, held.own)) if held else None,
            explain(found, decider, self.installed),
            self.known.standing(name, tenant.chain).choice,
        )

    def state(self, tenant: Tenant, name: str) -> State:
        """Only whether it is on."""
        return effective(self.known, name, place_of(tenant)).state

    def word(self, tenant: Tenant, name: str) -> Word | None:
        """The word of this very node that counts: its own people's, else the county's."""
        said: Sequence[Decision] = self.known.decisions.get(name, {}).get(tenant.id, ())
        choice = self.known.standing(name, tenant.chain).choice
        counts = [d for d in said if not d.own or d.word is Word.OFF or choice]
        return counts[-1].word if counts else None


def read_standing(session: Session, tenants: Sequence[Tenant]) -> Reading:
    """Read what is decided at these tenants and above; the session must reach them."""
    query = select(PluginDecision).options(selectinload(PluginDecision.user))
    rows = {(row.tenant_id, row.plugin, row.own): row for row in session.scalars(query)}
    wanted = {node for tenant in tenants for node in tenant.chain}
    deciders = {row.tenant_id for row in rows.values()} & wanted
    found = session.scalars(select(Tenant).where(Tenant.id.in_(deciders)))
    nodes = {node.id: node for node in found} | {tenant.id: tenant for tenant in tenants}
    return Reading(read_now(session).known, rows, nodes, installed())


def lines_at(session: Session, tenant: Tenant) -> list[Line]:
    """How every installed plugin stands at a tenant, by name."""
    reading = read_standing(session, [tenant])
    return [reading.line(tenant, name) for name in sorted(reading.installed)]
