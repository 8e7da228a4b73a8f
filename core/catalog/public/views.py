"""Public pages of the catalog: the domains, the items of one, one item with its origins."""

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem, Withdrawal
from core.catalog.domain.naming import item_names
from core.catalog.effective import effective_catalog
from core.catalog.item_fields import list_field_lines
from core.catalog.labels import (
    FIELD_LABELS,
    OUTLINE_FIELDS,
    build_outline_rows,
    catalog_words,
    domain_name,
)
from core.catalog.panels import panels_for
from core.catalog.public.downloads import send_table
from core.catalog.public.view_params import ViewParams, read_view_params
from core.catalog.public_list import (
    LEVELS_ABOVE_OTHERS,
    count_by_domain,
    list_items_in_domain,
    list_not_applicable,
    list_sources,
    list_withdrawn,
    load_origins,
)
from core.plugins.calls.tenant_hooks import TenantHooks
from core.validity.answers import shows_nothing_below
from core.web.access import public_page
from core.web.context import Context
from core.web.paging import paginate_rows
from core.web.params import page_number

if TYPE_CHECKING:
    from core.tables.writing.write import Format

blueprint = Blueprint("catalog", "core.catalog", template_folder="templates")

ROWS_ON_A_PAGE = 100


@blueprint.context_processor
def _template_labels() -> dict[str, Any]:
    """Provide the labels of fields and items to the templates."""
    return {"field_labels": FIELD_LABELS, "item_names": item_names}


@blueprint.get("/<code>/catalog/")
@public_page
def index(ctx: Context) -> str:
    """List the domains with item counts, and those not applicable with the reason."""
    shows_nothing_below()
    params, catalog = _load(ctx)
    domains = count_by_domain(catalog, ctx.tenant.level, every_level=params.every_level)
    left_out = list_not_applicable(catalog)
    origins = load_origins(ctx.session, ctx.tenant, [domain.source for domain in left_out])
    return render_template(
        "catalog/index.html",
        params=params,
        many_levels=ctx.tenant.level in LEVELS_ABOVE_OTHERS,
        domains=domains,
        total=sum(domain.count for domain in domains),
        not_applicable=[(domain, origins.get(domain.source)) for domain in left_out],
    )


@blueprint.get("/<code>/catalog/<domain_key>/")
@public_page
def domain(ctx: Context, domain_key: str) -> str:
    """List the items of a domain, and those withdrawn from it with the reason."""
    shows_nothing_below()
    params, catalog = _load(ctx)
    if domain_key not in catalog.domains:
        abort(404)
    level = ctx.tenant.level
    items = list_items_in_domain(catalog, domain_key, level, every_level=params.every_level)
    gone = list_withdrawn(catalog, domain_key, level)
    closed = catalog.not_applicable.get(domain_key)
    sources = [withdrawal.source for withdrawal in gone] + ([closed] if closed else [])
    origins = load_origins(ctx.session, ctx.tenant, sources)
    page = paginate_rows(items, page_number(), ROWS_ON_A_PAGE)
    return render_template(
        "catalog/domain.html",
        params=params,
        many_levels=level in LEVELS_ABOVE_OTHERS,
        domain=catalog.domains[domain_key],
        columns=[catalog_words().labels[field] for field in OUTLINE_FIELDS],
        rows=build_outline_rows(page.rows),
        page=page,
        closed=origins.get(closed) if closed else None,
        withdrawn=[(gone_item.item, origins.get(gone_item.source)) for gone_item in gone],
    )


@blueprint.get("/<code>/catalog/download/<any(xlsx,docx,html,csv,json):kind>")
@public_page
def download(ctx: Context, kind: "Format") -> Response:
    """Download the whole table."""
    params = read_view_params()
    shown = effective_catalog(ctx.session, ctx.tenant, at=params.day)
    return send_table(shown, params, None, kind)


@blueprint.get("/<code>/catalog/<domain_key>/download/<any(xlsx,docx,html,csv,json):kind>")
@public_page
def download_domain(ctx: Context, domain_key: str, kind: "Format") -> Response:
    """Download the table of one domain."""
    params = read_view_params()
    shown = effective_catalog(ctx.session, ctx.tenant, at=params.day)
    if domain_key not in shown.catalog.domains:
        abort(404)
    return send_table(shown, params, domain_key, kind)


@blueprint.get("/<code>/catalog/items/<item_id>/")
@public_page
def item(ctx: Context, item_id: str) -> str:
    """Show an item: each field with its origin, and what was published under it."""
    params, catalog = _load(ctx)
    found = catalog.items.get(item_id)
    if found is not None:
        return _item_page(ctx, params, catalog, found)
    withdrawal = catalog.withdrawn.get(item_id)
    if withdrawal is None:
        abort(404)
    return _withdrawn_page(ctx, params, catalog, withdrawal)


def _item_page(
    ctx: Context, params: ViewParams, catalog: EffectiveCatalog, found: EffectiveItem
) -> str:
    origins = load_origins(ctx.session, ctx.tenant, list_sources(found))
    return render_template(
        "catalog/item.html",
        params=params,
        item=found,
        domain_name=domain_name(catalog, found.domain),
        lines=list_field_lines(found, origins),
        defined=origins.get(found.defined),
        panels=[
            *panels_for(ctx.session, ctx.tenant, found),
            *TenantHooks(ctx.tenant).item_panels(ctx.session, found),
        ],
    )


def _withdrawn_page(
    ctx: Context, params: ViewParams, catalog: EffectiveCatalog, withdrawal: Withdrawal
) -> str:
    """Explain the withdrawal of an item, for printed links and QR codes that lead to it."""
    origins = load_origins(ctx.session, ctx.tenant, [withdrawal.source])
    return render_template(
        "catalog/withdrawn.html",
        params=params,
        item=withdrawal.item,
        domain_name=domain_name(catalog, withdrawal.item.domain),
        origin=origins.get(withdrawal.source),
        closed=withdrawal.item.domain in catalog.not_applicable,
    )


def _load(ctx: Context) -> tuple[ViewParams, EffectiveCatalog]:
    params = read_view_params()
    return params, effective_catalog(ctx.session, ctx.tenant, at=params.day).catalog
