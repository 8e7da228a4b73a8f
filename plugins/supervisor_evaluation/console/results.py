"""Staff pages of results: before and after publication, the export, each subject's own result."""

from flask import Response

from core import sdk
from core.sdk import Context, NotFound, PluginBlueprint

from ..i18n import _
from ..labels import RESULT_GRADES
from ..manifest import ANSWER, MANAGE, MANIFEST
from ..models.campaign import EvaluationCampaign, EvaluationSubject
from ..results.archive import find_published, load_mended
from ..results.article import write_article
from ..results.exports import export_results, list_all
from ..results.own import get_own, is_published, read_own
from ..results.publishing import prepare_results
from .pages import CONSOLE, render

blueprint = PluginBlueprint(MANIFEST, __name__, part="staff_results")

RESULTS = f"{CONSOLE}campaigns/<int:campaign_id>/results/"
OWN = f"{CONSOLE}own-results/"


def load_results_campaign(ctx: Context, campaign_id: int) -> EvaluationCampaign:
    """Load the place's campaign of the address; raises `NotFound`."""
    campaign = ctx.session.get(EvaluationCampaign, campaign_id)
    if campaign is None or campaign.tenant_id != ctx.tenant.id:
        raise NotFound(where=str(campaign_id))
    return campaign


def load_own(ctx: Context, subject_id: int) -> EvaluationSubject:
    """Load a subject whose result is told here; raises `NotFound`."""
    return get_own(ctx.session, ctx.tenant, subject_id)


# What townships have mended are rows of theirs.
results_page = sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE, campaign=load_results_campaign)


@blueprint.get(RESULTS)
@results_page
def show(ctx: Context, campaign: EvaluationCampaign) -> str:
    """Show every result with its place, what is published of it, and the text for the report."""
    scores, published = prepare_results(ctx, campaign)
    archived = find_published(campaign)
    mended = load_mended(ctx.session, published) if archived else {}
    told = sum(bool(done) for done, _reply in mended.values())
    return render(
        "results",
        campaign=campaign,
        sheet=list_all(scores, published),
        article=write_article(archived, told) if archived else "",
    )


@blueprint.post(f"{RESULTS}export/")
@results_page
def export(ctx: Context, campaign: EvaluationCampaign) -> Response:
    """Send results, scores without names and rules as a workbook; the export goes on record."""
    name = _("%(title)s results", title=campaign.title)
    return sdk.send_download(export_results(ctx, campaign), sdk.XLSX_TYPE, f"{name}.xlsx")


@blueprint.get(f"{OWN}<int:subject_id>/")
@sdk.staff_page(ANSWER, subject=load_own)
def own(ctx: Context, subject: EvaluationSubject) -> str:
    """Show the own result of an office, which nobody else is told."""
    del ctx
    result = read_own(subject)
    return render(
        "own_result",
        subject=subject,
        result=result,
        grade=RESULT_GRADES.get(result["grade"]),
        is_published=is_published(subject),
    )
