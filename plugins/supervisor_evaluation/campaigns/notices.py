"""What those concerned are told of a campaign, and what waits for them.

A notice names the campaign and a date, never who scores whom: those who carry messages read it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Context, Tenant, keyed_digest, tenant_url, today

from ..domain.phases import RUNNING, AssignmentState, CampaignState, end_of_phase
from ..i18n import _, _l
from ..manifest import ANSWER, NAME
from ..models.campaign import (
    EvaluationAssignment,
    EvaluationCampaign,
    EvaluationSubject,
    FactNote,
    SubjectStatement,
)
from ..models.register import EvaluationSupervisor
from .queries import find_statement, list_own_subjects

# So many days before scoring ends, those who still have something to score are reminded.
REMIND_BEFORE = timedelta(days=3)
ASSIGNED, REMINDED, THANKED = "assigned", "score_reminder", "results_out"
# Of these states offices are told, by a topic of the same name.
_TOLD = {
    CampaignState.SELF_ASSESSMENT,
    CampaignState.VERIFICATION,
    CampaignState.REPLY,
    CampaignState.PUBLISHED,
}
for _topic, _text in {
    ASSIGNED: _l("“%(title)s”: scores are asked of you until %(day)s. Open the private link in "
                 "your letter of appointment."),
    REMINDED: _l("“%(title)s”: scores that you have not handed in are awaited until %(day)s. Open "
                 "the private link in your letter of appointment."),
    THANKED: _l("“%(title)s”: the results are published. Thank you for your work."),
    "self_assessment": _l("“%(title)s” has begun: the self-assessment is due by %(day)s."),
    "verification": _l("“%(title)s”: check the facts behind the scores by %(day)s (three working "
                       "days)."),
    "reply": _l("“%(title)s”: your office may reply to its evaluation until %(day)s."),
    "published": _l("“%(title)s”: the results are published."),
}.items():  # fmt: skip
    sdk.add_notice_template(f"{NAME}.{_topic}", _text)


def to_notice_subject(campaign: EvaluationCampaign) -> str:
    """Name the campaign as the subject of its notices."""
    return f"{NAME}.campaign:{campaign.id}"


def tell_phase(session: Session, tenant: Tenant, campaign: EvaluationCampaign) -> None:
    """Tell those concerned that a phase has begun, and until when it lasts."""
    state = CampaignState(campaign.state)
    if state is CampaignState.SCORING:
        people = _list_people(session, campaign, AssignmentState.ASSIGNED)
        _tell_people(session, tenant, campaign, ASSIGNED, people)
    if state is CampaignState.PUBLISHED:
        people = _list_people(session, campaign, AssignmentState.SUBMITTED)
        _tell_people(session, tenant, campaign, THANKED, people)
    if state in _TOLD:
        organs = [subject.organ_id for subject in campaign.subjects if subject.organ_id]
        phones = session.scalars(select(sdk.Organ.phone).where(sdk.Organ.id.in_(organs)))
        for phone in sorted(
            {sdk.parse_phone(phone or "", sdk.OFFICE_PHONES) or "" for phone in phones}
        ):
            _queue(session, tenant, campaign, state, phone)


def tell_assigned(
    session: Session,
    tenant: Tenant,
    campaign: EvaluationCampaign,
    assignments: Iterable[EvaluationAssignment],
) -> None:
    """Tell supervisors that there is something to score, each once a day at most."""
    _tell_people(session, tenant, campaign, ASSIGNED, {row.supervisor_id for row in assignments})


def remind_supervisors(session: Session, tenant: Tenant) -> None:
    """Remind supervisors of scores that are due within days (at night; each once)."""
    query = select(EvaluationCampaign).where(
        EvaluationCampaign.tenant_id == tenant.id,
        EvaluationCampaign.state == CampaignState.SCORING,
        EvaluationCampaign.scoring_until <= today() + REMIND_BEFORE,
    )
    for campaign in session.scalars(query).all():
        people = _list_people(session, campaign, AssignmentState.ASSIGNED)
        _tell_people(session, tenant, campaign, REMINDED, people)


def _list_people(
    session: Session, campaign: EvaluationCampaign, state: AssignmentState
) -> set[int]:
    """List the supervisors who have an assignment of the campaign in a state."""
    query = select(EvaluationAssignment.supervisor_id).where(
        EvaluationAssignment.campaign_id == campaign.id, EvaluationAssignment.state == state
    )
    return set(session.scalars(query))


def _tell_people(
    session: Session, tenant: Tenant, campaign: EvaluationCampaign, topic: str, people: set[int]
) -> None:
    query = select(EvaluationSupervisor.phone).where(EvaluationSupervisor.id.in_(people))
    for phone in session.scalars(query.order_by(EvaluationSupervisor.id)).all():
        _queue(session, tenant, campaign, topic, phone)


def _queue(
    session: Session, tenant: Tenant, campaign: EvaluationCampaign, topic: str, phone: str
) -> None:
    last_day = end_of_phase(CampaignState(campaign.state), campaign.dates)
    day = (last_day or today()).isoformat()
    sdk.queue_notice(
        session, tenant, f"{NAME}.{topic}", phone, {"title": campaign.title, "day": day},
        subject=to_notice_subject(campaign),
        dedupe_key=keyed_digest(f"{NAME}.notice", f"{topic}:{campaign.id}:{phone}:{day}"),
    )  # fmt: skip


def list_campaign_tasks(ctx: Context) -> Iterable[sdk.Task]:
    """List what waits for those who run campaigns: decisions, replies, declines, publication."""
    # What townships say is in rows of theirs, which the session of the desk does not reach.
    with sdk.open_session(sdk.Scope.subtree(ctx.tenant, "tasks of evaluations")) as session:
        yield from _list_waiting(Context(session, ctx.tenant, ctx.actor))


def _list_waiting(ctx: Context) -> Iterable[sdk.Task]:
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
        yield sdk.Task(title, url, count)


def list_own_tasks(ctx: Context) -> Iterable[sdk.Task]:
    """List what an office's own staff has to do in a phase that runs, with its last day."""
    if not ctx.scope(ANSWER):
        return
    for subject in list_own_subjects(ctx):
        if subject.campaign.state in RUNNING and (task := _find_own_task(ctx, subject)):
            title, day = task
            url = tenant_url(f"plugin_{NAME}_answers.show", ctx.tenant, subject_id=subject.id)
            yield sdk.Task(f"{title}: {subject.name}", url, 1, due=day)


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
