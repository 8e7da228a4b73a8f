"""Staff pages of the county's links between village items and government items."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.accounts.access import current_actor, staff_page
from core.accounts.permissions import Action
from core.accounts.staff_menu import StaffLink, contribute
from core.catalog.domain.inheritance import EffectiveItem
from core.catalog.effective import effective_catalog
from core.catalog.labels import domain_name, item_title
from core.errors import Invalid
from core.publishing.item_links import (
    VILLAGE_LEVEL,
    decide_link,
    known_levels,
    link_items,
    list_links,
    propose_links,
)
from core.publishing.models import ItemLink
from core.web.request import current_tenant, session
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


@blueprint.get("/<code>/console/item-links/")
@staff_page(Action.LINK_ITEMS)
def index() -> Any:
    """List proposed and confirmed links, with a form for one more."""
    return _page({}) if _is_county() else redirect(_county_page())


@blueprint.post("/<code>/console/item-links/")
@staff_page(Action.LINK_ITEMS)
def add() -> Any:
    """Link two items."""
    _county_only()
    form = request.form
    try:
        link_items(
            session(), current_actor(), current_tenant(),
            form.get("village_item", ""), form.get("government_item", ""),
            reason=form.get("reason", "").strip()[:300],
        )  # fmt: skip
    except Invalid as error:
        return _page(error.fields), 422
    flash(_("Linked."), "success")
    return redirect(tenant_url("item_links.index"))


@blueprint.post("/<code>/console/item-links/propose/")
@staff_page(Action.LINK_ITEMS)
def propose() -> Response:
    """Propose links between similar items."""
    _county_only()
    found = propose_links(session(), current_actor(), current_tenant())
    flash(_("%(n)s new proposals.", n=found))
    return redirect(tenant_url("item_links.index"))


@blueprint.post("/<code>/console/item-links/<int:id>/<any(confirmed, rejected):state>/")
@staff_page(Action.LINK_ITEMS)
def decide(id: int, state: str) -> Response:  # noqa: A002 - the name that addresses use
    """Confirm or reject one link."""
    _county_only()
    decide_link(session(), current_actor(), current_tenant(), id, state)
    flash(_("Confirmed.") if state == "confirmed" else _("Rejected."), "success")
    return redirect(tenant_url("item_links.index"))


def _is_county() -> bool:
    return current_tenant().level == "county"


def _county_only() -> None:
    """Raise unless this is a county: links belong to its layer and hold for all below."""
    if not _is_county():
        abort(404)


def _county_page() -> str:
    parent = current_tenant()
    while parent.level != "county" and parent.parent is not None:
        parent = parent.parent
    return tenant_url("item_links.index", parent)


def _page(errors: dict[str, str]) -> str:
    catalog = effective_catalog(session(), current_tenant()).catalog
    items = catalog.items.values()
    links = list_links(session(), current_tenant())

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
        typed=request.form,
    )


def _of_state(links: list[ItemLink], state: str) -> list[ItemLink]:
    return [link for link in links if link.state == state]
