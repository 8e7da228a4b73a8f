"""Questions raised on an open day: noted, given to somebody with a deadline, answered, shown."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from core.sdk import Actor, Invalid, NotFound, Tenant, record, require, today, utc_now

from ..events.lifecycle import flush
from ..i18n import _
from ..manifest import MANAGE
from ..models.followup import Reply
from ..models.registration import OpenDay

LONGEST_QUESTION = 1_000
LONGEST_REPLY = 5_000
MOST_AT_ONCE = 100


def replies_of(session: Session, day: OpenDay) -> list[Reply]:
    """The day's questions: those without an answer first, by deadline."""
    query = (
        select(Reply)
        .where(Reply.open_day_id == day.id)
        .options(selectinload(Reply.organ))
        .order_by(Reply.replied_at.is_not(None), Reply.due_on, Reply.id)
    )
    return list(session.scalars(query))


def public_replies(session: Session, day: OpenDay) -> list[Reply]:
    """Questions with their answers, as far as everybody may read them."""
    return [one for one in replies_of(session, day) if one.is_public and one.replied_at]


def get_reply(session: Session, day: OpenDay, number: int) -> Reply:
    """One of the day's questions; raises `NotFound`."""
    query = select(Reply).where(Reply.id == number, Reply.open_day_id == day.id)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_("There is no such question."))
    return found


def raise_questions(  # noqa: PLR0913 - who, where, which, what, whose, until when
    session: Session,
    actor: Actor,
    tenant: Tenant,
    day: OpenDay,
    lines: Iterable[str],
    *,
    organ_id: int | None,
    unit: str,
    due_on: date | None,
) -> int:
    """Note questions, one on each line; how many."""
    require(actor, MANAGE, tenant)
    found = [" ".join(line.split()) for line in lines if line.strip()]
    if not found:
        raise Invalid({"questions": _("Enter at least one question.")})
    if len(found) > MOST_AT_ONCE or any(len(line) > LONGEST_QUESTION for line in found):
        raise Invalid({"questions": _("At most %(n)s characters.", n=LONGEST_QUESTION)})
    for line in found:
        session.add(
            Reply(
                tenant_id=day.tenant_id, open_day_id=day.id, question=line, organ_id=organ_id,
                unit=unit, due_on=due_on,
            )
        )  # fmt: skip
    record(session, actor, tenant, "open_day.questions", str(day.id), count=len(found))
    flush(session)
    return len(found)


def answer_question(  # noqa: PLR0913 - who, where, which, what
    session: Session, actor: Actor, tenant: Tenant, reply: Reply, text: str, *, is_public: bool
) -> None:
    """Answer a question, or change the answer."""
    require(actor, MANAGE, tenant)
    text = text.strip()
    if not text:
        raise Invalid({"reply": _("Enter the answer.")})
    if len(text) > LONGEST_REPLY:
        raise Invalid({"reply": _("At most %(n)s characters.", n=LONGEST_REPLY)})
    reply.reply, reply.is_public = text, is_public
    reply.replied_at = reply.replied_at or utc_now()
    reply.replied_by_name = actor.name
    record(session, actor, tenant, "open_day.reply", str(reply.id), public=is_public)
    flush(session)


def remove_question(session: Session, actor: Actor, tenant: Tenant, reply: Reply) -> None:
    """Remove a question that has no answer."""
    require(actor, MANAGE, tenant)
    if reply.replied_at is not None:
        raise Invalid({"reply": _("It has been answered and stays.")})
    record(session, actor, tenant, "open_day.question_removed", str(reply.id))
    session.delete(reply)
    flush(session)


def is_late(reply: Reply) -> bool:
    """Whether the deadline has passed without an answer."""
    return reply.replied_at is None and reply.due_on is not None and reply.due_on < today()


def open_replies(session: Session, tenant: Tenant) -> tuple[int, date | None]:
    """How many questions of the tenant wait for an answer, and the next deadline."""
    query = select(func.count(Reply.id), func.min(Reply.due_on)).where(
        Reply.tenant_id == tenant.id, Reply.replied_at.is_(None)
    )
    count, due = session.execute(query).one()
    return count, due
