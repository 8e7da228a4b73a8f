"""What people said of lists of the demonstration, and what came of its decisions."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import today
from core.messages import handling
from core.messages.domain.life import Channel
from core.messages.kinds import MessageSubject, MessageTopic, find_message_kind
from core.messages.receiving import NewMessage, receive
from core.permissions import Actor
from core.publishing.decisions.service import expect_result, find_decision, link_result
from core.publishing.models import Publication
from core.publishing.objections.kind import OBJECTION
from core.publishing.objections.service import begin_after
from core.web.context import Context


def add_objections(
    session: Session,
    author: Actor,
    reviewer: Actor,
    made: Publication,
    objections: Iterable[Mapping[str, Any]],
) -> None:
    """Key in objections to a list as its clerk does; those with a reply are decided by two."""
    clerk = Context(session, made.tenant, author)
    kind = find_message_kind(OBJECTION)
    if kind is None:
        return
    topic = MessageTopic(kind, str(made.id), MessageSubject(made.title, "", made.organ_id))
    for said in objections:
        message = NewMessage(
            text=said["text"],
            phone=said.get("phone", ""),
            row_number=said.get("row_number"),
            channel=Channel.PHONE,
            actor=author,
        )
        case = receive(session, made.tenant, topic, message)
        if "reply" in said:
            handling.draft_reply(clerk, case, said["reply"], said["outcome"])
            handling.approve_reply(Context(session, made.tenant, reviewer), case)
            begin_after(clerk, made, case.id)


def pair_up(session: Session, author: Actor, made: Publication, told: Mapping[str, Any]) -> None:
    """Let a decision wait for its result, or link what came of one."""
    if "waits_days" in told:
        expect_result(session, author, made, today() + timedelta(days=told["waits_days"]))
    if carried := told.get("carries_out"):
        query = select(Publication).where(
            Publication.tenant_id == made.tenant_id, Publication.title == carried["title"]
        )
        decision = find_decision(session, session.scalars(query).one())
        if decision is not None:
            link_result(
                session, author, decision, made.id,
                stage=carried["stage"], is_final=carried["is_final"],
            )  # fmt: skip
