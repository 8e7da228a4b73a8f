"""A vote's plan and its life: drawn up, open, counting, published."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.clock import now, now_until
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.voting.domain.counting import VoteChannel, are_weights_whole
from core.voting.kinds import VoteKind, get_vote_kind
from core.voting.models import PublicVote, VoteSubject
from core.web.context import Context
from core.workflow import TransitionError, Workflow


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


def _find_opening_fault(vote: PublicVote) -> str | None:
    if not vote.subjects:
        return str(_("Choose at least one that is judged."))
    return None if vote.closes_at > now() else str(_("The vote would be over already."))


def _find_closing_fault(vote: PublicVote) -> str | None:
    """Voices are taken until the hour that was announced, never until it suits."""
    over = vote.closes_at <= now()
    return None if over else str(_("It is open until the time that was announced."))


def _find_publishing_fault(vote: PublicVote) -> str | None:
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


def get_vote(session: Session, tenant: Tenant, kind: VoteKind, vote_id: int) -> PublicVote:
    """Return a vote of the place and of a kind; raises `NotFound`."""
    vote = session.get(PublicVote, vote_id)
    if vote is None or (vote.tenant_id, vote.kind) != (tenant.id, kind.key):
        raise NotFound(where=str(vote_id))
    return vote


def list_votes(
    session: Session, tenant: Tenant, kind: VoteKind, *, public: bool
) -> Sequence[PublicVote]:
    """List the votes of the place, the newest first; those in the making for staff only."""
    query = select(PublicVote).where(PublicVote.tenant_id == tenant.id, PublicVote.kind == kind.key)
    if public:
        query = query.where(PublicVote.state != VoteState.DRAFT)
    return session.scalars(query.order_by(PublicVote.year.desc(), PublicVote.id.desc())).all()


def erase_votes(session: Session, tenant: Tenant, kind: VoteKind) -> None:
    """Delete the votes of a kind of a place, with every voice."""
    session.execute(
        delete(PublicVote).where(PublicVote.tenant_id == tenant.id, PublicVote.kind == kind.key)
    )


def is_web_open(vote: PublicVote) -> bool:
    """Return whether the web takes voices now; the page knows when that ends."""
    moment = now_until(vote.opens_at, vote.closes_at)
    in_time = vote.opens_at <= moment < vote.closes_at
    return vote.state == VoteState.OPEN and VoteChannel.WEB in vote.weights and in_time


def find_subject(vote: PublicVote, subject_id: int) -> VoteSubject:
    """Return a subject of a vote; raises `NotFound`."""
    subject = next((subject for subject in vote.subjects if subject.id == subject_id), None)
    if subject is None:
        raise NotFound(where=str(subject_id))
    return subject


def save_plan(
    ctx: Context,
    kind: VoteKind,
    vote: PublicVote | None,
    plan: Mapping[str, Any],
    subjects: Collection[str],
) -> PublicVote:
    """Make a vote, or change one that is not open yet; `subjects` are keys of options.

    Raises `Conflict` once it is open, `Invalid` for weights that are no plan and for what cannot be
    judged.
    """
    ctx.require(kind.action)
    if vote is not None and vote.state != VoteState.DRAFT:
        raise Conflict(_("The vote is open: its plan and its weights are fixed."))
    _check_weights(kind, plan)
    vote = vote or PublicVote(tenant_id=ctx.tenant.id, kind=kind.key)
    for name, value in plan.items():
        setattr(vote, name, value)
    _set_subjects(ctx, kind, vote, subjects)
    ctx.session.add(vote)
    ctx.session.flush()
    ctx.audit(kind.key, str(vote.id), weights=dict(vote.weights), subjects=len(subjects))
    return vote


def _check_weights(kind: VoteKind, plan: Mapping[str, Any]) -> None:
    weights = {VoteChannel(channel): weight for channel, weight in plan["weights"].items()}
    if not weights:
        raise Invalid({"weights": _("Choose at least one channel.")})
    if not are_weights_whole(weights):
        raise Invalid({"weights": _("The weights of all channels together are 100.")})
    if fault := kind.find_fault(weights, plan["weight_reason"]):
        raise Invalid({"weight_reason": str(fault)})


def _set_subjects(ctx: Context, kind: VoteKind, vote: PublicVote, wanted: Collection[str]) -> None:
    options = {option.key: option for option in kind.list_options(ctx.session, ctx.tenant)}
    if not set(wanted) <= options.keys():
        raise Invalid({"subjects": str(kind.words.subjects_hint or _("Choose one of the list."))})
    present = {subject.key: subject for subject in vote.subjects}
    vote.subjects[:] = [
        present.get(key)
        or VoteSubject(tenant_id=ctx.tenant.id, key=key, name=option.name, group=option.group)
        for key, option in options.items()
        if key in wanted
    ]
    for position, subject in enumerate(vote.subjects):
        subject.position = position


def advance(ctx: Context, vote: PublicVote, step: VoteStep) -> None:
    """Take a vote one step further. Raises `Conflict` with the reason where it cannot be."""
    ctx.require(get_vote_kind(vote).action)
    try:
        vote.state = LIFE.next_state(VoteState(vote.state), step, vote)
    except TransitionError as error:
        raise Conflict(error.reason or _("Somebody else was faster.")) from error
    ctx.audit(f"{vote.kind}_{step}", str(vote.id))
    ctx.session.flush()


def list_refusals(vote: PublicVote) -> list[str]:
    """List why the next step cannot be taken yet."""
    state = VoteState(vote.state)
    steps = [step for step, way in LIFE.table.items() if state in way]
    return [reason for step in steps if (reason := LIFE.find_refusal(step, vote))]


def delete_draft(ctx: Context, vote: PublicVote) -> None:
    """Delete a vote that was never open."""
    ctx.require(get_vote_kind(vote).action)
    if vote.state != VoteState.DRAFT:
        raise Conflict(_("Only a draft can be deleted."))
    ctx.audit(f"{vote.kind}_delete", str(vote.id))
    ctx.session.delete(vote)
