"""Staff pages of the catalog: the list of items, and one item with what can be done to it.

The staff's list of items: what each one is here, and the filters above the list.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.permissions import Action
from core.accounts.staff_menu import StaffLink, contribute
from core.catalog.domain.inheritance import (
    EffectiveCatalog,
    EffectiveItem,
    Withdrawal,
    items_for_level,
)
from core.catalog.domain.matching import normal
from core.catalog.domain.naming import item_names
from core.catalog.editing.pending import revisions_about
from core.catalog.effective import effective_catalog
from core.catalog.item_fields import field_lines
from core.catalog.labels import FIELD_LABELS, domain_name
from core.catalog.outline import domains_in_order, not_applicable, origins_of, sources_of
from core.db.tree import Tenant
from core.errors import NotFound
from core.web.paging import page_of
from core.web.request import current_tenant, session


class Standing(StrEnum):
    """What an item is at a tenant, by who said it."""

    INHERITED = "inherited"
    REFINED = "refined"
    OWN = "own"
    WITHDRAWN = "withdrawn"


STANDING_LABELS: Mapping[str, LazyString] = {
    Standing.INHERITED: _l("Inherited"),
    Standing.REFINED: _l("Refined here"),
    Standing.OWN: _l("Own item"),
    Standing.WITHDRAWN: _l("Taken out"),
}
# Filters beside the standings: what needs a person's eye.
LOCKED = "locked"
WITHOUT_LEVELS = "without_levels"
FILTER_LABELS: Mapping[str, LazyString] = {
    **STANDING_LABELS,
    LOCKED: _l("With locked fields"),
    WITHOUT_LEVELS: _l("Levels not filled in"),
}


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A row of the list."""

    item_id: str
    domain: str
    domain_name: str
    names: tuple[str, ...]
    standing: Standing
    refined: int
    locked: int
    levels_known: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filters of the list ask for; empty asks for everything."""

    domain: str = ""
    state: str = ""
    words: str = ""
    every_level: bool = False


def list_items(catalog: EffectiveCatalog, tenant: Tenant, wanted: Wanted) -> list[ListedItem]:
    """The items a tenant's staff works on, in the order of the catalog, as filtered."""
    rows = (_row(catalog, item, tenant) for item in _reachable(catalog, tenant, wanted))
    return [row for row in rows if _fits(row, wanted)]


def standing_of(catalog: EffectiveCatalog, item: EffectiveItem, tenant: Tenant) -> Standing:
    """What an item is at a tenant."""
    here = tenant.division_code
    if item.item_id in catalog.withdrawn:
        return Standing.WITHDRAWN
    if item.defined.tenant == here:
        return Standing.OWN
    refined = any(item.origin(name).tenant == here for name in item.refinements)
    return Standing.REFINED if refined else Standing.INHERITED


def _reachable(
    catalog: EffectiveCatalog, tenant: Tenant, wanted: Wanted
) -> Iterable[EffectiveItem]:
    if wanted.state == Standing.WITHDRAWN:
        return [withdrawal.item for withdrawal in catalog.withdrawn.values()]
    if wanted.every_level:
        return catalog.items.values()
    return items_for_level(catalog, tenant.level)


def _row(catalog: EffectiveCatalog, item: EffectiveItem, tenant: Tenant) -> ListedItem:
    here = tenant.division_code
    return ListedItem(
        item.item_id,
        item.domain,
        domain_name(catalog, item.domain),
        tuple(item_names(item.fields)),
        standing_of(catalog, item, tenant),
        sum(item.origin(name).tenant == here for name in item.refinements),
        len(item.locked),
        bool(item.fields.get("levels")),
    )


def _fits(row: ListedItem, wanted: Wanted) -> bool:
    if wanted.domain and row.domain != wanted.domain:
        return False
    if wanted.words and normal(wanted.words) not in normal("".join((*row.names, row.item_id))):
        return False
    if wanted.state == LOCKED:
        return row.locked > 0
    if wanted.state == WITHOUT_LEVELS:
        return not row.levels_known
    return not wanted.state or row.standing == wanted.state


blueprint = Blueprint("catalog_console", "core.catalog", template_folder="templates")
_GROUP = _l("Standard catalog")
_QUICK = {"uploads": _l("Upload a catalog")}
contribute(
    blueprint,
    links=[
        StaffLink(f"catalog-{key}", _GROUP, label, endpoint, action, quick=_QUICK.get(key, ""))
        for key, label, endpoint, action in (
            ("items", _l("Items"), "catalog_console.items", Action.VIEW_CONSOLE),
            ("uploads", _l("Upload a table"), "catalog_uploads.index", Action.EDIT_CATALOG),
            ("define", _l("New item"), "catalog_forms.define", Action.EDIT_CATALOG),
            ("changes", _l("Changes in review"), "catalog_changes.index", Action.VIEW_CONSOLE),
            (
                "upstream",
                _l("Changes from above"),
                "catalog_compare.upstream",
                Action.EDIT_CATALOG,
            ),
            ("drift", _l("Differences below"), "catalog_compare.drift", Action.VIEW_CONSOLE),
            ("history", _l("History"), "catalog_changes.history", Action.VIEW_CONSOLE),
        )
    ],
)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    """What the templates say fields, standings and items with."""
    return {
        "field_labels": FIELD_LABELS,
        "standing_labels": STANDING_LABELS,
        "item_names": item_names,
    }


@blueprint.get("/<code>/console/catalog/")
@staff_page(Action.VIEW_CONSOLE)
def items() -> str:
    """The items of the effective catalog, filtered by domain, standing and words."""
    tenant, arguments = current_tenant(), request.args
    catalog = effective_catalog(session(), tenant).catalog
    wanted = Wanted(
        arguments.get("domain", ""),
        arguments.get("state", ""),
        arguments.get("q", "").strip(),
        arguments.get("levels") == "all",
    )
    return render_template(
        "catalog/console/items.html",
        wanted=wanted,
        page=page_of(list_items(catalog, tenant, wanted), arguments),
        domains=domains_in_order(catalog),
        filters=FILTER_LABELS,
    )


@blueprint.get("/<code>/console/catalog/items/<item_id>/")
@staff_page(Action.VIEW_CONSOLE)
def item(item_id: str) -> str:
    """An item: its fields, where they come from, what waits, and what can be changed."""
    catalog = effective_catalog(session(), current_tenant()).catalog
    found, withdrawal = find_item(catalog, item_id)
    sources = sources_of(found) | ({withdrawal.source} if withdrawal else set())
    origins = origins_of(session(), current_tenant(), sources)
    return render_template(
        "catalog/console/item.html",
        item=found,
        domain_name=domain_name(catalog, found.domain),
        standing=standing_of(catalog, found, current_tenant()),
        lines=field_lines(found, origins),
        locked_above=_locked_above(found),
        withdrawn=origins.get(withdrawal.source) if withdrawal else None,
        waiting=revisions_about(session(), current_tenant(), item_id),
    )


@blueprint.get("/<code>/console/catalog/domains/")
@staff_page(Action.VIEW_CONSOLE)
def domains() -> str:
    """The domains, and those declared not applicable with the reason."""
    catalog = effective_catalog(session(), current_tenant()).catalog
    closed = not_applicable(catalog)
    origins = origins_of(session(), current_tenant(), [domain.source for domain in closed])
    counts = Counter(item.domain for item in catalog.items.values())
    known = [d for d in domains_in_order(catalog) if d.key not in catalog.not_applicable]
    return render_template(
        "catalog/console/domains.html",
        open=[(domain, counts[domain.key]) for domain in known],
        closed=[(domain, origins.get(domain.source)) for domain in closed],
    )


def find_item(catalog: EffectiveCatalog, item_id: str) -> tuple[EffectiveItem, Withdrawal | None]:
    """An item, in force or withdrawn; raises `NotFound`."""
    found = catalog.items.get(item_id)
    if found is not None:
        return found, None
    withdrawal = catalog.withdrawn.get(item_id)
    if withdrawal is None:
        raise NotFound(where=item_id)
    return withdrawal.item, withdrawal


def _locked_above(found: EffectiveItem) -> set[str]:
    here = current_tenant().division_code
    return {name for name, source in found.locked.items() if source.tenant != here}
