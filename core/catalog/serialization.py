"""Catalog values as JSON documents, as the command line and the API answer them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _

from core.catalog.comparison import SharedImpact
from core.catalog.domain.changes import FIELDS
from core.catalog.domain.drift import ItemDrift
from core.catalog.domain.inheritance import (
    Conflict,
    EffectiveCatalog,
    EffectiveItem,
    Source,
    items_without_levels,
)
from core.catalog.domain.naming import item_name
from core.catalog.domain.upstream import UpstreamChange
from core.catalog.editing.review import objection_text
from core.catalog.effective import TenantCatalog
from core.catalog.models import CatalogRevision

Document = dict[str, Any]


def catalog_document(shown: TenantCatalog, items: Iterable[EffectiveItem]) -> Document:
    """A tenant's catalog with the items that are to be shown."""
    listed = list(items)
    catalog = shown.catalog
    return {
        "tenant": shown.tenant.division_code,
        "at": shown.at.isoformat(),
        "version": shown.version,
        "items": [item_document(item, catalog) for item in listed],
        "conflicts": [conflict_document(conflict) for conflict in catalog.conflicts],
        "domains": [
            {"key": domain.key, "name": domain.name, "title": domain.title}
            for domain in sorted(catalog.domains.values(), key=lambda domain: domain.order)
        ],
        "not_applicable": [
            {"domain": key, "name": _domain_name(catalog, key), **source_document(source)}
            for key, source in catalog.not_applicable.items()
        ],
        "findings": [_levels_finding(item) for item in items_without_levels(listed)],
    }


def item_document(item: EffectiveItem, catalog: EffectiveCatalog) -> Document:
    """An item: its row, its id, who defined it, what is locked, where each value comes from."""
    return {
        "item_id": item.item_id,
        **{name: item.fields.get(name) for name in FIELDS},
        "extra": item.fields.get("extra") or {},  # a table without extra columns holds none
        "domain_name": _domain_name(catalog, item.domain),
        "defined_by": item.defined.tenant,
        "locked": sorted(item.locked),
        "origin": {name: source_document(item.origin(name)) for name in FIELDS},
    }


def source_document(source: Source) -> Document:
    """Who said something."""
    return {"tenant": source.tenant, "revision": source.revision, "reason": source.reason}


def conflict_document(conflict: Conflict) -> Document:
    """A change that could not take effect."""
    return {
        "kind": conflict.kind.value,
        "item_id": conflict.item_id,
        "field": conflict.field,
        "value": conflict.value,
        **source_document(conflict.source),
        "message": objection_text(conflict),
    }


def revision_document(revision: CatalogRevision) -> Document:
    """A revision in force; of one in review, its state and the number to approve it by."""
    document: Document = {"state": revision.state, "change": revision.id}
    if revision.state == "in_review":
        return document
    return document | {
        "tenant": revision.tenant.division_code,
        "revision": revision.number,
        "effective_on": revision.effective_on.isoformat() if revision.effective_on else None,
        "reason": revision.reason,
        "author": revision.author_name,
        "approver": revision.approver_name,
        "decided_at": revision.decided_at.isoformat() if revision.decided_at else None,
        "summary": revision.summary,
        "changes": [
            {
                "op": change.op,
                "item_id": change.item_id,
                "domain": change.domain,
                "field": change.field,
                "value": change.value,
                "base": change.base,
            }
            for change in revision.changes
        ],
    }


def drift_document(drifts: Iterable[ItemDrift]) -> Document:
    """Items that differ between tenants."""
    return {"items": [_item_drift(drifted) for drifted in drifts]}


def upstream_document(changes: Iterable[UpstreamChange]) -> Document:
    """Upstream changes that wait for a decision."""
    return {"changes": [_upstream_change(change) for change in changes]}


def impact_document(found: Sequence[SharedImpact]) -> Document:
    """What a change would do: to whom, what flows through, what would not fit or must be decided.

    Each effect names the tenants it reaches; a `field` of null is the item as a whole.
    """
    flows: dict[str, Document] = {}
    conflicts: dict[str, Document] = {}
    for shared in found:
        for effect in shared.impact.effects:
            entry = asdict(effect)
            flows.setdefault(repr(entry), entry | {"tenants": []})["tenants"] += shared.tenants
        for conflict in shared.impact.conflicts:
            conflicts.setdefault(repr(conflict), conflict_document(conflict))
        for change in shared.impact.to_decide:
            entry = {"kind": "upstream_change", "tenant": shared.tenants[0]}
            conflicts.setdefault(repr((entry, change)), entry | _upstream_change(change))
    return {
        "affected_tenants": sorted({code for shared in found for code in shared.tenants}),
        "flows_through": list(flows.values()),
        "conflicts": list(conflicts.values()),
    }


def _upstream_change(change: UpstreamChange) -> Document:
    return {
        "id": change.id,
        "item_id": change.item_id,
        "field": change.field,
        "base": change.base,
        "upstream": change.upstream,
        "local": change.local,
        "redundant": change.redundant,
    }


def _item_drift(drifted: ItemDrift) -> Document:
    fields: Mapping[str, Any] = drifted.item.fields
    return {
        "item_id": drifted.item.item_id,
        "domain": drifted.item.domain,
        "name": item_name(fields),
        "differences": [
            {
                "field": field.field,
                "values": [
                    {
                        "value": variant.value,
                        "tenants": list(variant.tenants),
                        "origin": source_document(variant.source),
                    }
                    for variant in field.variants
                ],
            }
            for field in drifted.fields
        ],
        "withdrawn": [
            {"tenants": list(absence.tenants), "origin": source_document(absence.source)}
            for absence in drifted.withdrawn
        ],
    }


def _domain_name(catalog: EffectiveCatalog, key: str) -> str:
    domain = catalog.domains.get(key)
    return domain.name if domain else key


def _levels_finding(item: EffectiveItem) -> Document:
    message = _("Nobody has said which levels publish this; it is shown at every level.")
    return {
        "item_id": item.item_id,
        "field": "levels",
        "severity": "warning",
        "message": str(message),
    }
