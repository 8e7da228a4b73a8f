"""Staff pages of the catalog: the list of items, and one item with what can be done to it."""

from collections import Counter
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from core.accounts.access import staff_page
from core.accounts.console import StaffLink, contribute
from core.accounts.permissions import Action
from core.catalog.effective import effective_catalog
from core.catalog.inheritance import EffectiveCatalog, EffectiveItem, Withdrawal
from core.catalog.item_page import field_lines
from core.catalog.labels import FIELD_LABELS, domain_name
from core.catalog.listing import FILTER_LABELS, STANDING_LABELS, Wanted, list_items, standing_of
from core.catalog.origins import origins_of, sources_of
from core.catalog.outline import domains_in_order, not_applicable
from core.catalog.paging import page_of
from core.catalog.pending import revisions_about
from core.catalog.wording import item_names
from core.errors import NotFound
from core.web.request import current_tenant, session

blueprint = Blueprint("catalog_console", __name__, template_folder="templates")
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
