"""The scores of a subject: disclosed, disputed, decided on; who wrote them is nobody's to read.

Points are never written over: a decision is added with its reason, and counts from then on.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core import sdk
from core.sdk import Conflict, Context, Invalid, NotFound, keyed_digest, utc_now

from ..domain.phases import AssignmentState, CampaignState, ReplyState, ReplyTransition
from ..i18n import _
from ..indicators import find_indicator
from ..manifest import MANAGE, NAME
from ..models.campaign import (
    EvaluationAssignment,
    EvaluationCampaign,
    EvaluationEvidence,
    EvaluationScore,
    EvaluationScoreChange,
    EvaluationSubject,
    FactNote,
    SubjectStatement,
)
from ..models.register import EvaluationSupervisor
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


def review_reply(ctx: Context, statement: SubjectStatement, act: str, reason: str) -> None:
    """Accept a reply for publication, or return it with a reason; raises `Conflict`, `Invalid`."""
    ctx.require(MANAGE)
    transition = ReplyTransition(act)
    if transition is ReplyTransition.RETURN and not reason:
        raise Invalid({"reason": _("Say why.")})
    try:
        after = REPLIES.next_state(ReplyState(statement.reply_state), transition)
    except sdk.TransitionError as error:
        raise Conflict(_("This has been ruled on already.")) from error
    statement.reply_state, statement.reply_note = after, reason
    ctx.session.flush()
    ctx.audit(f"{NAME}.reply_{transition}", str(statement.subject_id))


def list_reasons(session: Session, subject: EvaluationSubject) -> Sequence[EvaluationScore]:
    """List the scores of a subject that have a reason, in the order in which they are disclosed.

    None of an indicator by which fewer people than the minimum gave points: of so few one could
    tell who wrote them. The order follows from the texts by a key of the installation: not from
    who wrote them, nor from when. It stays the same, so that the number of a reason names it.
    """
    query = (
        select(EvaluationScore, EvaluationAssignment.supervisor_id)
        .join(EvaluationAssignment, EvaluationAssignment.id == EvaluationScore.assignment_id)
        .where(
            EvaluationAssignment.subject_id == subject.id,
            EvaluationAssignment.state == AssignmentState.SUBMITTED,
        )
        .order_by(EvaluationScore.id)
    )
    rows = session.execute(query).all()
    # What was given counts, not what was decided since: the numbers of reasons stay.
    given = {(row.indicator, who) for row, who in rows if row.points is not None}
    counts = Counter(indicator for indicator, _who in given)
    minimum = subject.campaign.minimum
    shown = [row for row, _who in rows if row.reason and counts[row.indicator] >= minimum]
    return sorted(shown, key=lambda score: _place(subject, score))


def _place(subject: EvaluationSubject, score: EvaluationScore) -> str:
    text = "\n".join((str(subject.id), score.indicator, score.reason, *score.links))
    return keyed_digest(f"{NAME}.disclosure", text)


def disclose_reasons(session: Session, campaign: EvaluationCampaign) -> None:
    """Copy the reasons to where a subject's people read them; numbers and names are masked.

    They get a copy since the scores themselves are closed to them.
    """
    names = session.scalars(
        select(EvaluationSupervisor.name).where(
            EvaluationSupervisor.tenant_id == campaign.tenant_id
        )
    )
    known = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
    for subject in campaign.subjects:
        subject.disclosed = [
            {
                "indicator": score.indicator,
                "reason": _mask(score.reason, known),
                "links": list(score.links),
            }
            for score in list_reasons(session, subject)
        ]


def _mask(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = text.replace(name, "×" * len(name))
    return sdk.redact(text)


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What one supervisor has handed in; photographs by the key of their indicator."""

    label: str
    assignment: EvaluationAssignment
    photos: Mapping[str, Sequence[EvaluationEvidence]]

    @property
    def scores(self) -> Sequence[EvaluationScore]:
        """The scores, in the order of the indicators."""
        return self.assignment.scores


def load_score_sheets(session: Session, subject: EvaluationSubject) -> list[ScoreSheet]:
    """Load what was handed in for a subject, in an order that says nothing of who and when."""
    query = (
        select(EvaluationAssignment)
        .where(
            EvaluationAssignment.subject_id == subject.id,
            EvaluationAssignment.state == AssignmentState.SUBMITTED,
        )
        .options(selectinload(EvaluationAssignment.scores).selectinload(EvaluationScore.changes))
    )
    rows = sorted(
        session.scalars(query), key=lambda row: keyed_digest(f"{NAME}.scorer", str(row.id))
    )
    evidence = session.scalars(
        select(EvaluationEvidence)
        .where(EvaluationEvidence.assignment_id.in_([row.id for row in rows]))
        .order_by(EvaluationEvidence.id)
    ).all()
    return [
        ScoreSheet(f"S{number}", row, _list_photos(row, evidence))
        for number, row in enumerate(rows, 1)
    ]


def _list_photos(
    assignment: EvaluationAssignment, evidence: Sequence[EvaluationEvidence]
) -> dict[str, list[EvaluationEvidence]]:
    photos: dict[str, list[EvaluationEvidence]] = {}
    for row in evidence:
        if row.assignment_id == assignment.id:
            photos.setdefault(row.indicator, []).append(row)
    return photos
