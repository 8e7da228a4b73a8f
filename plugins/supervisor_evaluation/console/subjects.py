"""Staff pages of one subject: its statement, its scores, decisions on facts, its reply."""

from typing import Any

from flask import flash

from core.sdk import (
    Conflict,
    Context,
    FormData,
    Invalid,
    NotFound,
    PluginBlueprint,
    file_store,
    require_version,
    savepoint,
    send_download,
    send_picture,
    staff_page,
)

from ..campaigns import disputes, queries
from ..campaigns.disclosure import list_reasons
from ..campaigns.forms import PointsDecisionForm, StatementReviewForm
from ..campaigns.scores import load_scores
from ..domain.phases import ReplyTransition
from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.campaign import (
    EvaluationCampaign,
    EvaluationEvidence,
    EvaluationSubject,
    SubjectStatement,
)
from .pages import CAMPAIGN, REACH, load_campaign, render, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="subjects")
SUBJECT = f"{CAMPAIGN}subjects/<int:subject_id>/"


def load_subject(ctx: Context, campaign: EvaluationCampaign, subject_id: int) -> EvaluationSubject:
    """Load the subject of the address; raises `NotFound`."""
    del ctx
    return queries.get_subject(campaign, subject_id)


subject_page = staff_page(MANAGE, reach=REACH, campaign=load_campaign, subject=load_subject)


@blueprint.get(SUBJECT)
@subject_page
def show(ctx: Context, campaign: EvaluationCampaign, subject: EvaluationSubject) -> str:
    """Show everything of a subject; scorers by numbers that say nothing of who they are."""
    return _page(ctx, campaign, subject)


@blueprint.post(f"{SUBJECT}notes/<int:note_id>/")
@subject_page
def decide(
    ctx: Context, campaign: EvaluationCampaign, subject: EvaluationSubject, note_id: int
) -> Any:
    """Decide on an error of fact that the subject's people have noted."""
    statement = _require_statement(ctx, subject)
    note = next((row for row in statement.notes if row.id == note_id), None)
    if note is None:
        raise NotFound
    require_version(statement.version)
    form = PointsDecisionForm.read()
    if form.ok:
        decision = disputes.PointsDecision(
            form.values["verdict"] == "accepted", form.values["reason"],
            form.values["decided_by"], form.values["points"],
        )  # fmt: skip
        _attempt(ctx, form, lambda: disputes.decide_note(ctx, subject, note, decision))
    return _answer(ctx, campaign, subject, form, f"note-{note_id}")


@blueprint.post(f"{SUBJECT}scores/<int:score_id>/")
@subject_page
def change(
    ctx: Context, campaign: EvaluationCampaign, subject: EvaluationSubject, score_id: int
) -> Any:
    """Record a decision that changes points; what was given stays on record."""
    score = disputes.get_score(ctx.session, subject, score_id)
    require_version(len(score.changes) + 1)
    form = PointsDecisionForm.read()
    if form.ok:
        decision = disputes.PointsDecision(
            True, form.values["reason"], form.values["decided_by"], form.values["points"]
        )
        _attempt(ctx, form, lambda: disputes.change_points(ctx, campaign, score, decision))
    return _answer(ctx, campaign, subject, form, f"score-{score_id}")


@blueprint.post(f"{SUBJECT}reply/")
@subject_page
def review(ctx: Context, campaign: EvaluationCampaign, subject: EvaluationSubject) -> Any:
    """Accept a reply for publication, or return it with a reason."""
    statement = _require_statement(ctx, subject)
    require_version(statement.version)
    form = StatementReviewForm.read()
    if form.ok:
        move, reason = ReplyTransition(form.values["act"]), form.values["reason"]
        _attempt(ctx, form, lambda: disputes.review_reply(ctx, statement, move, reason))
    return _answer(ctx, campaign, subject, form, "reply")


@blueprint.get(f"{SUBJECT}evidence/<int:evidence_id>/")
@subject_page
def evidence(ctx: Context, subject: EvaluationSubject, evidence_id: int) -> Any:
    """Send a photograph of a score, or a file of the self-assessment."""
    found = ctx.session.get(EvaluationEvidence, evidence_id)
    if found is None or not queries.is_evidence_for(ctx.session, found, subject):
        raise NotFound
    if found.media_type.startswith("image/"):
        return send_picture(found.digest, found.media_type, public=False)
    return send_download(file_store().get(found.digest), found.media_type, found.name)


def _require_statement(ctx: Context, subject: EvaluationSubject) -> SubjectStatement:
    statement = queries.find_statement(ctx.session, subject)
    if statement is None:
        raise NotFound
    return statement


def _attempt(ctx: Context, form: FormData, act: Any) -> None:
    """Do it in a savepoint; put what refuses it into the form."""
    try:
        with savepoint(ctx.session):
            act()
    except Invalid as error:
        form.errors.update(error.fields)
    except Conflict as error:
        form.errors["reason"] = error.message


def _answer(
    ctx: Context,
    campaign: EvaluationCampaign,
    subject: EvaluationSubject,
    form: FormData,
    where: str,
) -> Any:
    """Show the page again with what is wrong at the form `where`, or go on."""
    if not form.ok:
        return _page(ctx, campaign, subject, form, where), 422
    flash(_("Recorded."), "success")
    return to("subjects.show", campaign_id=campaign.id, subject_id=subject.id)


def _page(
    ctx: Context,
    campaign: EvaluationCampaign,
    subject: EvaluationSubject,
    form: FormData | None = None,
    where: str = "",
) -> str:
    statement = queries.find_statement(ctx.session, subject)
    return render(
        "campaigns/subject", form, campaign=campaign, subject=subject, statement=statement,
        where=where,
        sheets=load_scores(ctx.session, subject), reasons=list_reasons(ctx.session, subject),
        indicators={each.key: each for each in queries.load_indicators(campaign)},
        files=queries.list_files(ctx.session, statement),
    )  # fmt: skip
