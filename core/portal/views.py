"""Public pages that combine features: home, the fixed parts, picker, site map, accessibility."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template
from werkzeug.wrappers import Response

from core.db.tree import Tenant
from core.errors import NotFound
from core.plugins.calls.page_links import page_links
from core.plugins.calls.tenant_hooks import TenantHooks
from core.portal import recent
from core.portal.guide import find_guide, list_rules
from core.portal.link_list import (
    CountedLink,
    list_domain_links,
    list_place_links,
    list_township_links,
)
from core.portal.places import choose_township, list_active_counties
from core.portal.statutory_sections import NATIONAL_RULES, SECTIONS, StatutorySection, find_section
from core.publishing.vocabulary import NOTICE, POLICY
from core.tenancy.service import list_children, list_organs
from core.web import params
from core.web.access import open_page, public_page
from core.web.context import Context
from core.web.request import current_chain, current_county, directory
from core.web.urls import tenant_url

blueprint = Blueprint("portal", __name__, template_folder="templates")


@blueprint.get("/")
@open_page
def counties() -> Response | str:
    """Lead to the county of the host or the only county there is, else list the counties."""
    county = current_county()
    found = [county] if county else list_active_counties(directory())
    if len(found) == 1:
        return redirect(tenant_url("portal.home", found[0]))
    return render_template("portal/counties.html", counties=list_place_links(found))


@blueprint.get("/<code>/")
@public_page
def home(ctx: Context) -> str:
    """Show the first page of a county, township, village or community."""
    tenant, chain = ctx.tenant, _portals()
    lists = chain[-2] if tenant.level == "village" else tenant
    bulletins = recent.load_bulletins(ctx.session, chain)
    shared = {
        "parts": SECTIONS,
        "domains": list_domain_links(ctx.session, tenant),
        "notices": bulletins.notices,
        "notices_url": tenant_url("publishing.index", lists, genre=NOTICE),
        "policies": bulletins.policies,
        "policies_url": tenant_url("publishing.index", lists, genre=POLICY),
        "plugin_blocks": TenantHooks(tenant).home_blocks(ctx.session),
    }
    if tenant.level == "village":
        return render_template(
            "portal/village.html",
            quarters=recent.list_village_quarters(ctx.session, tenant),
            affairs_url=tenant_url("publishing.index"),
            linked=recent.list_linked_from_above(ctx.session, chain[:-1]),
            organs=list_organs(ctx.session, tenant),
            **shared,
        )
    return render_template(
        "portal/home.html",
        places=_places_below(tenant),
        village_affairs=recent.list_village_news(ctx.session, tenant),
        **shared,
    )


@blueprint.get("/<code>/disclosure/")
@public_page
def disclosure() -> Response:
    """Lead to the guide, with which 政府信息公开 begins."""
    return redirect(tenant_url("portal.disclosure_part", part=SECTIONS[0].key))


def load_section(ctx: Context, part: str) -> StatutorySection:
    """Load a statutory section by its key in the address."""
    del ctx
    section = find_section(part)
    if section is None:
        raise NotFound(where=part)
    return section


@blueprint.get("/<code>/disclosure/<part>/")
@public_page(part=load_section)
def disclosure_part(ctx: Context, part: StatutorySection) -> str:
    """Show one of the statutory sections."""
    return render_template(
        f"portal/disclosure/{part.key}.html",
        part=part,
        part_links=list_section_links(),
        **_load_contents(ctx, part),
    )


def _load_contents(ctx: Context, part: StatutorySection) -> dict[str, Any]:
    """Load what the page of a section shows, only for that section."""
    chain = _portals()
    if part.key in {"guide", "requests"}:
        return {"guide": find_guide(chain)}
    if part.key == "system":
        return {"rules": list_rules(chain), "national_rules": NATIONAL_RULES}
    if part.key == "statutory":
        return {
            "domains": list_domain_links(ctx.session, ctx.tenant),
            "genres": recent.list_genre_links(ctx.session, ctx.tenant),
        }
    return {"entries": recent.list_annual_reports(ctx.session, ctx.tenant)}


@blueprint.get("/<code>/places/")
@public_page
def places() -> str:
    """Choose a township, then a village; `?township=` says which township is open."""
    townships = list_children(directory(), _county())
    chosen = choose_township(townships, params.text("township"), current_chain())
    return render_template(
        "portal/places.html",
        townships=list_township_links(directory(), townships),
        chosen=chosen,
        villages=list_place_links(list_children(directory(), chosen)) if chosen else [],
    )


@blueprint.get("/<code>/site-map/")
@public_page
def sitemap(ctx: Context) -> str:
    """List all parts of the site on one page."""
    return render_template(
        "portal/sitemap.html",
        disclosure=list_section_links(),
        genres=recent.list_genre_links(ctx.session, ctx.tenant),
        domains=list_domain_links(ctx.session, ctx.tenant),
        places=_places_below(ctx.tenant),
        more=[CountedLink(link.key, link.label, link.url) for link in page_links().nav],
    )


@blueprint.get("/<code>/accessibility/")
@public_page
def accessibility() -> str:
    """Say how the site can be read, with the switches for it."""
    return render_template("portal/accessibility.html")


def list_section_links() -> list[CountedLink]:
    """List the statutory sections as links."""
    return [
        CountedLink(part.key, str(part.name), tenant_url("portal.disclosure_part", part=part.key))
        for part in SECTIONS
    ]


def _places_below(tenant: Tenant) -> list[CountedLink]:
    """List the townships of a county or the villages of a township; a village has none."""
    below = list_children(directory(), tenant)
    return (
        list_township_links(directory(), below)
        if tenant.level == "county"
        else list_place_links(below)
    )


def _portals() -> list[Tenant]:
    """List the tenants with pages of their own, from the county to this one."""
    return [tenant for tenant in current_chain() if tenant.has_portal]


def _county() -> Tenant:
    """Return the county of this page; every tenant with a portal has one."""
    found = current_county()
    if found is None:
        abort(404)
    return found
