"""Staff pages of results: before and after publication, the export, each subject's own result."""

from flask import Response, redirect
from werkzeug.wrappers import Response as Redirect

from core import sdk
from core.sdk import RESULT_GRADES, Context

from ..campaigns.queries import get_own_subject
from ..i18n import _
from ..manifest import ANSWER, MANIFEST
from ..models.campaign import EvaluationCampaign, EvaluationSubject
from ..results.publishing import (
    draft_article,
    export_results,
    list_all,
    prepare_article,
    read_own,
)
from .pages import CAMPAIGN, CONSOLE, campaign_page, render

blueprint = sdk.PluginBlueprint(MANIFEST, __name__, part="staff_results")


def load_own(ctx: Context, subject_id: int) -> EvaluationSubject:
    """Load a subject whose people work here; raises `NotFound`."""
    return get_own_subject(ctx.session, ctx.tenant, subject_id)


@blueprint.get(f"{CAMPAIGN}results/")
@campaign_page
def show(ctx: Context, campaign: EvaluationCampaign) -> str:
    """Show every result with its place, what is published of it, and the text for the report."""
    article = prepare_article(ctx, campaign) if campaign.state == "published" else ""
    sheet = list_all(ctx, campaign)
    return render("results", campaign=campaign, sheet=sheet, article=article)


@blueprint.post(f"{CAMPAIGN}results/article/")
@campaign_page
def draft(ctx: Context, campaign: EvaluationCampaign) -> Redirect:
    """Begin a publication with the text for the annual report."""
    publication = draft_article(ctx, campaign)
    return redirect(sdk.tenant_url("publishing_console.edit", id=publication.id))


@blueprint.post(f"{CAMPAIGN}results/export/")
@campaign_page
def export(ctx: Context, campaign: EvaluationCampaign) -> Response:
    """Send results, scores without names and rules as a workbook; the export goes on record."""
    name = _("%(title)s results", title=campaign.title)
    return sdk.send_download(export_results(ctx, campaign), sdk.XLSX_TYPE, f"{name}.xlsx")


@blueprint.get(f"{CONSOLE}own-results/<int:subject_id>/")
@sdk.staff_page(ANSWER, subject=load_own)
def own(ctx: Context, subject: EvaluationSubject) -> str:
    """Show the own result of an office, which nobody else is told."""
    del ctx
    result = read_own(subject)
    grade, is_published = RESULT_GRADES.get(result["grade"]), result["is_published"]
    return render(
        "own_result", subject=subject, result=result, grade=grade, is_published=is_published
    )
