"""Voices over the web: one for each subject and device or ticket, whoever asks at once.

A device is a random cookie, a ticket a random code; both are kept as keyed digests only. That one
person has one device cannot be known: the page and the manual say so, and the web weighs little.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.clock import today
from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.errors import Conflict, NotFound
from core.redaction import keyed_digest
from core.voting.kinds import VoteKind, get_vote_kind
from core.voting.models import PublicVote, VoteRemark, VoteSubject, VoteTicket, WebBallot
from core.voting.votes import VoteState, is_web_open
from core.web.context import Context

#: Without signs that are mistaken for each other when they are typed: 0/O, 1/I/L.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TICKET_LENGTH = 10
MOST_TICKETS = 500
LONGEST_REMARK = 500


def clean_ticket(typed: str) -> str:
    """Return a ticket's code as it is stored, however it was typed."""
    return "".join(sign for sign in typed.upper() if sign in _SIGNS)[: 2 * TICKET_LENGTH]


def make_tickets(ctx: Context, vote: PublicVote, count: int) -> list[str]:
    """Make so many tickets; their codes are known now and never again."""
    ctx.require(get_vote_kind(vote).action)
    if vote.state not in {VoteState.DRAFT, VoteState.OPEN}:
        raise Conflict(_("The vote is over."))
    codes = ["".join(secrets.choice(_SIGNS) for _n in range(TICKET_LENGTH)) for _ in range(count)]
    owner = {"tenant_id": vote.tenant_id, "vote_id": vote.id}
    ctx.session.add_all(VoteTicket(**owner, code_digest=_digest(vote, code)) for code in codes)
    ctx.audit(f"{vote.kind}_tickets", str(vote.id), count=count)
    ctx.session.flush()
    return codes


def _digest(vote: PublicVote, code: str) -> str:
    return keyed_digest(f"{get_vote_kind(vote).feature}.ticket", code)


def find_ticket(ctx: Context, vote: PublicVote, code: str) -> bool:
    """Return whether this is a ticket of the vote."""
    query = select(VoteTicket.id).where(
        VoteTicket.vote_id == vote.id,
        VoteTicket.code_digest == _digest(vote, clean_ticket(code)),
    )
    return ctx.session.scalar(query) is not None


def voter_digest(vote: PublicVote, *, device: str = "", ticket: str = "") -> str:
    """Return who votes, as it is stored: other votes know the same device by other digests."""
    who = f"ticket:{clean_ticket(ticket)}" if ticket else f"device:{device}"
    return keyed_digest(f"{get_vote_kind(vote).feature}.voter", f"{vote.id}:{who}")


def list_judged(ctx: Context, vote: PublicVote, voter: str) -> frozenset[int]:
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
    grades: Mapping[str, str]
    words: str = ""


def cast_vote(ctx: Context, vote: PublicVote, voice: WebVoice) -> bool:
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


def add_remark(ctx: Context, vote: PublicVote, subject: VoteSubject, words: str) -> None:
    """Keep what somebody wrote, to be let through or not; nothing leads to the voice."""
    owner = {"tenant_id": vote.tenant_id, "vote_id": vote.id, "subject_id": subject.id}
    ctx.session.add(VoteRemark(**owner, words=words, sent_on=today()))


def list_remarks(ctx: Context, vote: PublicVote, state: str) -> Sequence[VoteRemark]:
    """List what was written, in one state, by subject and words: the order says nothing."""
    query = select(VoteRemark).where(VoteRemark.vote_id == vote.id, VoteRemark.state == state)
    return ctx.session.scalars(query.order_by(VoteRemark.subject_id, VoteRemark.words)).all()


def count_waiting_remarks(session: Session, tenant: Tenant, kind: VoteKind) -> int:
    """Count what was written in the votes of a place and nobody has looked through."""
    query = (
        select(func.count())
        .select_from(VoteRemark)
        .join(PublicVote)
        .where(
            VoteRemark.tenant_id == tenant.id,
            VoteRemark.state == "waiting",
            PublicVote.kind == kind.key,
        )
    )
    return session.scalar(query) or 0


def get_remark(ctx: Context, vote: PublicVote, remark_id: int) -> VoteRemark:
    """Return what was written about a subject of a vote; raises `NotFound`."""
    remark = ctx.session.get(VoteRemark, remark_id)
    if remark is None or remark.vote_id != vote.id:
        raise NotFound(where=str(remark_id))
    return remark


def decide_remark(ctx: Context, vote: PublicVote, remark: VoteRemark, *, shown: bool) -> None:
    """Let words through to the public page, or keep them off it."""
    ctx.require(get_vote_kind(vote).action)
    remark.state, remark.decided_by = "shown" if shown else "refused", ctx.actor.name
    ctx.audit(f"{vote.kind}_remark", str(remark.id), state=remark.state)
    ctx.session.flush()
