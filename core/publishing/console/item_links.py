"""Staff pages of the county's links between village items and government items."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, contribute
from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.effective import effective_catalog
from core.catalog.labels import domain_name, item_title
from core.errors import Invalid
from core.permissions import Action
from core.publishing.item_links import (
    VILLAGE_LEVEL,
    decide_link,
    known_levels,
    link_items,
    list_links,
    propose_links,
)
from core.publishing.models import ItemLink
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


class LinkForm(Form):
    """Which two items belong together, and why."""

    village_item = LineField(80)
    government_item = LineField(80)
    reason = LineField(300)


@blueprint.get("/<code>/console/item-links/")
@staff_page(Action.LINK_ITEMS)
def index(ctx: Context) -> Any:
    """List proposed and confirmed links, with a form for one more."""
    return _page(ctx, {}) if _is_county(ctx) else redirect(_county_page(ctx))


@blueprint.post("/<code>/console/item-links/")
@staff_page(Action.LINK_ITEMS)
def add(ctx: Context) -> Any:
    """Link two items."""
    _county_only(ctx)
    form = LinkForm.read()
    try:
        link_items(ctx.session, ctx.actor, ctx.tenant, **form.require())
    except Invalid as error:
        return _page(ctx, error.fields, form.typed), 422
    flash(_("Linked."), "success")
    return redirect(tenant_url("item_links.index"))


@blueprint.post("/<code>/console/item-links/propose/")
@staff_page(Action.LINK_ITEMS)
def propose(ctx: Context) -> Response:
    """Propose links between similar items."""
    _county_only(ctx)
    found = propose_links(ctx.session, ctx.actor, ctx.tenant)
    flash(_("%(n)s new proposals.", n=found))
    return redirect(tenant_url("item_links.index"))


@blueprint.post("/<code>/console/item-links/<int:id>/<any(confirmed, rejected):state>/")
@staff_page(Action.LINK_ITEMS)
def decide(ctx: Context, id: int, state: str) -> Response:  # noqa: A002 - the name that addresses use
    """Confirm or reject one link."""
    _county_only(ctx)
    decide_link(ctx.session, ctx.actor, ctx.tenant, id, state)
    flash(_("Confirmed.") if state == "confirmed" else _("Rejected."), "success")
    return redirect(tenant_url("item_links.index"))


def _is_county(ctx: Context) -> bool:
    return ctx.tenant.level == "county"


def _county_only(ctx: Context) -> None:
    """Raise unless this is a county: links belong to its layer and hold for all below."""
    if not _is_county(ctx):
        abort(404)


def _county_page(ctx: Context) -> str:
    parent = ctx.tenant
    while parent.level != "county" and parent.parent is not None:
        parent = parent.parent
    return tenant_url("item_links.index", parent)


def _page(
    ctx: Context, errors: dict[str, str], typed: Mapping[str, Any] = MappingProxyType({})
) -> str:
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    items = catalog.items.values()
    links = list_links(ctx.session, ctx.tenant)

    def option(item: EffectiveItem) -> dict[str, str]:
        group = domain_name(catalog, item.domain)
        return {"value": item.item_id, "label": item_title(item), "group": group}

    village = [option(item) for item in items if known_levels(item) == VILLAGE_LEVEL]
    government = [option(item) for item in items if known_levels(item) - VILLAGE_LEVEL]
    names = {item.item_id: item_title(item) for item in items}
    return render_template(
        "publishing/console/links.html",
        proposed=_of_state(links, "proposed"),
        confirmed=_of_state(links, "confirmed"),
        rejected=_of_state(links, "rejected"),
        names=names,
        village=sorted(village, key=lambda row: row["group"]),
        government=sorted(government, key=lambda row: row["group"]),
        errors=errors,
        typed=typed,
    )


def _of_state(links: list[ItemLink], state: str) -> list[ItemLink]:
    return [link for link in links if link.state == state]
