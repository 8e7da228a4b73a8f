"""Say something about a plugin at nodes of the tree: see what it would change, and store it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.permissions import Action, Actor, allowed, require
from core.audit.service import record
from core.db.base import utc_now
from core.db.tree import Tenant
from core.errors import Conflict, Forbidden, GongkaiError, NotFound
from core.plugins.activation.cache import changing, place_of, read_now, tell, tenants_below, topmost
from core.plugins.activation.rules import (
    Decision,
    Decisions,
    Known,
    Refusal,
    State,
    Word,
    effective,
    refusal,
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
class Saying:
    """The word at one tenant; `own`: it counts as that of the tenant's own people."""

    tenant: Tenant
    own: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a word would come to: where it is said, where it cannot be and why, what follows."""

    name: str
    word: Word | None
    sayings: tuple[Saying, ...]
    refused: tuple[tuple[Tenant, GongkaiError], ...]
    effects: tuple[Effect, ...]


def get_plugin(name: str) -> Manifest:
    """The installed plugin of this name; raises `NotFound`."""
    found = installed().get(name)
    if found is None:
        raise NotFound(_("There is no plugin “%(name)s” here.", name=name), where=name)
    return found


def speaks_for_county(session: Session, actor: Actor, tenant: Tenant) -> bool:
    """Whether the actor decides here as the county does; above the county only the operator."""
    if actor.operator:
        return True
    query = select(Tenant).where(Tenant.id.in_(tenant.chain), Tenant.level == "county")
    county = session.scalar(query)
    return county is not None and allowed(actor, Action.MANAGE_TENANT, county)


def plan(
    session: Session, actor: Actor, name: str, word: Word | None, tenants: Iterable[Tenant]
) -> Plan:
    """See what a word (`None`: as above) at these tenants would change; store nothing.

    The session must reach the tenants and all below them.
    """
    get_plugin(name)
    known = read_now(session).known
    said: dict[int, Sequence[Decision]] = dict(known.decisions.get(name, {}))
    sayings, refused = [], []
    for tenant in sorted(tenants, key=lambda tenant: tenant.path):
        own = not speaks_for_county(session, actor, tenant)
        try:
            _refuse(actor, tenant, said, word, own=own)
        except GongkaiError as error:
            refused.append((tenant, error))
            continue
        said[tenant.id] = _with(said.get(tenant.id, ()), tenant.id, word, own=own)
        sayings.append(Saying(tenant, own))
    after = replace(known, decisions={**known.decisions, name: said})
    paths = [saying.tenant.path for saying in sayings]
    effects = tuple(_effects(tenants_below(session, paths), known, after, name))
    return Plan(name, word, tuple(sayings), tuple(refused), effects)


def decide(  # noqa: PLR0913 - who says what about which plugin, where and why
    session: Session,
    actor: Actor,
    name: str,
    word: Word | None,
    tenants: Iterable[Tenant],
    *,
    reason: str = "",
) -> Plan:
    """Store a word at these tenants, or nothing at all where one of them refuses it.

    Raises `Forbidden` or `Conflict`.
    """
    changing(session)
    planned = plan(session, actor, name, word, tenants)
    for _tenant, error in planned.refused:
        raise error
    rows = _rows(session, name, [saying.tenant.id for saying in planned.sayings])
    for saying in planned.sayings:
        found = rows.get(saying.tenant.id, [])
        _store(session, actor, planned, saying, rows=found, reason=reason.strip())
    _tell(session, planned.effects)
    return planned


def _refuse(actor: Actor, tenant: Tenant, said: Decisions, word: Word | None, *, own: bool) -> None:
    """Raise the error that says why the actor cannot say this here."""
    require(actor, Action.MANAGE_TENANT, tenant)
    code, name = tenant.division_code, tenant.name
    match refusal(said, tenant.chain, word, own=own):
        case Refusal.BOUND:
            message = _("At %(place)s nothing else can be said: it is pinned or forbidden above.")
            raise Conflict(message % {"place": name}, where=code)
        case Refusal.NOT_DELEGATED:
            message = _("%(place)s may only switch it off: the county has not left it to you.")
            raise Forbidden(message % {"place": name}, where=code)
        case Refusal.COUNTY_ONLY:
            raise Forbidden(_("Only the county pins, forbids and delegates."), where=code)


def _with(
    said: Sequence[Decision], node: int, word: Word | None, *, own: bool
) -> Sequence[Decision]:
    """Decisions of a node with another word; the county's takes the place of the node's own."""
    kept = [decision for decision in said if own and not decision.own]
    return [*kept, Decision(node, word, own)] if word else kept


def _effects(tenants: Iterable[Tenant], before: Known, after: Known, name: str) -> Iterator[Effect]:
    names = _concerned(before, name)
    for tenant in tenants:
        place = place_of(tenant)
        for each in names:
            states = [effective(known, each, place).state for known in (before, after)]
            if states[0] is not states[1]:
                yield Effect(tenant, each, *states)


def _concerned(known: Known, name: str) -> list[str]:
    """The plugin and those that need it, directly or not."""
    names = [name]
    for each in names:
        names += [
            other
            for other, terms in known.terms.items()
            if each in terms.requires and other not in names
        ]
    return names


def _rows(session: Session, name: str, ids: Sequence[int]) -> Mapping[int, list[PluginDecision]]:
    found: dict[int, list[PluginDecision]] = {}
    for start in range(0, len(ids), 500):
        query = select(PluginDecision).where(
            PluginDecision.plugin == name, PluginDecision.tenant_id.in_(ids[start : start + 500])
        )
        for row in session.scalars(query):
            found.setdefault(row.tenant_id, []).append(row)
    return found


def _store(  # noqa: PLR0913 - one row of a plan
    session: Session,
    actor: Actor,
    planned: Plan,
    saying: Saying,
    *,
    rows: Sequence[PluginDecision],
    reason: str,
) -> None:
    same = next((row for row in rows if row.own == saying.own), None)
    covered = [row for row in rows if row is not same and not saying.own]
    before = same.word if same else None
    if before == planned.word and not covered and (not same or reason in {"", same.reason}):
        return  # nothing new
    for row in [*covered, *([same] if same and planned.word is None else [])]:
        session.delete(row)
    if planned.word is not None:
        row = same or PluginDecision(
            tenant_id=saying.tenant.id, plugin=planned.name, own=saying.own
        )
        row.word, row.reason = planned.word.value, reason
        row.user_id, row.decided_at = actor.user_id, utc_now()
        session.add(row)
    act = f"plugin.{planned.word or INHERIT}"
    record(session, actor, saying.tenant, act, planned.name, before=before, reason=reason)


def _tell(session: Session, effects: Iterable[Effect]) -> None:
    """Tell of each plugin once where it changed, at the topmost places."""
    changed: dict[str, dict[str, int]] = {}
    for effect in effects:
        changed.setdefault(effect.plugin, {})[effect.tenant.path] = effect.tenant.id
    for plugin, ids in changed.items():
        for path in topmost(ids):
            tell(session, ids[path], plugin)
