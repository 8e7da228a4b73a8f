"""Everything of a campaign's results that those who run it may see: for their own files."""

from core.sdk import CellValue, Context, ListSheet, write_list_xlsx

from ..domain.grades import to_grade
from ..domain.published import PublishedResults
from ..domain.scoring import SubjectResult
from ..i18n import _
from ..labels import RESULT_GRADES, SUBJECT_GROUPS
from ..models.campaign import EvaluationCampaign
from .publishing import prepare_results
from .scores import CampaignScores
from .sheets import build_rule_sheet, build_score_sheet


def export_results(ctx: Context, campaign: EvaluationCampaign) -> bytes:
    """Return a workbook of all results, the scores behind them without names, and the rules."""
    scores, published = prepare_results(ctx, campaign)
    ctx.audit("evaluation.export", str(campaign.id))
    return write_list_xlsx(
        [
            list_all(scores, published),
            build_score_sheet(scores, campaign.seed, ()),
            build_rule_sheet(scores, campaign.seed),
        ]
    )


def list_all(scores: CampaignScores, published: PublishedResults) -> ListSheet:
    """List every result with its place, and whether it is published; nothing below the minimum."""
    computed = scores.compute()
    shown = {one.name for one in published.shown}
    groups = {one.name: one.group for one in scores.subjects}
    columns = [
        _("Group"), _("Evaluated"), _("Grade"), _("Total"), _("Place in its group"),
        _("Number of answers"), _("Publication"),
    ]  # fmt: skip
    rows = [_to_row(one, is_shown=one.subject in shown) for one in computed.results]
    for name in computed.withheld:
        group = str(SUBJECT_GROUPS[groups[name]])
        rows.append([group, name, "", None, None, None, _("too few answers")])
    return ListSheet(_("Results"), columns, rows)


def _to_row(one: SubjectResult, *, is_shown: bool) -> list[CellValue]:
    return [
        str(SUBJECT_GROUPS[one.group]),
        one.subject,
        str(RESULT_GRADES[to_grade(one.score)]),
        one.score,
        one.rank,
        one.answers,
        _("published") if is_shown else _("told privately"),
    ]
