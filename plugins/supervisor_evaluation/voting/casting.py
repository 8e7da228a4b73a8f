"""Voices over the web: one for each subject and device or ticket, whoever asks at once.

A device is a random cookie, a ticket a random code; both are kept as keyed digests only. That one
person has one device cannot be known: the page and the manual say so, and the web weighs little.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.sdk import Conflict, Context, Tenant, keyed_digest, savepoint, today

from ..domain.ballots import Grade
from ..i18n import _
from ..manifest import MANAGE, NAME
from ..models.voting import SocialVote, VoteRemark, VoteSubject, VoteTicket, WebBallot
from .votes import VoteState, is_web_open

#: Without signs that are mistaken for each other when they are typed: 0/O, 1/I/L.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TICKET_LENGTH = 10
MOST_TICKETS = 500
_VOTER, _TICKET = f"{NAME}.voter", f"{NAME}.ticket"


def clean_ticket(typed: str) -> str:
    """Return a ticket's code as it is stored, however it was typed."""
    return "".join(sign for sign in typed.upper() if sign in _SIGNS)[: 2 * TICKET_LENGTH]


def make_tickets(ctx: Context, vote: SocialVote, count: int) -> list[str]:
    """Make so many tickets; their codes are known now and never again."""
    ctx.require(MANAGE)
    if vote.state not in {VoteState.DRAFT, VoteState.OPEN}:
        raise Conflict(_("The vote is over."))
    codes = ["".join(secrets.choice(_SIGNS) for _n in range(TICKET_LENGTH)) for _ in range(count)]
    ctx.session.add_all(
        VoteTicket(
            tenant_id=vote.tenant_id, vote_id=vote.id, code_digest=keyed_digest(_TICKET, code)
        )
        for code in codes
    )
    ctx.audit(f"{NAME}.vote_tickets", str(vote.id), count=count)
    ctx.session.flush()
    return codes


def find_ticket(ctx: Context, vote: SocialVote, code: str) -> bool:
    """Return whether this is a ticket of the vote."""
    query = select(VoteTicket.id).where(
        VoteTicket.vote_id == vote.id,
        VoteTicket.code_digest == keyed_digest(_TICKET, clean_ticket(code)),
    )
    return ctx.session.scalar(query) is not None


def voter_digest(vote: SocialVote, *, device: str = "", ticket: str = "") -> str:
    """Return who votes, as it is stored: other votes know the same device by other digests."""
    who = f"ticket:{clean_ticket(ticket)}" if ticket else f"device:{device}"
    return keyed_digest(_VOTER, f"{vote.id}:{who}")


def list_judged(ctx: Context, vote: SocialVote, voter: str) -> frozenset[int]:
    """List the subjects that this voter has judged."""
    query = select(WebBallot.subject_id).where(
        WebBallot.vote_id == vote.id, WebBallot.voter_digest == voter
    )
    return frozenset(ctx.session.scalars(query))


@dataclass(frozen=True, slots=True)
class WebVoice:
    """What one voter says of one subject."""

    subject: VoteSubject
    voter: str
    grades: Mapping[str, Grade]
    words: str = ""


def cast_vote(ctx: Context, vote: SocialVote, voice: WebVoice) -> bool:
    """Take a voice; return `False` where this voter has judged the subject before.

    The database itself refuses a second one, also where both come at the same moment. Raises
    `Conflict` where the vote is not open.
    """
    if not is_web_open(vote):
        raise Conflict(_("The vote is not open."))
    ballot = WebBallot(
        tenant_id=vote.tenant_id,
        vote_id=vote.id,
        subject_id=voice.subject.id,
        voter_digest=voice.voter,
        grades=dict(voice.grades),
        cast_on=today(),
    )
    try:
        with savepoint(ctx.session):
            ctx.session.add(ballot)
            ctx.session.flush()
    except IntegrityError:
        return False
    if voice.words:
        add_remark(ctx, vote, voice.subject, voice.words)
    return True


def add_remark(ctx: Context, vote: SocialVote, subject: VoteSubject, words: str) -> None:
    """Keep what somebody wrote, to be let through or not; nothing leads to the voice."""
    owner = {"tenant_id": vote.tenant_id, "vote_id": vote.id, "subject_id": subject.id}
    ctx.session.add(VoteRemark(**owner, words=words, sent_on=today()))


def list_remarks(ctx: Context, vote: SocialVote, state: str) -> Sequence[VoteRemark]:
    """List what was written, in one state, by subject and words: the order says nothing."""
    query = select(VoteRemark).where(VoteRemark.vote_id == vote.id, VoteRemark.state == state)
    return ctx.session.scalars(query.order_by(VoteRemark.subject_id, VoteRemark.words)).all()


def count_waiting(session: Session, tenant: Tenant) -> int:
    """Count what was written in the votes of a place and nobody has looked through."""
    waiting = (VoteRemark.tenant_id == tenant.id) & (VoteRemark.state == "waiting")
    return session.scalar(select(func.count()).select_from(VoteRemark).where(waiting)) or 0


def decide_remark(ctx: Context, remark: VoteRemark, *, shown: bool) -> None:
    """Let words through to the public page, or keep them off it."""
    ctx.require(MANAGE)
    remark.state, remark.decided_by = "shown" if shown else "refused", ctx.actor.name
    ctx.audit(f"{NAME}.vote_remark", str(remark.id), state=remark.state)
    ctx.session.flush()
