"""Staff pages of the county's links between village items and government items."""

from collections.abc import Iterable, Mapping
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
    LONGEST_REASON,
    VILLAGE_LEVEL,
    decide_link,
    get_link,
    known_levels,
    link_items,
    list_links,
    propose_links,
    require_link,
)
from core.publishing.models import ItemLink
from core.tenancy.domain import Level
from core.web.context import Context
from core.web.forms.fields import LineField, TickField
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
    """Load a link of the county; raises `NotFound`, `Forbidden` for a matter of other organs."""
    link = get_link(ctx.session, ctx.tenant, id)
    require_link(ctx.session, ctx.actor, ctx.tenant, link)
    return link


class LinkForm(Form):
    """Which two items belong together, and why."""

    village_item = LineField(80)
    government_item = LineField(80)
    reason = LineField(300)


class RemovalForm(Form):
    """Why a confirmed link is removed, and that this is meant."""

    reason = LineField(LONGEST_REASON, required=_l("Say why."))
    confirm = TickField()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Ask for the tick."""
        if not values["confirm"]:
            yield "confirm", _("Tick this to say that you mean it.")


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


@blueprint.get("/<code>/console/item-links/<int:id>/remove/")
@links_page(link=load_link)
def remove(ctx: Context, link: ItemLink) -> Any:
    """Ask for the reason and a tick before a confirmed link is removed."""
    return _removal_page(ctx, link, {}, {})


@blueprint.post("/<code>/console/item-links/<int:id>/remove/")
@links_page(link=load_link)
def removed(ctx: Context, link: ItemLink) -> Any:
    """Remove a confirmed link; it stays in the list of rejected ones, to be confirmed again."""
    form = RemovalForm.read()
    if not form.ok:
        return _removal_page(ctx, link, form.typed, form.errors), 422
    decide_link(
        ctx.session, ctx.actor, ctx.tenant, link, state="rejected", reason=form.values["reason"]
    )
    flash(_("Removed. You find it among the rejected links, and can confirm it again."), "success")
    return redirect(tenant_url("item_links.index"))


def _removal_page(
    ctx: Context, link: ItemLink, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    items = effective_catalog(ctx.session, ctx.tenant).catalog.items
    ids = (link.village_item, link.government_item)
    names = [item_title(items[item_id]) if item_id in items else item_id for item_id in ids]
    return render_template(
        "publishing/console/link_removal.html", link=link, names=names, typed=typed, errors=errors
    )


@blueprint.post("/<code>/console/item-links/<int:id>/<any(confirmed, rejected):state>/")
@links_page(link=load_link)
def decide(ctx: Context, link: ItemLink, state: str) -> Any:
    """Confirm or reject one link; a confirmed one is removed with a reason, on its own page."""
    if link.state == "confirmed":
        return redirect(tenant_url("item_links.remove", id=link.id))
    decide_link(ctx.session, ctx.actor, ctx.tenant, link, state=state)
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
