"""Who scores whom: drawn by the campaign's seed, changed by declines, swaps and extra visits.

Supervisors enter the draw by keyed digests, in whose order the seed mixes them: whoever knows the
published seed and the published register can still not repeat it.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Conflict, Context, DrawnPair, DrawShortfall, PanelDraw, keyed_digest

from ..domain.phases import (
    ASSIGNMENT_TRANSITIONS,
    AssignmentState,
    AssignmentTransition,
    CampaignState,
)
from ..i18n import _
from ..manifest import MANAGE, NAME
from ..models.campaign import EvaluationAssignment, EvaluationCampaign, EvaluationSubject
from ..models.register import EvaluationSupervisor
from ..register import REGISTER, load_conflicts
from .notices import tell_assigned

WORKFLOW = sdk.Workflow(ASSIGNMENT_TRANSITIONS)
LIVE = (AssignmentState.ASSIGNED, AssignmentState.SUBMITTED)
_DRAWN_IN = (CampaignState.SELF_ASSESSMENT, CampaignState.SCORING)


def list_assignments(
    session: Session, campaign: EvaluationCampaign
) -> Sequence[EvaluationAssignment]:
    """List the assignments of a campaign by subject."""
    query = select(EvaluationAssignment).where(EvaluationAssignment.campaign_id == campaign.id)
    order = (EvaluationAssignment.subject_id, EvaluationAssignment.kind, EvaluationAssignment.id)
    return session.scalars(query.order_by(*order)).all()


def load_supervisors(
    session: Session, assignments: Iterable[EvaluationAssignment]
) -> dict[int, EvaluationSupervisor]:
    """Load the people of assignments by their ids, whether they still are supervisors or not."""
    ids = {row.supervisor_id for row in assignments}
    query = select(EvaluationSupervisor).where(EvaluationSupervisor.id.in_(ids))
    return {row.id: row for row in session.scalars(query)}


class AssignmentDraw:
    """The people and subjects of a draw, by the keys that stand for them in it."""

    def __init__(self, ctx: Context, campaign: EvaluationCampaign) -> None:
        self.ctx, self.campaign = ctx, campaign
        self.supervisors = {
            _key_person(row.id): row for row in REGISTER.list_appointed(ctx.session, ctx.tenant)
        }
        self.subjects = {_key_subject(row): row for row in campaign.subjects}
        self.assignments = list_assignments(ctx.session, campaign)

    def run(
        self,
        subjects: Iterable[str],
        per_subject: int,
        seed: str,
        *,
        standing: AbstractSet[DrawnPair] = frozenset(),
        excluded: AbstractSet[DrawnPair] = frozenset(),
    ) -> PanelDraw:
        """Draw supervisors for some subjects; never one in conflict, those of last year last."""
        return sdk.draw_panel(
            sdk.DrawOrder(
                self.supervisors, list(subjects), per_subject, seed,
                conflicts=self.load_conflicts(), declined=excluded,
                history=self.load_history(), standing=standing,
            )
        )  # fmt: skip

    def list_pairs(self, *, standing: bool = False) -> frozenset[DrawnPair]:
        """List the pairs of the campaign's assignments: all, or those of a draw that stand."""
        return frozenset(
            (_key_person(row.supervisor_id), _key_subject(row.subject))
            for row in self.assignments
            if not standing or (row.kind == "regular" and row.state in LIVE)
        )

    def load_conflicts(self) -> frozenset[DrawnPair]:
        """Load who must not judge whom."""
        rows = load_conflicts(self.ctx.session, self.ctx.tenant)
        return frozenset((_key_person(person), f"{kind}:{key}") for person, kind, key in rows)

    def load_history(self) -> frozenset[DrawnPair]:
        """Load who judged whom in the campaign before."""
        before = (
            select(EvaluationCampaign.id)
            .where(
                EvaluationCampaign.tenant_id == self.campaign.tenant_id,
                EvaluationCampaign.state == CampaignState.PUBLISHED,
                EvaluationCampaign.id != self.campaign.id,
            )
            .order_by(EvaluationCampaign.year.desc(), EvaluationCampaign.id.desc())
            .limit(1)
        )
        query = (
            select(EvaluationAssignment.supervisor_id, EvaluationSubject)
            .join(EvaluationAssignment.subject)
            .where(EvaluationAssignment.campaign_id == before.scalar_subquery())
        )
        rows = self.ctx.session.execute(query.where(EvaluationAssignment.state.in_(LIVE)))
        return frozenset((_key_person(person), _key_subject(row)) for person, row in rows)

    def take_back(self) -> None:
        """Take open assignments from supervisors who must not have them any more."""
        conflicts = self.load_conflicts()
        for row in self.assignments:
            person = _key_person(row.supervisor_id)
            in_conflict = (person, _key_subject(row.subject)) in conflicts
            if (
                in_conflict or person not in self.supervisors
            ) and row.state == AssignmentState.ASSIGNED:
                reason = _("Conflict of interest, or no longer appointed")
                change_state(self.ctx.session, row, AssignmentTransition.SWAP, reason=reason)

    def add(self, pairs: Iterable[DrawnPair], kind: str) -> list[EvaluationAssignment]:
        """Store the pairs as assignments, and return them."""
        rows = [
            EvaluationAssignment(
                tenant_id=self.campaign.tenant_id, campaign_id=self.campaign.id, kind=kind,
                subject_id=self.subjects[subject].id, supervisor_id=self.supervisors[person].id,
                state=AssignmentState.ASSIGNED,
            )
            for person, subject in pairs
        ]  # fmt: skip
        self.ctx.session.add_all(rows)
        self.ctx.session.flush()
        if self.campaign.state == CampaignState.SCORING:
            tell_assigned(self.ctx.session, self.ctx.tenant, self.campaign, rows)
        return rows


def _key_person(number: int) -> str:
    return keyed_digest(f"{NAME}.draw", str(number))


def _key_subject(subject: EvaluationSubject) -> str:
    return "{}:{}".format(*subject.subject_key)


def draw_assignments(ctx: Context, campaign: EvaluationCampaign) -> tuple[DrawShortfall, ...]:
    """Assign supervisors to every subject, keeping what stands; return where there are too few.

    Whoever declined or was swapped out is not drawn for the same subject again. Open assignments
    of those who have left or have declared a conflict since are taken from them.
    """
    ctx.require(MANAGE)
    _refuse_outside(campaign)
    draw = AssignmentDraw(ctx, campaign)
    draw.take_back()
    standing = draw.list_pairs(standing=True)
    drawn = draw.run(
        draw.subjects,
        campaign.scores_per_subject,
        campaign.seed,
        standing=standing,
        excluded=draw.list_pairs() - standing,
    )
    added = draw.add((pair for pair in drawn.pairs if pair not in standing), "regular")
    ctx.audit(f"{NAME}.assignments_drawn", str(campaign.id), added=len(added))
    return tuple(drawn.shortfalls)


def add_visits(ctx: Context, campaign: EvaluationCampaign, kind: str, subject_ids: Iterable[int]
               ) -> tuple[DrawShortfall, ...]:  # fmt: skip
    """Send one more supervisor to each of these subjects: a spot check or a mystery visit."""
    ctx.require(MANAGE)
    _refuse_outside(campaign)
    draw = AssignmentDraw(ctx, campaign)
    chosen = set(subject_ids)
    keys = [key for key, row in draw.subjects.items() if row.id in chosen]
    taken = draw.list_pairs()
    drawn = draw.run(keys, 1, f"{campaign.seed}:{kind}:{len(draw.assignments)}", excluded=taken)
    added = draw.add(drawn.pairs, kind)
    ctx.audit(f"{NAME}.visits_added", str(campaign.id), added=len(added), kind=kind)
    return tuple(drawn.shortfalls)


def swap_supervisor(ctx: Context, assignment: EvaluationAssignment, supervisor_id: int, reason: str
                    ) -> EvaluationAssignment:  # fmt: skip
    """Give somebody's open assignment to another supervisor.

    Raises `Conflict` where that one declared a conflict of interest or has the subject already.
    """
    ctx.require(MANAGE)
    campaign = assignment.subject.campaign
    _refuse_outside(campaign)
    draw = AssignmentDraw(ctx, campaign)
    pair = (_key_person(supervisor_id), _key_subject(assignment.subject))
    if pair[0] not in draw.supervisors:
        raise Conflict(_("This is no appointed supervisor."))
    if pair in draw.load_conflicts():
        raise Conflict(_("This supervisor has a conflict of interest with the subject."))
    if pair in draw.list_pairs():
        raise Conflict(_("This supervisor had the subject already."))
    change_state(ctx.session, assignment, AssignmentTransition.SWAP, reason=reason)
    ctx.audit(f"{NAME}.assignment_swapped", str(assignment.id))
    return draw.add([pair], assignment.kind)[0]


def decline_assignment(session: Session, assignment: EvaluationAssignment, reason: str) -> None:
    """Let a supervisor decline, with a reason; raises `Conflict` once the scores are in."""
    change_state(session, assignment, AssignmentTransition.DECLINE, reason=reason)


def change_state(
    session: Session,
    assignment: EvaluationAssignment,
    transition: AssignmentTransition,
    **values: object,
) -> None:
    """Make a transition once: of two at the same time the second raises `Conflict`."""
    before = AssignmentState.ASSIGNED
    after = WORKFLOW.next_state(before, transition)
    done = session.execute(
        update(EvaluationAssignment)
        .where(EvaluationAssignment.id == assignment.id, EvaluationAssignment.state == before)
        .values(state=after, **values)
    )
    if not done.rowcount:  # type: ignore[attr-defined]  # an UPDATE gives a cursor result
        raise Conflict(_("That is no longer possible: the assignment has been dealt with."))
    session.refresh(assignment)


def list_candidates(ctx: Context, subject: EvaluationSubject) -> list[EvaluationSupervisor]:
    """List who could take over a subject: appointed, without a conflict, not there before."""
    draw = AssignmentDraw(ctx, subject.campaign)
    barred = draw.load_conflicts() | draw.list_pairs()
    key = _key_subject(subject)
    return [row for person, row in draw.supervisors.items() if (person, key) not in barred]


def _refuse_outside(campaign: EvaluationCampaign) -> None:
    if campaign.state not in _DRAWN_IN:
        raise Conflict(_("Supervisors are assigned from the start until scoring ends."))


def is_scoring_open(campaign: EvaluationCampaign, day: date) -> bool:
    """Tell whether supervisors can hand in scores on a day."""
    return campaign.state == CampaignState.SCORING and day <= campaign.scoring_until
