"""What waits for those who run a campaign, and for the staff of the offices that are evaluated."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from core.sdk import Context, Scope, Task, open_session, tenant_url, today

from ..domain.phases import RUNNING, CampaignState
from ..i18n import _
from ..manifest import ANSWER, NAME
from ..models.campaign import (
    EvaluationAssignment,
    EvaluationCampaign,
    EvaluationSubject,
    FactNote,
    SubjectStatement,
)
from .queries import find_statement, list_own_subjects


def list_campaign_tasks(ctx: Context) -> Iterable[Task]:
    """List what waits for those who run campaigns: decisions, replies, declines, publication."""
    # What townships say is in rows of theirs, which the session of the desk does not reach.
    with open_session(Scope.subtree(ctx.tenant, "tasks of evaluations")) as session:
        yield from _list_waiting(Context(session, ctx.tenant, ctx.actor))


def _list_waiting(ctx: Context) -> Iterable[Task]:
    url = tenant_url(f"plugin_{NAME}_campaigns.index", ctx.tenant)
    theirs = EvaluationCampaign.tenant_id == ctx.tenant.id
    running = select(EvaluationCampaign.id).where(theirs, EvaluationCampaign.state.in_(RUNNING))
    subjects = select(EvaluationSubject.id).where(EvaluationSubject.campaign_id.in_(running))
    statements = select(SubjectStatement).where(SubjectStatement.subject_id.in_(subjects))
    declined = select(EvaluationAssignment.id).where(
        EvaluationAssignment.campaign_id.in_(running), EvaluationAssignment.state == "declined"
    )
    due = select(EvaluationCampaign.id).where(
        theirs, EvaluationCampaign.state == CampaignState.REPLY,
        EvaluationCampaign.reply_until < today(),
    )  # fmt: skip
    notes = statements.join(SubjectStatement.notes).where(FactNote.state == "open")
    replies = statements.where(SubjectStatement.reply_state == "submitted")
    for title, query in (
        (_("Errors of fact to decide on"), notes),
        (_("Replies to evaluations to look through"), replies),
        (_("Evaluations that supervisors declined"), declined),
        (_("Results of evaluations to publish"), due),
    ):
        count = ctx.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        yield Task(title, url, count)


def list_own_tasks(ctx: Context) -> Iterable[Task]:
    """List what an office's own staff has to do in a phase that runs, with its last day."""
    if not ctx.scope(ANSWER):
        return
    for subject in list_own_subjects(ctx):
        if subject.campaign.state in RUNNING and (task := _find_own_task(ctx, subject)):
            title, day = task
            url = tenant_url(f"plugin_{NAME}_answers.show", ctx.tenant, subject_id=subject.id)
            yield Task(f"{title}: {subject.name}", url, 1, due=day)


def _find_own_task(ctx: Context, subject: EvaluationSubject) -> tuple[str, date] | None:
    """Find what one's own office has not done yet in the present phase, and until when."""
    campaign, statement = subject.campaign, find_statement(ctx.session, subject)
    match campaign.state:
        case CampaignState.SELF_ASSESSMENT if not (statement and statement.self_submitted_at):
            return _("Self-assessment to hand in"), campaign.self_until
        case CampaignState.VERIFICATION if not (statement and statement.facts_confirmed_at):
            return _("Facts of the evaluation to check"), campaign.verify_until
        case CampaignState.REPLY if not statement or statement.reply_state in {"none", "returned"}:
            return _("Right of reply to the evaluation"), campaign.reply_until
    return None
