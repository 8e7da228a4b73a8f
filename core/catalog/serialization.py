"""Serialise catalog values as JSON documents, for the command line and the API."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _

from core.catalog.comparison import SharedImpact
from core.catalog.domain.changes import FIELDS
from core.catalog.domain.drift import ItemDrift
from core.catalog.domain.inheritance import (
    EffectiveCatalog,
    EffectiveItem,
    ResolutionConflict,
    Source,
    items_without_levels,
)
from core.catalog.domain.naming import item_name
from core.catalog.domain.upstream import UpstreamChange
from core.catalog.editing.review import describe_conflict
from core.catalog.effective import CatalogView
from core.catalog.models import CatalogRevision

Document = dict[str, Any]


def to_catalog_document(shown: CatalogView, items: Iterable[EffectiveItem]) -> Document:
    """Serialise a tenant's catalog with the given items."""
    listed = list(items)
    catalog = shown.catalog
    return {
        "tenant": shown.tenant.division_code,
        "at": shown.at.isoformat(),
        "version": shown.version,
        "items": [to_item_document(item, catalog) for item in listed],
        "conflicts": [to_conflict_document(conflict) for conflict in catalog.conflicts],
        "domains": [
            {"key": domain.key, "name": domain.name, "title": domain.title}
            for domain in sorted(catalog.domains.values(), key=lambda domain: domain.order)
        ],
        "not_applicable": [
            {"domain": key, "name": _domain_name(catalog, key), **to_source_document(source)}
            for key, source in catalog.not_applicable.items()
        ],
        "findings": [_levels_finding(item) for item in items_without_levels(listed)],
    }


def to_item_document(item: EffectiveItem, catalog: EffectiveCatalog) -> Document:
    """Serialise an item: fields, id, definer, locks, and the origin of each value."""
    return {
        "item_id": item.item_id,
        **{name: item.fields.get(name) for name in FIELDS},
        "extra": item.fields.get("extra") or {},  # a table without extra columns holds none
        "domain_name": _domain_name(catalog, item.domain),
        "defined_by": item.defined.tenant,
        "locked": sorted(item.locked),
        "origin": {name: to_source_document(item.origin(name)) for name in FIELDS},
    }


def to_source_document(source: Source) -> Document:
    """Serialise a source."""
    return {"tenant": source.tenant, "revision": source.revision, "reason": source.reason}


def to_conflict_document(conflict: ResolutionConflict) -> Document:
    """Serialise a change that could not take effect."""
    return {
        "kind": conflict.kind.value,
        "item_id": conflict.item_id,
        "field": conflict.field,
        "value": conflict.value,
        **to_source_document(conflict.source),
        "message": describe_conflict(conflict),
    }


def to_revision_document(revision: CatalogRevision) -> Document:
    """Serialise a revision; one in review by its state and approval number only."""
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


def to_drift_document(drifts: Iterable[ItemDrift]) -> Document:
    """Serialise items that differ between tenants."""
    return {"items": [_item_drift(drifted) for drifted in drifts]}


def to_upstream_document(changes: Iterable[UpstreamChange]) -> Document:
    """Serialise upstream changes that wait for a decision."""
    return {"changes": [_upstream_change(change) for change in changes]}


def to_impact_document(found: Sequence[SharedImpact]) -> Document:
    """Serialise the impact of a change: affected tenants, effects, conflicts, decisions.

    Each effect names the tenants it reaches; a `field` of null is the item as a whole.
    """
    flows: dict[str, Document] = {}
    conflicts: dict[str, Document] = {}
    for shared in found:
        for effect in shared.impact.effects:
            entry = asdict(effect)
            flows.setdefault(repr(entry), entry | {"tenants": []})["tenants"] += shared.tenants
        for conflict in shared.impact.conflicts:
            conflicts.setdefault(repr(conflict), to_conflict_document(conflict))
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
                        "origin": to_source_document(variant.source),
                    }
                    for variant in field.variants
                ],
            }
            for field in drifted.fields
        ],
        "withdrawn": [
            {"tenants": list(absence.tenants), "origin": to_source_document(absence.source)}
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
