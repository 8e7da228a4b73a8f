"""Convert a tenant's effective catalog to official tables."""

from collections.abc import Iterable
from typing import Any

from core.catalog.domain.changes import Fields
from core.catalog.domain.inheritance import Domain, EffectiveCatalog, EffectiveItem
from core.tables.model import Audience, CatalogRow
from core.tables.writing.layout import EffectiveTable


def build_tables(catalog: EffectiveCatalog, items: Iterable[EffectiveItem]) -> list[EffectiveTable]:
    """Build one table per domain that has any of the items, in domain order."""
    rows: dict[str, list[CatalogRow]] = {}
    for item in items:
        rows.setdefault(item.domain, []).append(to_table_row(item.fields))
    known = sorted(catalog.domains.values(), key=lambda domain: domain.order)
    ordered = [domain for domain in known if domain.key in rows]
    strays = [key for key in rows if key not in catalog.domains]
    return [
        EffectiveTable(table_title(domain), domain.name, tuple(rows[domain.key]))
        for domain in ordered
    ] + [EffectiveTable(None, key or None, tuple(rows[key])) for key in strays]


def table_title(domain: Domain) -> str:
    """Return the domain's title, or the usual one (document text, not interface text)."""
    return domain.title or f"{domain.name}领域基层政务公开标准目录"


def to_table_row(fields: Fields) -> CatalogRow:
    """Convert an item's fields to a table row."""
    values: dict[str, Any] = dict(fields)
    limit, audience = values.get("time_limit"), values.get("audience")
    return CatalogRow(
        seq=values.get("seq"),
        level1=values.get("level1"),
        level2=values.get("level2"),
        level3=values.get("level3"),
        content_elements=_listed(values.get("content_elements")),
        legal_basis=_listed(values.get("legal_basis")),
        time_limit=limit.get("raw") if limit else None,
        responsible_organ=_listed(values.get("responsible_organ")),
        channels=_listed(values.get("channels")),
        audience=Audience(audience["kind"], audience.get("text")) if audience else None,
        mode=values.get("mode"),
        levels=_listed(values.get("levels")),
        extra={name: text or "" for name, text in (values.get("extra") or {}).items()},
    )


def _listed(values: list[Any] | None) -> tuple[Any, ...] | None:
    return None if values is None else tuple(values)
