"""Notices of campaigns: to supervisors and to the offices that are evaluated.

A notice names the campaign and a date, never who scores whom: those who carry messages read it.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import (
    OFFICE_PHONES,
    Organ,
    Tenant,
    add_notice_template,
    cancel_notices,
    keyed_digest,
    parse_phone,
    queue_notice,
    today,
)

from ..domain.phases import AssignmentState, CampaignState
from ..i18n import _l
from ..manifest import NAME
from ..models.campaign import EvaluationAssignment, EvaluationCampaign
from ..models.register import EvaluationSupervisor

# So many days before scoring ends, those who still have something to score are reminded.
REMIND_BEFORE = timedelta(days=3)
ASSIGNED, REMINDED, THANKED = "assigned", "score_reminder", "results_out"
_PHASES = {
    CampaignState.SELF_ASSESSMENT: "self_assessment",
    CampaignState.VERIFICATION: "verification",
    CampaignState.REPLY: "reply",
    CampaignState.PUBLISHED: "published",
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
    add_notice_template(f"{NAME}.{_topic}", _text)


def to_notice_subject(campaign: EvaluationCampaign) -> str:
    """Name the campaign as the subject of its notices."""
    return f"{NAME}.campaign:{campaign.id}"


def tell_phase(session: Session, tenant: Tenant, campaign: EvaluationCampaign) -> None:
    """Tell those concerned that a phase has begun, and until when it lasts."""
    state = CampaignState(campaign.state)
    if state is CampaignState.SCORING:
        tell_assigned(session, tenant, campaign, _list_open(session, campaign))
    if state is CampaignState.PUBLISHED:
        _tell_people(session, tenant, campaign, THANKED, _list_submitted(session, campaign))
    if state in _PHASES:
        organs = [subject.organ_id for subject in campaign.subjects if subject.organ_id]
        phones = session.scalars(select(Organ.phone).where(Organ.id.in_(organs)))
        for phone in sorted({parse_phone(phone or "", OFFICE_PHONES) or "" for phone in phones}):
            _queue(session, tenant, campaign, _PHASES[state], phone)


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
        people = {row.supervisor_id for row in _list_open(session, campaign)}
        _tell_people(session, tenant, campaign, REMINDED, people)


def withdraw_notices(session: Session, tenant: Tenant, campaign: EvaluationCampaign) -> None:
    """Withdraw what has not been sent yet of a campaign."""
    cancel_notices(session, tenant, to_notice_subject(campaign))


def _list_open(session: Session, campaign: EvaluationCampaign) -> Iterable[EvaluationAssignment]:
    return session.scalars(
        select(EvaluationAssignment).where(
            EvaluationAssignment.campaign_id == campaign.id,
            EvaluationAssignment.state == AssignmentState.ASSIGNED,
        )
    ).all()


def _list_submitted(session: Session, campaign: EvaluationCampaign) -> set[int]:
    return set(
        session.scalars(
            select(EvaluationAssignment.supervisor_id).where(
                EvaluationAssignment.campaign_id == campaign.id,
                EvaluationAssignment.state == AssignmentState.SUBMITTED,
            )
        )
    )


def _tell_people(
    session: Session, tenant: Tenant, campaign: EvaluationCampaign, topic: str, people: set[int]
) -> None:
    query = select(EvaluationSupervisor.phone).where(EvaluationSupervisor.id.in_(people))
    for phone in session.scalars(query.order_by(EvaluationSupervisor.id)).all():
        _queue(session, tenant, campaign, topic, phone)


def _queue(
    session: Session, tenant: Tenant, campaign: EvaluationCampaign, topic: str, phone: str
) -> None:
    last_days = {
        CampaignState.SELF_ASSESSMENT: campaign.self_until,
        CampaignState.SCORING: campaign.scoring_until,
        CampaignState.VERIFICATION: campaign.verify_until,
        CampaignState.REPLY: campaign.reply_until,
    }
    day = last_days.get(CampaignState(campaign.state), today()).isoformat()
    queue_notice(
        session, tenant, f"{NAME}.{topic}", phone, {"title": campaign.title, "day": day},
        subject=to_notice_subject(campaign),
        dedupe_key=keyed_digest(f"{NAME}.notice", f"{topic}:{campaign.id}:{phone}:{day}"),
    )  # fmt: skip
