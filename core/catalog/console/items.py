"""Staff pages of the catalog: the filtered list of items, one item, and the domains."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Blueprint, render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.catalog.domain.inheritance import (
    EffectiveCatalog,
    EffectiveItem,
    Withdrawal,
    items_for_level,
)
from core.catalog.domain.matching import normalize_name
from core.catalog.domain.naming import item_names
from core.catalog.editing.in_review import list_revisions_about
from core.catalog.editing.item_scope import load_item_scope
from core.catalog.effective import effective_catalog
from core.catalog.item_fields import list_field_lines
from core.catalog.labels import FIELD_LABELS, domain_name
from core.catalog.public_list import list_domains, list_not_applicable, list_sources, load_origins
from core.db.tree import Tenant
from core.errors import NotFound
from core.permissions import Action
from core.tenancy.domain import Level
from core.web import params
from core.web.context import Context
from core.web.paging import paginate_rows


class ItemStatus(StrEnum):
    """The origin of an item at a tenant: inherited, refined, own or withdrawn."""

    INHERITED = "inherited"
    REFINED = "refined"
    OWN = "own"
    WITHDRAWN = "withdrawn"


STATUS_LABELS: Mapping[str, LazyString] = {
    ItemStatus.INHERITED: _l("Inherited"),
    ItemStatus.REFINED: _l("Refined here"),
    ItemStatus.OWN: _l("Own item"),
    ItemStatus.WITHDRAWN: _l("Taken out"),
}
# Filters beside the statuses: what needs a person's eye.
LOCKED = "locked"
WITHOUT_LEVELS = "without_levels"
ITEMS_ON_A_PAGE = 100
FILTER_LABELS: Mapping[str, LazyString] = {
    **STATUS_LABELS,
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
    status: ItemStatus
    refined: int
    locked: int
    levels_known: bool


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """The filters of the list; empty ones match everything."""

    domain: str = ""
    state: str = ""
    words: str = ""
    every_level: bool = False


def list_items(
    catalog: EffectiveCatalog, tenant: Tenant, item_filter: ItemFilter
) -> list[ListedItem]:
    """List the items a tenant's staff works on, filtered, in catalog order."""
    rows = (_row(catalog, item, tenant) for item in _reachable(catalog, tenant, item_filter))
    return [row for row in rows if _fits(row, item_filter)]


def get_item_status(catalog: EffectiveCatalog, item: EffectiveItem, tenant: Tenant) -> ItemStatus:
    """Return the status of an item at a tenant."""
    here = tenant.division_code
    if item.item_id in catalog.withdrawn:
        return ItemStatus.WITHDRAWN
    if item.defined.tenant == here:
        return ItemStatus.OWN
    refined = any(item.origin(name).tenant == here for name in item.refinements)
    return ItemStatus.REFINED if refined else ItemStatus.INHERITED


def _reachable(
    catalog: EffectiveCatalog, tenant: Tenant, item_filter: ItemFilter
) -> Iterable[EffectiveItem]:
    if item_filter.state == ItemStatus.WITHDRAWN:
        return [withdrawal.item for withdrawal in catalog.withdrawn.values()]
    if item_filter.every_level:
        return catalog.items.values()
    return items_for_level(catalog, tenant.level)


def _row(catalog: EffectiveCatalog, item: EffectiveItem, tenant: Tenant) -> ListedItem:
    here = tenant.division_code
    return ListedItem(
        item.item_id,
        item.domain,
        domain_name(catalog, item.domain),
        tuple(item_names(item.fields)),
        get_item_status(catalog, item, tenant),
        sum(item.origin(name).tenant == here for name in item.refinements),
        len(item.locked),
        bool(item.fields.get("levels")),
    )


def _fits(row: ListedItem, item_filter: ItemFilter) -> bool:
    if item_filter.domain and row.domain != item_filter.domain:
        return False
    if item_filter.words and normalize_name(item_filter.words) not in normalize_name(
        "".join((*row.names, row.item_id))
    ):
        return False
    if item_filter.state == LOCKED:
        return row.locked > 0
    if item_filter.state == WITHOUT_LEVELS:
        return not row.levels_known
    return not item_filter.state or row.status == item_filter.state


blueprint = Blueprint("catalog_console", "core.catalog", template_folder="templates")
_GROUP = _l("Standard catalog")
_QUICK = {"uploads": _l("Upload a catalog")}
contribute(
    blueprint,
    links=[
        StaffLink(
            f"catalog-{key}", _GROUP, label, endpoint, action,
            quick=_QUICK.get(key, ""), quick_levels=(Level.COUNTY,),
        )
        for key, label, endpoint, action in (
            ("items", _l("Items"), "catalog_console.items", Action.VIEW_CONSOLE),
            ("uploads", _l("Upload a table"), "catalog_uploads.index", Action.EDIT_CATALOG),
            ("define", _l("New item"), "catalog_forms.define", Action.EDIT_CATALOG),
            (
                "changes",
                _l("Changes in review"),
                "catalog_changes.index",
                Action.READ_CATALOG_CHANGES,
            ),
            (
                "upstream",
                _l("Changes from above"),
                "catalog_compare.upstream",
                Action.EDIT_CATALOG,
            ),
            (
                "drift",
                _l("Differences below"),
                "catalog_compare.drift",
                Action.READ_CATALOG_CHANGES,
            ),
            ("history", _l("History"), "catalog_changes.history", Action.READ_CATALOG_CHANGES),
        )
    ],
)  # fmt: skip


@blueprint.context_processor
def _template_labels() -> dict[str, Any]:
    """Provide the labels of fields and statuses to the templates."""
    return {
        "field_labels": FIELD_LABELS,
        "status_labels": STATUS_LABELS,
        "item_names": item_names,
    }


@blueprint.get("/<code>/console/catalog/")
@staff_page(Action.VIEW_CONSOLE)
def items(ctx: Context) -> str:
    """List the items of the effective catalog, filtered by domain, status and words."""
    tenant = ctx.tenant
    catalog = effective_catalog(ctx.session, tenant).catalog
    item_filter = ItemFilter(
        params.text("domain"),
        params.word("state", FILTER_LABELS),
        params.text("q"),
        params.text("levels") == "all",
    )
    return render_template(
        "catalog/console/items/items.html",
        item_filter=item_filter,
        page=paginate_rows(
            list_items(catalog, tenant, item_filter), params.page_number(), ITEMS_ON_A_PAGE
        ),
        domains=list_domains(catalog),
        filters=FILTER_LABELS,
    )


@blueprint.get("/<code>/console/catalog/items/<item_id>/")
@staff_page(Action.VIEW_CONSOLE)
def item(ctx: Context, item_id: str) -> str:
    """Show an item: its fields with their origins, revisions in review, possible changes."""
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    editable = load_item_scope(ctx.session, ctx.actor, Action.EDIT_CATALOG, ctx.tenant)
    found, withdrawal = find_item(catalog, item_id)
    sources = list_sources(found) | ({withdrawal.source} if withdrawal else set())
    origins = load_origins(ctx.session, ctx.tenant, sources)
    return render_template(
        "catalog/console/items/item.html",
        item=found,
        domain_name=domain_name(catalog, found.domain),
        status=get_item_status(catalog, found, ctx.tenant),
        lines=list_field_lines(found, origins),
        locked_above=_locked_above(ctx, found),
        withdrawn=origins.get(withdrawal.source) if withdrawal else None,
        waiting=list_revisions_about(ctx.session, ctx.tenant, item_id),
        edits=withdrawal is None and editable.covers(found.fields),
    )


@blueprint.get("/<code>/console/catalog/domains/")
@staff_page(Action.VIEW_CONSOLE)
def domains(ctx: Context) -> str:
    """List the domains, and those declared not applicable with the reason."""
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    closed = list_not_applicable(catalog)
    origins = load_origins(ctx.session, ctx.tenant, [domain.source for domain in closed])
    counts = Counter(item.domain for item in catalog.items.values())
    known = [d for d in list_domains(catalog) if d.key not in catalog.not_applicable]
    return render_template(
        "catalog/console/items/domains.html",
        open=[(domain, counts[domain.key]) for domain in known],
        closed=[(domain, origins.get(domain.source)) for domain in closed],
    )


def find_item(catalog: EffectiveCatalog, item_id: str) -> tuple[EffectiveItem, Withdrawal | None]:
    """Return an item and its withdrawal, if withdrawn; raises `NotFound`."""
    found = catalog.items.get(item_id)
    if found is not None:
        return found, None
    withdrawal = catalog.withdrawn.get(item_id)
    if withdrawal is None:
        raise NotFound(where=item_id)
    return withdrawal.item, withdrawal


def _locked_above(ctx: Context, found: EffectiveItem) -> set[str]:
    here = ctx.tenant.division_code
    return {name for name, source in found.locked.items() if source.tenant != here}
