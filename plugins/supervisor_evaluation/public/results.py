"""Public pages of results: a campaign with its pictures, the years, open data, a feed."""

import json
from collections.abc import Iterable
from typing import Any

from flask import Response, render_template

from core import sdk
from core.sdk import Context, NotFound, PluginBlueprint, public_page, tenant_url

from ..campaigns.queries import get_campaign
from ..i18n import _
from ..manifest import MANIFEST, NAME
from ..models.campaign import EvaluationCampaign
from ..results.publishing import FIGURES, PublishedCampaign, list_published, load_mended

blueprint = PluginBlueprint(MANIFEST, __name__, part="results")

ALL = "/<code>/evaluation/results/"
RESULTS = "/<code>/evaluation/campaigns/<int:campaign_id>/results/"


def load_published_campaign(ctx: Context, campaign_id: int) -> PublishedCampaign:
    """Load the published campaign of the address; raises `NotFound`."""
    return PublishedCampaign.read(get_campaign(ctx.session, ctx.tenant, campaign_id))


results_page = public_page(published=load_published_campaign)


def to_rows(campaigns: Iterable[PublishedCampaign]) -> list[dict[str, Any]]:
    """Return published campaigns as entries of a list."""
    return [
        {
            "title": one.campaign.title,
            "url": tenant_url(f"plugin_{NAME}_results.show", campaign_id=one.campaign.id),
            "date": one.published_on,
        }
        for one in campaigns
    ]


@blueprint.get(ALL)
@public_page
def index(ctx: Context) -> str:
    """Show which campaigns have results, and how they have changed over the years."""
    campaigns = list_published(ctx.session, ctx.tenant)
    years = [(one.campaign.year, one.results) for one in campaigns]
    chart, table = FIGURES.compare_years(years)
    return render_template(
        f"{NAME}/results/index.html", campaigns=to_rows(campaigns), chart=chart, table=table
    )


@blueprint.get(RESULTS)
@results_page
def show(ctx: Context, published: PublishedCampaign) -> str:
    """Show the results of a campaign with pictures and tables, and what was mended."""
    mended = load_mended(ctx.session, published.results)
    return render_template(
        f"{NAME}/results/show.html",
        campaign=published.campaign,
        results=published.results,
        groups=FIGURES.build(published.results),
        mended=[
            (one.name, *mended[one.id])
            for one in published.results.shown
            if any(mended.get(one.id, ()))
        ],
    )


@blueprint.get(f"{RESULTS}results.json")
@results_page
def data(ctx: Context, published: PublishedCampaign) -> Response:
    """Send the published results as JSON."""
    del ctx
    campaign = published.campaign
    body = {
        "title": campaign.title,
        "year": campaign.year,
        "published_on": published.published_on.isoformat(),
        **published.results.to_open_data(),
        "sheet_sha256": campaign.sheet_digest,
        "seed": campaign.seed,
    }
    if published.results.has_scores:
        endpoint = f"plugin_{NAME}_results.sheet"
        body["sheet"] = tenant_url(endpoint, campaign_id=campaign.id, _external=True)
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, content_type="application/json; charset=utf-8")


@blueprint.get(f"{RESULTS}results.csv")
@results_page
def table(ctx: Context, published: PublishedCampaign) -> Response:
    """Send the published results as CSV."""
    del ctx
    return sdk.send_download(
        sdk.write_list_csv(FIGURES.list_published(published.results)),
        sdk.CSV_TYPE,
        f"{published.campaign.title}.csv",
    )


@blueprint.get(f"{RESULTS}sheet.xlsx")
@results_page
def sheet(ctx: Context, published: PublishedCampaign) -> Response:
    """Send the calculation sheet as it was kept, where scores are published."""
    del ctx
    return _send_sheet(published, published.campaign.sheet_digest, sdk.XLSX_TYPE, "xlsx")


@blueprint.get(f"{RESULTS}sheet.csv")
@results_page
def sheet_as_text(ctx: Context, published: PublishedCampaign) -> Response:
    """Send the scores of the calculation sheet as CSV, where scores are published."""
    del ctx
    digest = (published.campaign.results or {})["csv"]
    return _send_sheet(published, digest, sdk.CSV_TYPE, "csv")


def _send_sheet(
    published: PublishedCampaign, digest: str | None, media_type: str, ending: str
) -> Response:
    """Send a kept sheet; raises `NotFound` where only grades are published: it tells the scores."""
    if digest is None or not published.results.has_scores:
        raise NotFound(where=ending)
    name = _("%(title)s calculation sheet", title=published.campaign.title)
    return sdk.send_download(sdk.file_store().get(digest), media_type, f"{name}.{ending}")


@blueprint.get("/<code>/evaluation/results.atom")
@public_page
def feed(ctx: Context) -> Response:
    """Send which results were published, to subscribe to."""
    page = tenant_url(f"plugin_{NAME}_results.index", _external=True)
    title = _("Evaluation results of %(place)s", place=ctx.tenant.name)
    found = (one.campaign for one in list_published(ctx.session, ctx.tenant))
    return sdk.send_feed(title, page, [_to_entry(campaign) for campaign in found])


def _to_entry(campaign: EvaluationCampaign) -> sdk.FeedEntry:
    url = tenant_url(f"plugin_{NAME}_results.show", campaign_id=campaign.id, _external=True)
    at = campaign.published_at
    return sdk.FeedEntry(
        f"evaluation-results:{campaign.id}", campaign.title, url, _("The results are published."),
        at, at,
    )  # fmt: skip
