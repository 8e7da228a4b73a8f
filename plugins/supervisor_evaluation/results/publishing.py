"""Publish a campaign's results: calculated once, kept as they are, with the sheet behind them."""

from collections.abc import Iterator, Sequence
from typing import Any

from core import sdk
from core.sdk import CellValue, Context, ListSheet, PanelScores

from ..i18n import _, _n
from ..labels import RESULT_GRADES, SUBJECT_GROUPS
from ..manifest import MANAGE, NAME
from ..models.campaign import EvaluationCampaign, EvaluationSubject
from .published import (
    PublicationLevel,
    PublishedCampaign,
    PublishedResults,
    ShownResult,
    average_score,
    count_grades,
    load_mended,
    to_grade,
    to_private,
    to_published,
)
from .scores import load_counted, load_scores


def prepare_results(
    ctx: Context, campaign: EvaluationCampaign
) -> tuple[PanelScores, PublishedResults]:
    """Calculate what publication would show; raises `Conflict` before scoring has ended."""
    scores = load_scores(ctx.session, ctx.tenant, campaign)
    return scores, to_published(scores, PublicationLevel(campaign.level))


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
        "private": _tell_privately(scores),
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


def _tell_privately(scores: PanelScores) -> dict[str, Any]:
    """Return by subject what its own people are told, with the derivations of what was counted."""
    results = {one.subject: one for one in scores.compute().results}
    told = {one.name: to_private(results.get(one.name)) for one in scores.subjects}
    for (name, scorer, indicator), derivation in scores.notes.items():
        if scorer == sdk.OBJECTIVE:
            told[name]["derivations"][indicator] = derivation
    return {str(one.id): told[one.name] for one in scores.subjects}


def read_own(subject: EvaluationSubject) -> dict[str, Any]:
    """Return a subject's own result: the only way in which a low one is told.

    Grade, total, answers and means are empty with too few answers. Raises `NotFound` before
    publication.
    """
    published = PublishedCampaign.read(subject.campaign)
    stored = subject.campaign.results or {}
    is_shown = any(one.id == subject.id for one in published.results.shown)
    own: dict[str, Any] = stored["private"][str(subject.id)]
    return own | {"weights": stored["weights"], "is_published": is_shown}


def export_results(ctx: Context, campaign: EvaluationCampaign) -> bytes:
    """Return a workbook of all results, the scores behind them without names, and the rules."""
    scores, published = prepare_results(ctx, campaign)
    ctx.audit("evaluation.export", str(campaign.id))
    return sdk.write_list_xlsx([list_all(scores, published), *_build_sheets(campaign, scores)])


def list_all(scores: PanelScores, published: PublishedResults) -> ListSheet:
    """List every result with its place, and whether it is published; nothing below the minimum."""
    computed = scores.compute()
    shown = {one.name for one in published.shown}
    columns = [
        _("Group"), _("Evaluated"), _("Grade"), _("Total"), _("Place in its group"),
        _("Number of answers"), _("Publication"),
    ]  # fmt: skip
    rows: list[list[CellValue]] = [
        [
            str(SUBJECT_GROUPS[one.group]), one.subject, str(RESULT_GRADES[to_grade(one.score)]),
            one.score, one.rank, one.answers,
            _("published") if one.subject in shown else _("told privately"),
        ]
        for one in computed.results
    ]  # fmt: skip
    for one in (each for each in scores.subjects if each.name in computed.withheld):
        group = str(SUBJECT_GROUPS[one.group])
        rows.append([group, one.name, "", None, None, None, _("too few answers")])
    return ListSheet(_("Results"), columns, rows)


def write_article(published: PublishedCampaign, mended: int) -> str:
    """Write the passage for the annual report (article 46 of the Regulation), of what is public."""
    campaign = published.campaign
    opening = _(
        "In %(year)s supervisors evaluated how offices keep their duty to publish (%(title)s).",
        year=campaign.year,
        title=campaign.title,
    )
    return "\n".join([opening, *_list_lines(published.results), *_say_mended(mended)])


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


def _list_lines(results: PublishedResults) -> Iterator[str]:
    for group, label in SUBJECT_GROUPS.items():
        theirs = results.list_group(group)
        if theirs:
            yield _("%(group)s: %(counts)s.", group=label, counts=_say_counts(theirs))
            average = average_score(theirs)
            if average is not None:
                yield _("The average of the published totals is %(score)s of 100.", score=average)


def _say_counts(theirs: Sequence[ShownResult]) -> str:
    counts = count_grades(theirs).items()
    return _(", ").join(f"{RESULT_GRADES[grade]} {count}" for grade, count in counts if count)


def _say_mended(mended: int) -> Iterator[str]:
    if mended:
        yield _n(
            "%(num)s office has said what it mended.",
            "%(num)s offices have said what they mended.",
            mended,
        )
