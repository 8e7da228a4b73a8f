"""Decisions of those who run a campaign: on errors of fact, on points, on replies.

Points are never written over: a decision is added with its reason, and counts from then on.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Conflict, Context, Invalid, NotFound, TransitionError, utc_now

from ..domain.indicators import Indicator
from ..domain.phases import CampaignState, ReplyState, ReplyTransition
from ..i18n import _
from ..manifest import MANAGE, NAME
from ..models.campaign import (
    EvaluationAssignment,
    EvaluationCampaign,
    EvaluationScore,
    EvaluationScoreChange,
    EvaluationSubject,
    FactNote,
    SubjectStatement,
)
from .disclosure import list_reasons
from .queries import load_indicators
from .statements import REPLIES

NOT_COUNTED = "unseen"
_DECIDED_IN = (CampaignState.VERIFICATION, CampaignState.REPLY)


@dataclass(frozen=True, slots=True)
class PointsDecision:
    """What is decided of a note: whether it is right, why, by whom, and the points from now on.

    `points` is "" where they stay, "unseen" where the score no longer counts.
    """

    accepted: bool
    reason: str
    decided_by: str
    points: str = ""


def get_score(session: Session, subject: EvaluationSubject, number: int) -> EvaluationScore:
    """Return a score of the subject; raises `NotFound`."""
    query = (
        select(EvaluationScore)
        .join(EvaluationAssignment, EvaluationAssignment.id == EvaluationScore.assignment_id)
        .where(EvaluationScore.id == number, EvaluationAssignment.subject_id == subject.id)
    )
    score = session.scalar(query)
    if score is None:
        raise NotFound
    return score


def change_points(
    ctx: Context,
    campaign: EvaluationCampaign,
    score: EvaluationScore,
    decision: PointsDecision,
    note_item: int | None = None,
) -> None:
    """Record a decision that changes points; raises `Conflict` and `Invalid`."""
    ctx.require(MANAGE)
    if campaign.state not in _DECIDED_IN:
        raise Conflict(_("Points can be changed from the end of scoring until publication."))
    points = _read_points(campaign, score, decision.points)
    if not decision.reason:
        raise Invalid({"reason": _("Say why.")})
    if not decision.decided_by:
        raise Invalid({"decided_by": _("Say which office or post decides.")})
    score.changes.append(
        EvaluationScoreChange(
            tenant_id=score.tenant_id, old_points=score.valid_points, new_points=points,
            reason=decision.reason, decided_by=decision.decided_by, note_item=note_item,
        )
    )  # fmt: skip
    ctx.session.flush()
    ctx.audit(f"{NAME}.points_changed", str(campaign.id), indicator=score.indicator)


def _read_points(campaign: EvaluationCampaign, score: EvaluationScore, typed: str) -> int | None:
    indicator = find_indicator(campaign, score.indicator)
    if typed == NOT_COUNTED:
        return None
    if not typed.isdecimal() or not indicator.least <= int(typed[:6]) <= indicator.most:
        message = _("Enter a whole number from %(least)s to %(most)s.",
                    least=indicator.least, most=indicator.most)  # fmt: skip
        raise Invalid({"points": message})
    return int(typed)


def find_indicator(campaign: EvaluationCampaign, key: str) -> Indicator:
    """Return an indicator of the campaign's version; raises `NotFound`."""
    for indicator in load_indicators(campaign):
        if indicator.key == key:
            return indicator
    raise NotFound


def decide_note(
    ctx: Context, subject: EvaluationSubject, note: FactNote, decision: PointsDecision
) -> None:
    """Decide on an error of fact, and change the points where that follows from it.

    Raises `Conflict` where it is decided already, and `Invalid`.
    """
    ctx.require(MANAGE)
    if note.state != "open":
        raise Conflict(_("This has been ruled on already."))
    if not decision.reason:
        raise Invalid({"reason": _("Say why.")})
    if decision.accepted and decision.points:
        score = list_reasons(ctx.session, subject)[note.item - 1]
        change_points(ctx, subject.campaign, score, decision, note.item)
    note.state = "accepted" if decision.accepted else "refused"
    note.answer, note.decided_at = decision.reason, utc_now()
    ctx.session.flush()
    ctx.audit(f"{NAME}.note_decided", str(subject.id), accepted=decision.accepted)


def review_reply(
    ctx: Context, statement: SubjectStatement, transition: ReplyTransition, reason: str
) -> None:
    """Accept a reply for publication, or return it with a reason; raises `Conflict`, `Invalid`."""
    ctx.require(MANAGE)
    if transition is ReplyTransition.RETURN and not reason:
        raise Invalid({"reason": _("Say why.")})
    try:
        after = REPLIES.next_state(ReplyState(statement.reply_state), transition)
    except TransitionError as error:
        raise Conflict(_("This has been ruled on already.")) from error
    statement.reply_state, statement.reply_note = after, reason
    ctx.session.flush()
    ctx.audit(f"{NAME}.reply_{transition}", str(statement.subject_id))
