"""Publish a campaign's results: calculated once, kept as they are, with the sheet behind them."""

from dataclasses import replace
from typing import Any

from core.sdk import Context, file_store, touch, with_locale

from ..domain.grades import PublicationLevel
from ..domain.published import PublishedResults, to_private, to_published
from ..domain.scoring import OBJECTIVE
from ..manifest import MANAGE, NAME
from ..models.campaign import EvaluationCampaign
from .counted import load_counted
from .scores import CampaignScores, load_scores
from .sheets import build_rule_sheet, build_score_sheet, write_sheets


def prepare_results(
    ctx: Context, campaign: EvaluationCampaign
) -> tuple[CampaignScores, PublishedResults]:
    """Calculate what publication would show; raises `Conflict` before scoring has ended."""
    scores = load_scores(ctx.session, ctx.tenant, campaign)
    level = PublicationLevel(campaign.level)
    published = to_published(scores.compute(), scores.subjects, level, scores.minimum)
    return scores, replace(published, unfilled=tuple(scores.list_unfilled()))


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
    campaign.sheet_digest = file_store().put(workbook)
    campaign.results = {
        "public": published.to_stored(),
        "private": _tell_privately(scores),
        "counted": load_counted(ctx.session, ctx.tenant, campaign),
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


def _tell_privately(scores: CampaignScores) -> dict[str, Any]:
    """Return by subject what its own people are told, with the derivations of what was counted."""
    results = {one.subject: one for one in scores.compute().results}
    told = {one.name: to_private(results.get(one.name)) for one in scores.subjects}
    for (name, scorer, indicator), derivation in scores.notes.items():
        if scorer == OBJECTIVE:
            told[name]["derivations"][indicator] = derivation
    return {str(one.id): told[one.name] for one in scores.subjects}
