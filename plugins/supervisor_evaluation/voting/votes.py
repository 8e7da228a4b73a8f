"""A vote's plan and its life: drawn up, open, counting, published (社会评议, N19)."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import (
    Conflict,
    Context,
    Invalid,
    NotFound,
    Tenant,
    TransitionError,
    Workflow,
    now_until,
    utc_now,
)

from ..domain.ballots import WEB_MOST, Channel, PlanFault, find_plan_fault
from ..i18n import _, _l
from ..manifest import MANAGE, NAME
from ..models.voting import SocialVote, VoteSubject
from ..register.subjects import list_subjects


class VoteState(StrEnum):
    """Where a vote stands."""

    DRAFT = "draft"
    OPEN = "open"
    COUNTING = "counting"
    PUBLISHED = "published"


class VoteStep(StrEnum):
    """What the office does with a vote."""

    OPEN = "open"
    CLOSE = "close"
    PUBLISH = "publish"


def _find_opening_fault(vote: SocialVote) -> str | None:
    if not vote.subjects:
        return str(_("Choose at least one department or township."))
    return None if vote.closes_at > utc_now() else str(_("The vote would be over already."))


def _find_closing_fault(vote: SocialVote) -> str | None:
    """Voices are taken until the hour that was announced, never until it suits."""
    over = vote.closes_at <= utc_now()
    return None if over else str(_("It is open until the time that was announced."))


def _find_publishing_fault(vote: SocialVote) -> str | None:
    closed = all(record.closed_at for record in vote.records)
    return None if closed else str(_("Close the records of the paper ballots first."))


LIFE = Workflow(
    {
        VoteStep.OPEN: {VoteState.DRAFT: VoteState.OPEN},
        VoteStep.CLOSE: {VoteState.OPEN: VoteState.COUNTING},
        VoteStep.PUBLISH: {VoteState.COUNTING: VoteState.PUBLISHED},
    },
    guards={
        VoteStep.OPEN: _find_opening_fault,
        VoteStep.CLOSE: _find_closing_fault,
        VoteStep.PUBLISH: _find_publishing_fault,
    },
    transition_labels={
        VoteStep.OPEN: _l("Open the vote: plan and weights are fixed from now on"),
        VoteStep.CLOSE: _l("Close the vote and count"),
        VoteStep.PUBLISH: _l("Publish the result"),
    },
)

_FAULTS = {
    PlanFault.NONE: _l("Choose at least one channel."),
    PlanFault.NEGATIVE: _l("The weights of all channels together are 100."),
    PlanFault.SUM: _l("The weights of all channels together are 100."),
    PlanFault.WEB: _l("The web weighs more than %(n)s percent: say why.", n=WEB_MOST),
}


def get_vote(session: Session, tenant: Tenant, vote_id: int) -> SocialVote:
    """Return a vote of the place; raises `NotFound`."""
    vote = session.get(SocialVote, vote_id)
    if vote is None or vote.tenant_id != tenant.id:
        raise NotFound(where=str(vote_id))
    return vote


def list_votes(session: Session, tenant: Tenant, *, public: bool) -> Sequence[SocialVote]:
    """List the votes of the place, the newest first; those in the making for staff only."""
    query = select(SocialVote).where(SocialVote.tenant_id == tenant.id)
    if public:
        query = query.where(SocialVote.state != VoteState.DRAFT)
    return session.scalars(query.order_by(SocialVote.year.desc(), SocialVote.id.desc())).all()


def list_offered(ctx: Context) -> list[dict[str, str]]:
    """List who can be judged: departments and townships of the place, nobody else (N37)."""
    groups = {"organ": str(_("Departments")), "township": str(_("Townships"))}
    return [
        {"value": f"{row.kind}-{row.id}", "label": row.name, "group": groups[row.kind]}
        for row in list_subjects(ctx.session, ctx.tenant)
    ]


def subject_word(subject: VoteSubject) -> str:
    """Return the word by which `list_offered` names a subject."""
    kind, number = subject.subject_key
    return f"{kind}-{number}"


def is_web_open(vote: SocialVote) -> bool:
    """Return whether the web takes voices now; the page knows when that ends."""
    now = now_until(vote.opens_at, vote.closes_at)
    in_time = vote.opens_at <= now < vote.closes_at
    return vote.state == VoteState.OPEN and Channel.WEB in vote.weights and in_time


def save_plan(
    ctx: Context, vote: SocialVote | None, plan: Mapping[str, Any], subjects: Collection[str]
) -> SocialVote:
    """Make a vote, or change one that is not open yet.

    Raises `Conflict` once it is open, `Invalid` for weights that are no plan and for whatever is no
    department or township of the place.
    """
    ctx.require(MANAGE)
    if vote is not None and vote.state != VoteState.DRAFT:
        raise Conflict(_("The vote is open: its plan and its weights are fixed."))
    fault = find_plan_fault(plan["weights"], plan["weight_reason"])
    if fault is not None:
        name = "weight_reason" if fault == PlanFault.WEB else "weights"
        raise Invalid({name: str(_FAULTS[fault])})
    vote = vote or SocialVote(tenant_id=ctx.tenant.id)
    for name, value in plan.items():
        setattr(vote, name, value)
    _set_subjects(ctx, vote, subjects)
    ctx.session.add(vote)
    ctx.session.flush()
    ctx.audit(f"{NAME}.vote", str(vote.id), weights=dict(vote.weights), subjects=len(subjects))
    return vote


def _set_subjects(ctx: Context, vote: SocialVote, words: Collection[str]) -> None:
    names = {choice["value"]: choice["label"] for choice in list_offered(ctx)}
    if not set(words) <= names.keys():
        refusal = _("Only departments and townships of this place are evaluated, no villages and "
                    "no persons.")  # fmt: skip
        raise Invalid({"subjects": refusal})
    present = {subject_word(subject): subject for subject in vote.subjects}
    wanted = [word for word in names if word in set(words)]
    vote.subjects[:] = [present.get(word) or _make_subject(ctx, word, names) for word in wanted]
    for position, subject in enumerate(vote.subjects):
        subject.position = position


def _make_subject(ctx: Context, word: str, names: Mapping[str, str]) -> VoteSubject:
    kind, _dash, number = word.partition("-")
    return VoteSubject(tenant_id=ctx.tenant.id, name=names[word], **{f"{kind}_id": int(number)})


def advance(ctx: Context, vote: SocialVote, step: VoteStep) -> None:
    """Take a vote one step further. Raises `Conflict` with the reason where it cannot be."""
    ctx.require(MANAGE)
    try:
        vote.state = LIFE.next_state(VoteState(vote.state), step, vote)
    except TransitionError as error:
        raise Conflict(error.reason or _("Somebody else was faster.")) from error
    ctx.audit(f"{NAME}.vote_{step}", str(vote.id))
    ctx.session.flush()


def delete_draft(ctx: Context, vote: SocialVote) -> None:
    """Delete a vote that was never open."""
    ctx.require(MANAGE)
    if vote.state != VoteState.DRAFT:
        raise Conflict(_("Only a draft can be deleted."))
    ctx.audit(f"{NAME}.vote_delete", str(vote.id))
    ctx.session.delete(vote)
