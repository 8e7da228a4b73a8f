"""Publish a campaign's results: calculated once, kept as they are, with the sheet behind them."""

from typing import Any

from core.sdk import Context, file_store, touch, with_locale

from ..domain.grades import PublicationLevel
from ..domain.published import PublishedResults, to_private, to_published
from ..manifest import MANAGE, NAME
from ..models.campaign import EvaluationCampaign
from .scores import CampaignScores, load_scores
from .sheets import build_rule_sheet, build_score_sheet, write_sheets


def prepare_results(
    ctx: Context, campaign: EvaluationCampaign
) -> tuple[CampaignScores, PublishedResults]:
    """Calculate what publication would show; raises `Conflict` before scoring has ended."""
    scores = load_scores(ctx.session, campaign, read_counted(campaign))
    level = PublicationLevel(campaign.level)
    return scores, to_published(scores.compute(), scores.subjects, level, scores.minimum)


def read_counted(campaign: EvaluationCampaign) -> dict[str, Any]:
    """Return what was counted of the subjects, as it was published with the results."""
    return dict((campaign.results or {}).get("counted", {}))


def publish_results(ctx: Context, campaign: EvaluationCampaign) -> None:
    """Keep results and sheet with the campaign, as the part of its publication that is ours.

    The caller moves the campaign on. Raises `Conflict` before scoring has ended.
    """
    ctx.require(MANAGE)
    with with_locale():
        scores, published = prepare_results(ctx, campaign)
        hidden = [one.name for one in published.unlisted]
        sheets = [
            build_score_sheet(scores, campaign.seed, hidden),
            build_rule_sheet(scores, campaign.seed),
        ]
        workbook, text = write_sheets(sheets)
    results = {one.subject: one for one in scores.compute().results}
    campaign.sheet_digest = file_store().put(workbook)
    campaign.results = {
        "public": published.to_stored(),
        "private": {str(one.id): to_private(results.get(one.name)) for one in scores.subjects},
        "counted": read_counted(campaign),
        "csv": file_store().put(text),
        "weights": {one.key: one.weight for one in scores.criteria},
    }
    touch(ctx.session, NAME, campaign.id, campaign.tenant_id)
    ctx.audit(
        "evaluation.results",
        str(campaign.id),
        sheet=campaign.sheet_digest,
        shown=len(published.shown),
    )
