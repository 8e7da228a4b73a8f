"""Take a message in, give it a number and a term, and find it again for its sender."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.calendar.service import add_working_days
from core.clock import first_moment, now, today
from core.db.transactions import savepoint
from core.db.tree import Tenant
from core.errors import Conflict
from core.messages.domain.life import CaseMove, Channel
from core.messages.kinds import MessageTopic
from core.messages.models import MessageCase, MessageEvent
from core.messages.reminders import tell_staff
from core.permissions import NOBODY, Actor
from core.redaction import keyed_digest

PHONE_PURPOSE = "messages.phone"
#: Two messages at the same moment may draw the same number; one of them draws again.
_TRIES = 5


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What a sender typed; `request_key` makes sending the same form twice one act.

    What came by telephone or on paper was keyed in by `actor`; its term begins on the day on
    which it came.
    """

    text: str
    name: str = ""
    phone: str = ""
    may_be_published: bool = False
    request_key: str | None = None
    row_number: int | None = None
    channel: Channel = Channel.WEB
    came_on: date | None = None
    actor: Actor = NOBODY


def receive(
    session: Session, tenant: Tenant, topic: MessageTopic, message: NewMessage
) -> MessageCase:
    """Store a message; its term begins on the next working day. Raises `Conflict` when overrun."""
    sent = _find_sent(session, message.request_key)
    if sent is not None:
        return sent
    case = store_case(session, lambda: _build(session, tenant, topic, message), message.request_key)
    tell_staff(session, tenant, case)
    return case


def store_case(
    session: Session, build: Callable[[], MessageCase], request_key: str | None = None
) -> MessageCase:
    """Store a case with the next number; another is drawn where somebody else was faster.

    Raises `Conflict` when overrun.
    """
    for _attempt in range(_TRIES):
        case = build()
        try:
            with savepoint(session):
                session.add(case)
        except IntegrityError:
            sent = _find_sent(session, request_key)
            if sent is not None:
                return sent
            continue
        return case
    raise Conflict


def _find_sent(session: Session, request_key: str | None) -> MessageCase | None:
    if not request_key:
        return None
    return session.scalar(select(MessageCase).where(MessageCase.request_key == request_key))


def _build(
    session: Session, tenant: Tenant, topic: MessageTopic, message: NewMessage
) -> MessageCase:
    came_on = message.came_on or today()
    term = add_working_days(came_on, topic.about.term or topic.kind.term)
    case = MessageCase(
        tenant_id=tenant.id,
        number=next_number(session, tenant),
        code=draw_code(),
        request_key=message.request_key or None,
        kind=topic.kind.key,
        key=topic.key,
        subject=topic.about.title,
        text=message.text,
        name=message.name,
        phone=message.phone,
        phone_digest=keyed_digest(PHONE_PURPOSE, message.phone) if message.phone else None,
        may_be_published=message.may_be_published,
        channel=message.channel,
        row_number=message.row_number,
        received_at=now() if came_on == today() else first_moment(came_on),
        organ_id=topic.about.organ_id,
        due_on=term.end,
        is_provisional=term.is_provisional,
    )
    case.history.append(
        MessageEvent(
            tenant_id=tenant.id,
            move=CaseMove.RECEIVE,
            due_on=case.due_on,
            actor_id=message.actor.user_id,
            actor_name=message.actor.name,
        )
    )
    return case


def draw_code() -> str:
    """Draw the code of a sender's page, which nobody can guess."""
    return secrets.token_urlsafe(16)


def next_number(session: Session, tenant: Tenant) -> str:
    """Return the next number of this year at the place, e.g. `2026-00017`."""
    year = f"{today().year}-"
    query = select(func.max(MessageCase.number)).where(
        MessageCase.tenant_id == tenant.id, MessageCase.number.startswith(year)
    )
    last = session.scalar(query)
    return f"{year}{int(last.removeprefix(year)) + 1 if last else 1:05}"


def find_by_phone(session: Session, tenant: Tenant, number: str, phone: str) -> MessageCase | None:
    """Find a message by its number and the phone that its sender left."""
    query = select(MessageCase).where(
        MessageCase.tenant_id == tenant.id,
        MessageCase.number == number,
        MessageCase.phone_digest == keyed_digest(PHONE_PURPOSE, phone),
    )
    return session.scalar(query)


def find_by_code(session: Session, tenant: Tenant, code: str) -> MessageCase | None:
    """Find a message by the code of its sender's page."""
    query = select(MessageCase).where(MessageCase.tenant_id == tenant.id, MessageCase.code == code)
    return session.scalar(query)
