"""Questions raised on an open day: noted, given to somebody with a deadline, answered, shown."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import Context, Invalid, NotFound, today, utc_now

from ..events.queries import is_in_charge
from ..i18n import _
from ..manifest import MANAGE
from ..models.followup import Reply
from ..models.registration import OpenDay
from ..registrations.transitions import flush

LONGEST_QUESTION = 1_000
LONGEST_REPLY = 5_000
MOST_AT_ONCE = 100


def list_replies(session: Session, day: OpenDay) -> list[Reply]:
    """List the day's questions: those without an answer first, by deadline."""
    query = (
        select(Reply)
        .where(Reply.open_day_id == day.id)
        .options(selectinload(Reply.organ))
        .order_by(Reply.replied_at.is_not(None), Reply.due_on, Reply.id)
    )
    return list(session.scalars(query))


def public_replies(session: Session, day: OpenDay) -> list[Reply]:
    """List questions with their answers, as far as everybody may read them."""
    return [one for one in list_replies(session, day) if one.is_public and one.replied_at]


def get_reply(session: Session, day: OpenDay, number: int) -> Reply:
    """Load one of the day's questions; raises `NotFound`."""
    query = select(Reply).where(Reply.id == number, Reply.open_day_id == day.id)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("There is no such question."))
    return found


def raise_questions(ctx: Context, day: OpenDay, questions: Sequence[str], **given: Any) -> None:
    """Note questions with who is to answer them by when (`organ_id`, `unit`, `due_on`)."""
    ctx.require(MANAGE, organ=day.organ_id)
    if not questions:
        raise Invalid({"questions": _("Enter at least one question.")})
    for question in questions:
        own = {"tenant_id": day.tenant_id, "open_day_id": day.id, "question": question}
        ctx.session.add(Reply(**own, **given))
    ctx.audit("open_day.questions", str(day.id), count=len(questions))
    flush(ctx.session)


def answer_question(ctx: Context, reply: Reply, text: str, is_public: bool) -> None:
    """Answer a question, or change the answer."""
    ctx.require(MANAGE, organ=reply.owner_organ_id)
    reply.reply, reply.is_public = text, is_public
    reply.replied_at = reply.replied_at or utc_now()
    reply.replied_by_name = ctx.actor.name
    ctx.audit("open_day.reply", str(reply.id), public=is_public)
    flush(ctx.session)


def remove_question(ctx: Context, reply: Reply) -> None:
    """Remove a question that has no answer."""
    ctx.require(MANAGE, organ=reply.owner_organ_id)
    if reply.replied_at is not None:
        raise Invalid({"reply": _("It has been answered and stays.")})
    ctx.audit("open_day.question_removed", str(reply.id))
    ctx.session.delete(reply)
    flush(ctx.session)


def is_late(reply: Reply) -> bool:
    """Say whether the deadline has passed without an answer."""
    return reply.replied_at is None and reply.due_on is not None and reply.due_on < today()


def open_replies(ctx: Context) -> tuple[int, date | None]:
    """Count the questions that wait for the person's answer, and return the next deadline."""
    query = select(func.count(Reply.id), func.min(Reply.due_on)).join(Reply.day)
    query = query.where(is_in_charge(ctx, MANAGE), Reply.replied_at.is_(None))
    count, due = ctx.session.execute(query).one()
    return count, due
