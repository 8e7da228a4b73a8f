"""Staff pages of the county's links between village items and government items."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.editing.item_scope import ItemScope, load_item_scope
from core.catalog.effective import effective_catalog
from core.catalog.labels import domain_name, item_title
from core.errors import Invalid
from core.permissions import Action
from core.publishing.item_links import (
    VILLAGE_LEVEL,
    decide_link,
    get_link,
    known_levels,
    link_items,
    list_links,
    propose_links,
)
from core.publishing.models import ItemLink
from core.tenancy.domain import Level
from core.web.context import Context
from core.web.forms.fields import LineField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("item_links", "core.publishing", template_folder="templates")
contribute(
    blueprint,
    links=[
        StaffLink(
            "item-links", _l("Publishing"), _l("Village and government items"),
            "item_links.index", Action.LINK_ITEMS,
        )
    ],
)  # fmt: skip


# Links belong to the county's layer and hold for all below.
links_page = partial(staff_page, Action.LINK_ITEMS, levels=(Level.COUNTY,), per_organ=True)


def load_link(ctx: Context, id: int) -> ItemLink:  # noqa: A002 - as addresses name it
    """Load a link of the county; raises `NotFound`."""
    return get_link(ctx.session, ctx.tenant, id)


class LinkForm(Form):
    """Which two items belong together, and why."""

    village_item = LineField(80)
    government_item = LineField(80)
    reason = LineField(300)


@blueprint.get("/<code>/console/item-links/")
@links_page()
def index(ctx: Context) -> Any:
    """List proposed and confirmed links, with a form for one more."""
    return _page(ctx, {})


@blueprint.post("/<code>/console/item-links/")
@links_page()
def add(ctx: Context) -> Any:
    """Link two items."""
    form = LinkForm.read()
    try:
        link_items(ctx.session, ctx.actor, ctx.tenant, **form.require())
    except Invalid as error:
        return _page(ctx, error.fields, form.typed), 422
    flash(_("Linked."), "success")
    return redirect(tenant_url("item_links.index"))


@blueprint.post("/<code>/console/item-links/propose/")
@links_page()
def propose(ctx: Context) -> Response:
    """Propose links between similar items."""
    found = propose_links(ctx.session, ctx.actor, ctx.tenant)
    flash(_("%(n)s new proposals.", n=found))
    return redirect(tenant_url("item_links.index"))


@blueprint.post("/<code>/console/item-links/<int:id>/<any(confirmed, rejected):state>/")
@links_page(link=load_link)
def decide(ctx: Context, link: ItemLink, state: str) -> Response:
    """Confirm or reject one link."""
    decide_link(ctx.session, ctx.actor, ctx.tenant, link, state)
    flash(_("Confirmed.") if state == "confirmed" else _("Rejected."), "success")
    return redirect(tenant_url("item_links.index"))


def _page(
    ctx: Context, errors: dict[str, str], typed: Mapping[str, Any] = MappingProxyType({})
) -> str:
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    items = catalog.items.values()
    links = list_links(ctx.session, ctx.tenant)
    scope = load_item_scope(ctx.session, ctx.actor, Action.LINK_ITEMS, ctx.tenant)

    def option(item: EffectiveItem) -> dict[str, str]:
        group = domain_name(catalog, item.domain)
        return {"value": item.item_id, "label": item_title(item), "group": group}

    village = [option(item) for item in items if known_levels(item) == VILLAGE_LEVEL]
    government = [
        option(item)
        for item in items
        if known_levels(item) - VILLAGE_LEVEL and scope.covers(item.fields)
    ]
    names = {item.item_id: item_title(item) for item in items}
    return render_template(
        "publishing/console/links.html",
        proposed=_of_state(links, "proposed"),
        confirmed=_of_state(links, "confirmed"),
        rejected=_of_state(links, "rejected"),
        names=names,
        own=[link.id for link in links if _is_own(scope, catalog, link)],
        village=sorted(village, key=lambda row: row["group"]),
        government=sorted(government, key=lambda row: row["group"]),
        errors=errors,
        typed=typed,
    )


def _is_own(scope: ItemScope, catalog: EffectiveCatalog, link: ItemLink) -> bool:
    item = catalog.items.get(link.government_item)
    return scope.covers(item.fields if item else None)


def _of_state(links: list[ItemLink], state: str) -> list[ItemLink]:
    return [link for link in links if link.state == state]
