"""Public pages of publications: the list, one publication, its files and its QR code."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, url_for

from core.catalog.panels import add_item_panels
from core.clock import today
from core.plugins.calls.tenant_hooks import TenantHooks
from core.publishing.article import build_article, to_content
from core.publishing.decisions.panel import list_shown_pairs
from core.publishing.files.attachments import find_attachment, is_public_file
from core.publishing.files.serving import file_response, staff_may_see
from core.publishing.item_links import SideBySide, load_side_by_side
from core.publishing.lists.downloads import FORMS, write_list
from core.publishing.models import Publication
from core.publishing.objections.panel import build_panel
from core.publishing.public.joined_texts import load_joined_texts
from core.publishing.public.listing import build_listing
from core.publishing.public.panels import list_publication_panels
from core.publishing.queries import load_publication
from core.publishing.rows import to_rows
from core.publishing.rules import PublicationState, publicity_is_over
from core.publishing.vocabulary import column_type
from core.publishing.workflow.drafts import list_attachments
from core.publishing.workflow.releases import find_newest_correction, list_corrections
from core.publishing.workflow.tombstone import find_tombstone
from core.validity.answers import shows_nothing_below
from core.web import params
from core.web.access import public_page
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.files.qr import qr_code
from core.web.urls import tenant_url

blueprint = Blueprint("publishing", "core.publishing", template_folder="templates")
add_item_panels(blueprint, list_publication_panels)

SIDE_BY_SIDE = 6


@blueprint.get("/<code>/publications/")
@public_page
def index(ctx: Context) -> str:
    """List the tenant's publications, the newest first, by genre, domain and year."""
    found = build_listing(ctx.session, ctx.tenant)
    return render_template(
        "publishing/index.html",
        listing=found,
        rows=list(zip(found.entries, to_rows(found.entries), strict=True)),
        column_type=column_type(next(iter(found.wanted.genres or ()), "")),
    )


@blueprint.get("/<code>/publications/<int:id>/")
@public_page(publication=load_publication)
def show(ctx: Context, publication: Publication) -> Any:
    """Show one publication with metadata, files, interpretations and counterparts."""
    if publication.state == PublicationState.WITHDRAWN and publication.on_web:
        return render_template(
            "publishing/withdrawn.html", tombstone=find_tombstone(ctx.session, publication)
        ), 410
    if publication.hidden_since is not None and publication.has_appeared:
        return _offline(ctx)
    if not publication.is_public_now:
        abort(404)
    return render_template("publishing/show.html", **_page(ctx, publication))


@blueprint.get("/<code>/publications/<int:id>/corrections/")
@public_page(publication=load_publication)
def corrections(ctx: Context, publication: Publication) -> str:
    """Compare what was public before and after each correction, while the text is shown."""
    over = publicity_is_over(publication.publicity_until, today())
    if not publication.is_public_now or publication.state != PublicationState.PUBLISHED or over:
        abort(404)
    found = list_corrections(ctx.session, publication)
    if not found:
        abort(404)
    return render_template(
        "publishing/corrections.html", publication=publication, corrections=found
    )


@blueprint.get("/<code>/publications/<int:id>/qr.svg")
@public_page(publication=load_publication)
def qr(ctx: Context, publication: Publication) -> Response:
    """Return the permanent address of a page as a QR code, for notice boards."""
    if not publication.is_public_now:
        abort(404)
    return qr_code(tenant_url("publishing.show", ctx.tenant, id=publication.id, _external=True))


@blueprint.get("/<code>/publications/<int:id>/list.<form>")
@public_page(publication=load_publication)
def list_file(ctx: Context, publication: Publication, form: str) -> Response:
    """Send the list of a publication as CSV or XLSX, as long as its page shows it."""
    del ctx
    data = publication.list_data
    if form not in FORMS or data is None or not publication.is_public_now:
        abort(404)
    if publication.state == PublicationState.EXPIRED or publicity_is_over(
        publication.publicity_until, today()
    ):
        abort(410)
    name = f"{data.caption or publication.title}.{form}"
    return send_download(write_list(data, form), FORMS[form], name)


@blueprint.get("/<code>/files/<int:id>/<name>")
@public_page
def file(ctx: Context, id: int, name: str) -> Response:  # noqa: A002 - the name that addresses use
    """Send a file of a published text; of a draft only to the staff concerned."""
    found = find_attachment(ctx.session, ctx.tenant.id, id)
    if found is None or found[0].filename != name:
        abort(404)
    attachment, publication = found
    over = publicity_is_over(publication.publicity_until, today())
    public = is_public_file(attachment, publication, over=over)
    if not public and not staff_may_see(publication):
        abort(410 if attachment.live and publication.on_web else 404)
    return file_response(attachment, public=public)


def _offline(ctx: Context) -> Response:
    """Say that a page is offline for the time being; crawlers forget what they had of it."""
    page = render_template("publishing/takedown/offline.html", tenant=ctx.tenant)
    response = Response(page, 410, {"X-Robots-Tag": "noindex, noarchive"})
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(ctx: Context, publication: Publication) -> dict[str, Any]:
    tenant = ctx.tenant
    files = list_attachments(ctx.session, publication)
    article = build_article(ctx.session, tenant, publication, to_content(publication, files), files)
    joined = load_joined_texts(ctx.session, publication.id)
    sides = _load_sides(ctx, publication.item_id)
    return {
        "list_files": _list_files(publication) if article.list else [],
        "article": article.on_page(params.page_number()),
        "publication_id": publication.id,
        "correction": None if article.over else find_newest_correction(ctx.session, publication),
        "pairs": list_shown_pairs(ctx.session, publication) if joined.has_pairs else [],
        "objections": build_panel(ctx.session, publication),
        "column_type": column_type(publication.genre),
        "address": url_for(
            "publishing.show", code=tenant.division_code, id=publication.id, _external=True
        ),
        "qr_url": tenant_url("publishing.qr", id=publication.id),
        "explains": to_rows(joined.explained),
        "explained_by": to_rows(joined.interpretations),
        "published_here": to_rows(sides.here[:SIDE_BY_SIDE]),
        "published_there": to_rows(sides.there),
        "plugin_panels": TenantHooks(tenant).publication_panels(ctx.session, publication),
    }


def _list_files(publication: Publication) -> list[dict[str, str]]:
    return [
        {
            "label": form.upper(),
            "url": tenant_url("publishing.list_file", id=publication.id, form=form),
        }
        for form in FORMS
    ]


def _load_sides(ctx: Context, item_id: str | None) -> SideBySide:
    """Load what both sides have published on the item; nothing of a text without one."""
    if item_id is None:
        shows_nothing_below()
        return SideBySide([], [])
    return load_side_by_side(ctx.session, ctx.tenant, item_id)
