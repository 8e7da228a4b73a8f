"""Put a pack's places, site profile and organs into the tree."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant, below
from core.onboarding.counts import Counts
from core.search.indexing.outbox import touch_subtree
from core.tenancy.domain import Level
from core.tenancy.importing import import_divisions
from core.tenancy.models import Organ
from core.tenancy.packs import OrganEntry, Pack
from core.tenancy.service import ensure_nation, get_tenant


def apply_places(session: Session, pack: Pack) -> Counts:
    """Make or change the pack's tenants, and give the county its profile; counts tenants."""
    if pack.level is Level.NATION:
        ensure_nation(session)
        return Counts()
    imported = import_divisions(session, pack.divisions, pack.code, str(pack.folder.name))
    counts = Counts(imported.created, imported.updated, imported.unchanged)
    tenant = get_tenant(session, pack.code)
    profile = {**tenant.profile, **pack.profile}
    hostname = pack.hostname or tenant.hostname
    if (tenant.profile, tenant.hostname) != (profile, hostname):
        tenant.profile, tenant.hostname = profile, hostname
        if not imported.created:
            counts.updated, counts.unchanged = counts.updated + 1, counts.unchanged - 1
    if counts.created or counts.updated:
        touch_subtree(session, tenant.id)
    return counts


def apply_organs(session: Session, pack: Pack) -> Counts:
    """Make or change the organs that the pack names, and those that every place has."""
    top = get_tenant(session, pack.code)
    tenants = {
        tenant.division_code: tenant
        for tenant in session.scalars(select(Tenant).where(below(top.path)))
    }
    known = _known_organs(session, tenants)
    counts = Counts()
    for entry in (*pack.organs, *_standing(pack, list(tenants.values()))):
        counts.add(_apply_organ(session, tenants[entry.tenant], entry, known))
    return counts


@dataclass(frozen=True, slots=True)
class _Key:
    tenant_id: int
    name: str


def _known_organs(session: Session, tenants: dict[str, Tenant]) -> dict[_Key, Organ]:
    query = select(Organ).where(Organ.tenant_id.in_([tenant.id for tenant in tenants.values()]))
    return {_Key(organ.tenant_id, organ.name): organ for organ in session.scalars(query)}


def _standing(pack: Pack, tenants: list[Tenant]) -> Iterator[OrganEntry]:
    for tenant in tenants:
        for organ in pack.standing_organs:
            if tenant.kind in organ.kinds:
                name = organ.name.replace("{name}", tenant.name)
                yield OrganEntry(tenant.division_code, name, organ.kind)


def _apply_organ(
    session: Session, tenant: Tenant, entry: OrganEntry, known: dict[_Key, Organ]
) -> str:
    wanted = {"kind": entry.kind, **entry.details}
    key = _Key(tenant.id, entry.name)
    organ = known.get(key)
    if organ is None:
        known[key] = Organ(tenant_id=tenant.id, name=entry.name, **wanted)
        session.add(known[key])
        return "created"
    changed = {name: value for name, value in wanted.items() if getattr(organ, name) != value}
    for name, value in changed.items():
        setattr(organ, name, value)
    return "updated" if changed else "unchanged"
