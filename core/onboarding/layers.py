"""Put what a pack says about the catalog into the layers of its tenants.

Each change of a pack is said once. What a layer has said since, by hand, stands: a pack that is
applied again does not say it again. A pack that has changed adds what is new.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalog.domain.changes import (
    Change,
    Define,
    DefineDomain,
    Lock,
    Refine,
    Withdraw,
    WithdrawDomain,
)
from core.catalog.domain.inheritance import EffectiveCatalog
from core.catalog.editing.changes import base_for
from core.catalog.editing.review import approve_revision, submit_revision
from core.catalog.effective import effective_catalog
from core.catalog.models import CatalogChange, CatalogRevision
from core.catalog.records import Stored, to_row
from core.catalog.schemas import check_fields, complete_fields
from core.db.tree import Tenant
from core.onboarding.counts import Counts
from core.permissions import Actor
from core.tenancy.packs import ChangeEntry, ItemEntry, Pack
from core.tenancy.service import get_tenant


def apply_catalog(session: Session, actor: Actor, pack: Pack) -> Counts:
    """Say what the pack's layers have not said yet, from the top down; counts changes."""
    counts = Counts()
    speakers = {pack.code} | {item.tenant for item in pack.items}
    speakers |= {change.tenant for change in pack.changes}
    for code in sorted(speakers, key=lambda code: (len(code), code)):
        tenant = get_tenant(session, code)
        wanted = list(_wanted(session, pack, tenant))
        new = _unsaid(session, tenant, wanted)
        counts.created += len(new)
        counts.unchanged += len(wanted) - len(new)
        if new:
            revision = submit_revision(session, actor, tenant, new, effective_on=pack.effective)
            approve_revision(session, actor, revision.id)
    return counts


def new_changes(session: Session, tenant: Tenant, entries: Sequence[ChangeEntry]) -> list[Change]:
    """List the changes of these entries that the tenant's layer has not said, nor waits to say."""
    catalog = effective_catalog(session, tenant).catalog
    return _unsaid(session, tenant, [_change(catalog, tenant, entry) for entry in entries])


def _wanted(session: Session, pack: Pack, tenant: Tenant) -> Iterator[Change]:
    """Everything that the pack says in the name of one tenant."""
    catalog = effective_catalog(session, tenant).catalog
    if tenant.division_code == pack.code:
        for domain in pack.domains:
            yield DefineDomain(domain.key, domain.name, domain.title, domain.aliases, domain.order)
    for item in pack.items:
        if item.tenant == tenant.division_code:
            yield from _definition(catalog, pack, item)
    for change in pack.changes:
        if change.tenant == tenant.division_code:
            yield _change(catalog, tenant, change)


def _definition(catalog: EffectiveCatalog, pack: Pack, entry: ItemEntry) -> Iterator[Change]:
    """Define an item; where it is defined already, refine what the pack now says otherwise."""
    fields = complete_fields(entry.fields)
    known = catalog.items.get(entry.item_id)
    if known is None or known.definition == fields:
        yield Define(entry.item_id, fields)
        return
    reason = _("The pack “%(name)s” says so since %(day)s.", name=pack.name, day=pack.effective)
    for name, value in fields.items():
        base = known.definition.get(name)
        if value != base:
            yield Refine(entry.item_id, name, value, base, reason=reason)


def _change(catalog: EffectiveCatalog, tenant: Tenant, entry: ChangeEntry) -> Change:
    said: dict[str, Any] = {"reason": entry.reason, "kinds": entry.kinds}
    if entry.op == "withdraw_domain":
        return WithdrawDomain(entry.domain or "", **said)
    item_id, field = entry.item_id or "", entry.field or ""
    if entry.op == "withdraw":
        return Withdraw(item_id, **said)
    if entry.op == "lock":
        return Lock(item_id, field, **said)
    item = catalog.items.get(item_id)
    base = base_for(item, field, tenant) if item else None
    return Refine(item_id, field, check_fields({field: entry.value})[field], base, **said)


def _unsaid(session: Session, tenant: Tenant, changes: Sequence[Change]) -> list[Change]:
    said = _said(session, tenant)
    return [change for change in changes if _signature(to_row(change, tenant.id, 0)) not in said]


def _said(session: Session, tenant: Tenant) -> set[str]:
    """Signatures of all that the tenant's layer has said, or waits to say."""
    query = (
        select(CatalogChange)
        .join(CatalogRevision, CatalogRevision.id == CatalogChange.revision_id)
        .where(CatalogChange.tenant_id == tenant.id, CatalogRevision.state != "rejected")
    )
    return {_signature(row) for row in session.scalars(query)}


def _signature(row: Stored) -> str:
    """Return what makes two changes the same: names given once, whatever came with them."""
    value = None if row.op.startswith("define") else row.value
    return json.dumps(
        [row.op, row.item_id, row.domain, row.field, value, row.kinds],
        ensure_ascii=False,
        sort_keys=True,
    )
