"""Publish something in a test, in one call."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from core.clock import today
from core.db.tree import Tenant
from core.permissions import OPERATOR, Actor
from core.publishing.content import Content
from core.publishing.models import Publication
from core.publishing.queries import get_publication
from core.publishing.records.service import add_decision, add_secrecy_review
from core.publishing.rules import CHECKS
from core.publishing.workflow.drafts import (
    create_publication,
    get_working_content,
    open_correction,
    save_content,
    submit,
)
from core.publishing.workflow.review import pass_review
from core.publishing.workflow.withdrawal import approve, ask
from core.tenancy.service import ensure_organ


def publish_at(session: Session, tenant: Tenant, content: Content) -> Publication:
    """Write, hand in, review and publish; what is missing is filled in: organ, reason, today."""
    organ = content.organ_id or ensure_organ(session, tenant, tenant.name, "committee").id
    reason = content.no_item_reason if content.item_id else "目录中没有对应事项"
    formed = content.formed_on or today()
    whole = replace(content, organ_id=organ, no_item_reason=reason, formed_on=formed)
    made = create_publication(session, OPERATOR, tenant, whole)
    submit(session, OPERATOR, made)
    pass_review(session, OPERATOR, made, dict.fromkeys(CHECKS, True))
    return made


def add_records(session: Session, actor: Actor, publication: Publication) -> None:
    """Record a secrecy review and a decision that let a text become public."""
    review = {"number": "1", "reviewer_name": "王某", "reviewed_on": today(), "result": "public"}
    add_secrecy_review(session, actor, publication, review)
    decided = {"nature": "active", "ground": "", "decided_by": "李某", "decided_on": today()}
    add_decision(session, actor, publication, decided)


def correct_at(session: Session, tenant: Tenant, publication_id: int, **values: Any) -> None:
    """Correct what is published, in one go."""
    publication = get_publication(session, tenant, publication_id)
    open_correction(session, OPERATOR, publication)
    content = replace(get_working_content(session, publication), **values)
    save_content(session, OPERATOR, publication, content, note="更正")
    submit(session, OPERATOR, publication)
    pass_review(session, OPERATOR, publication, dict.fromkeys(CHECKS, True))


def withdraw(session: Session, actor: Actor, publication: Publication, reason: str) -> None:
    """Take a publication down: the actor asks for it, the operator approves."""
    approve(session, OPERATOR, ask(session, actor, publication, reason))
