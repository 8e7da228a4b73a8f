"""Staff pages of one subject: its statement, its scores, decisions on facts, its reply."""

from collections.abc import Callable
from typing import Any

from core import sdk
from core.sdk import Context, FormData, NotFound

from ..campaigns import disputes, queries
from ..campaigns.forms import PointsDecisionForm, StatementReviewForm
from ..i18n import _
from ..indicators import load_indicators
from ..manifest import MANAGE, MANIFEST
from ..models.campaign import (
    EvaluationCampaign,
    EvaluationSubject,
    SubjectStatement,
)
from .pages import CAMPAIGN, REACH, load_campaign, render, to

blueprint = sdk.PluginBlueprint(MANIFEST, __name__, part="subjects")
SUBJECT = f"{CAMPAIGN}subjects/<int:subject_id>/"


def load_subject(ctx: Context, campaign: EvaluationCampaign, subject_id: int) -> EvaluationSubject:
    """Load the subject of the address; raises `NotFound`."""
    del ctx
    return queries.get_subject(campaign, subject_id)


def load_statement(ctx: Context, subject: EvaluationSubject) -> SubjectStatement:
    """Load what the subject's people have said; raises `NotFound` where they have not begun."""
    statement = queries.find_statement(ctx.session, subject)
    if statement is None:
        raise NotFound
    return statement


subject_page = sdk.staff_page(MANAGE, reach=REACH, campaign=load_campaign, subject=load_subject)


@blueprint.get(SUBJECT)
@subject_page
def show(ctx: Context, subject: EvaluationSubject) -> str:
    """Show everything of a subject; scorers by numbers that say nothing of who they are."""
    return _page(ctx, subject)


@blueprint.post(f"{SUBJECT}notes/<int:note_id>/")
@subject_page
def decide(ctx: Context, subject: EvaluationSubject, note_id: int) -> Any:
    """Decide on an error of fact that the subject's people have noted."""
    statement = load_statement(ctx, subject)
    note = next((row for row in statement.notes if row.id == note_id), None)
    if note is None:
        raise NotFound
    sdk.require_version(statement.version)
    form = PointsDecisionForm.read()
    is_right = form.values["verdict"] == "accepted"
    return _take(ctx, subject, form, f"note-{note_id}", lambda: disputes.decide_note(
        ctx, subject, note, _read_decision(form, accepted=is_right)))  # fmt: skip


@blueprint.post(f"{SUBJECT}scores/<int:score_id>/")
@subject_page
def change(ctx: Context, subject: EvaluationSubject, score_id: int) -> Any:
    """Record a decision that changes points; what was given stays on record."""
    score = disputes.get_score(ctx.session, subject, score_id)
    sdk.require_version(len(score.changes) + 1)
    form = PointsDecisionForm.read()
    return _take(ctx, subject, form, f"score-{score_id}", lambda: disputes.change_points(
        ctx, subject.campaign, score, _read_decision(form, accepted=True)))  # fmt: skip


def _read_decision(form: FormData, *, accepted: bool) -> disputes.PointsDecision:
    return disputes.PointsDecision(
        accepted, *(form.values[name] for name in ("reason", "decided_by", "points"))
    )


@blueprint.post(f"{SUBJECT}reply/")
@subject_page
def review(ctx: Context, subject: EvaluationSubject) -> Any:
    """Accept a reply for publication, or return it with a reason."""
    statement = load_statement(ctx, subject)
    sdk.require_version(statement.version)
    form = StatementReviewForm.read()
    return _take(ctx, subject, form, "reply", lambda: disputes.review_reply(
        ctx, statement, form.values["act"], form.values["reason"]))  # fmt: skip


@blueprint.get(f"{SUBJECT}evidence/<int:evidence_id>/")
@subject_page
def evidence(ctx: Context, subject: EvaluationSubject, evidence_id: int) -> Any:
    """Send a photograph of a score, or a file of the self-assessment."""
    found = queries.get_evidence(ctx.session, subject, evidence_id)
    if found.media_type.startswith("image/"):
        return sdk.send_picture(found.digest, found.media_type, public=False)
    return sdk.send_download(sdk.file_store().get(found.digest), found.media_type, found.name)


def _take(
    ctx: Context, subject: EvaluationSubject, form: FormData, where: str, act: Callable[[], None]
) -> Any:
    """Show the page again with what is wrong at the form `where`, or go on."""
    number = subject.campaign_id
    return sdk.take_form(
        ctx, form, act, again=lambda form: _page(ctx, subject, form, where), field="reason",
        then=lambda: to("subjects.show", campaign_id=number, subject_id=subject.id),
        said=_("Recorded."),
    )  # fmt: skip


def _page(
    ctx: Context, subject: EvaluationSubject, form: FormData | None = None, where: str = ""
) -> str:
    campaign, statement = subject.campaign, queries.find_statement(ctx.session, subject)
    return render(
        "campaigns/subject", form, campaign=campaign, subject=subject, statement=statement,
        where=where, sheets=disputes.load_score_sheets(ctx.session, subject),
        reasons=disputes.list_reasons(ctx.session, subject),
        indicators={each.key: each for each in load_indicators(campaign)},
        files=queries.list_files(ctx.session, statement),
    )  # fmt: skip
