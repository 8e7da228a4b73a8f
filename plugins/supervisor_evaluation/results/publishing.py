"""Publish a campaign's results: calculated once, kept as they are, with the sheet behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import RESULT_GRADES, Context, ListSheet, PanelScores, PublishedResults, Tenant

from ..i18n import _, _n
from ..labels import SUBJECT_GROUPS
from ..manifest import MANAGE, NAME
from ..models.campaign import EvaluationCampaign, EvaluationSubject, SubjectStatement
from .scores import load_counted, load_scores

MOST_YEARS = 10
FIGURES = sdk.PanelFigures(SUBJECT_GROUPS)


@dataclass(frozen=True, slots=True)
class PublishedCampaign:
    """A published campaign with its results."""

    campaign: EvaluationCampaign
    results: PublishedResults

    @property
    def published_on(self) -> date:
        """The day of publication, for people."""
        return sdk.local_day(self.campaign.published_at or sdk.utc_now())

    @classmethod
    def read(cls, campaign: EvaluationCampaign) -> Self:
        """Return what was published of a campaign; raises `NotFound` where nothing is."""
        if campaign.results is None or campaign.state != "published":
            raise sdk.NotFound(where=str(campaign.id))
        return cls(campaign, PublishedResults.from_stored(campaign.results["public"]))


def list_published(session: Session, tenant: Tenant) -> list[PublishedCampaign]:
    """List a place's published campaigns of the last years, the newest first."""
    campaign = EvaluationCampaign
    query = select(campaign).where(
        campaign.tenant_id == tenant.id,
        campaign.state == "published",
        campaign.results.is_not(None),
    )
    order = (campaign.year.desc(), campaign.published_at.desc(), campaign.id.desc())
    found = session.scalars(query.order_by(*order).limit(MOST_YEARS))
    return [PublishedCampaign.read(campaign) for campaign in found]


def load_mended(session: Session, results: PublishedResults) -> dict[int, tuple[str, str]]:
    """Return by subject what was mended and the accepted reply; only of published subjects."""
    ids = [one.id for one in results.shown]
    query = select(SubjectStatement).where(SubjectStatement.subject_id.in_(ids))
    return {
        row.subject_id: (row.mended, row.reply if row.reply_state == "accepted" else "")
        for row in session.scalars(query)
    }


def prepare_results(
    ctx: Context, campaign: EvaluationCampaign
) -> tuple[PanelScores, PublishedResults]:
    """Calculate what publication would show; raises `Conflict` before scoring has ended."""
    scores = load_scores(ctx.session, ctx.tenant, campaign)
    return scores, PublishedResults.build(scores, campaign.level)


def publish_results(ctx: Context, campaign: EvaluationCampaign) -> None:
    """Keep results and sheet with the campaign, as the part of its publication that is ours.

    The caller moves the campaign on. Raises `Conflict` before scoring has ended.
    """
    ctx.require(MANAGE)
    with sdk.with_locale():
        scores, published = prepare_results(ctx, campaign)
        sheets = _build_sheets(campaign, scores, [one.name for one in published.unlisted])
        workbook, text = sdk.write_list_xlsx(sheets), sdk.write_list_csv(sheets[0])
    campaign.sheet_digest = sdk.file_store().put(workbook)
    campaign.results = {
        "public": published.to_stored(),
        "private": PublishedResults.tell_privately(scores),
        "counted": load_counted(ctx.session, ctx.tenant, campaign),
        "csv": sdk.file_store().put(text),
        "weights": {one.key: one.weight for one in scores.criteria},
    }
    sdk.touch(ctx.session, NAME, campaign.id, campaign.tenant_id)
    facts = {"sheet": campaign.sheet_digest, "shown": len(published.shown)}
    ctx.audit("evaluation.results", str(campaign.id), **facts)


def _build_sheets(
    campaign: EvaluationCampaign, scores: PanelScores, hidden: Sequence[str] = ()
) -> list[ListSheet]:
    return [
        sdk.build_score_sheet(scores, campaign.seed, hidden, SUBJECT_GROUPS),
        sdk.build_rule_sheet(scores, campaign.seed),
    ]


def read_own(subject: EvaluationSubject) -> dict[str, Any]:
    """Return a subject's own result: the only way in which a low one is told.

    Raises `NotFound` before publication.
    """
    published = PublishedCampaign.read(subject.campaign)
    stored = subject.campaign.results or {}
    is_shown = any(one.id == subject.id for one in published.results.shown)
    own: dict[str, Any] = stored["private"][str(subject.id)]
    return own | {"weights": stored["weights"], "is_published": is_shown}


def list_all(ctx: Context, campaign: EvaluationCampaign) -> ListSheet:
    """List every result with its place, and whether it is published; nothing below the minimum."""
    return FIGURES.list_all(*prepare_results(ctx, campaign))


def export_results(ctx: Context, campaign: EvaluationCampaign) -> bytes:
    """Return a workbook of all results, the scores behind them without names, and the rules."""
    scores, published = prepare_results(ctx, campaign)
    ctx.audit("evaluation.export", str(campaign.id))
    every = FIGURES.list_all(scores, published)
    return sdk.write_list_xlsx([every, *_build_sheets(campaign, scores)])


def draft_article(ctx: Context, campaign: EvaluationCampaign) -> sdk.Publication:
    """Begin a publication with the passage, which people edit, review and publish as any other.

    Raises `NotFound` before results are published, `Forbidden` for people who do not write here.
    """
    ctx.require(MANAGE)
    text = prepare_article(ctx, campaign)
    title = _("Supervisors' evaluation %(year)s, for the annual report", year=campaign.year)
    content = sdk.Content(
        title=title, body_source=text, no_item_reason=_("Part of the annual report"),
        formed_on=sdk.today(),
    )  # fmt: skip
    publication = sdk.start_publication(ctx.session, ctx.actor, ctx.tenant, content)
    ctx.audit("evaluation.article", str(campaign.id), publication=publication.id)
    return publication


def prepare_article(ctx: Context, campaign: EvaluationCampaign) -> str:
    """Write the passage of what is public by now; raises `NotFound` before publication."""
    published = PublishedCampaign.read(campaign)
    mended = load_mended(ctx.session, published.results)
    return write_article(published, sum(bool(done) for done, _reply in mended.values()))


def write_article(published: PublishedCampaign, mended: int) -> str:
    """Write the passage for the annual report (article 46 of the Regulation), of what is public."""
    campaign = published.campaign
    opening = _(
        "In %(year)s supervisors evaluated how offices keep their duty to publish (%(title)s).",
        year=campaign.year,
        title=campaign.title,
    )
    return "\n".join([opening, *_list_lines(published.results), *_say_mended(mended)])


def _list_lines(results: PublishedResults) -> Iterator[str]:
    for group, label in SUBJECT_GROUPS.items():
        found = results.count_grades(group).items()
        counts = _(", ").join(f"{RESULT_GRADES[grade]} {count}" for grade, count in found if count)
        if counts:
            yield _("%(group)s: %(counts)s.", group=label, counts=counts)
            average = results.average(group)
            if average is not None:
                yield _("The average of the published totals is %(score)s of 100.", score=average)


def _say_mended(mended: int) -> Iterator[str]:
    if mended:
        yield _n(
            "%(num)s office has said what it mended.",
            "%(num)s offices have said what they mended.",
            mended,
        )
