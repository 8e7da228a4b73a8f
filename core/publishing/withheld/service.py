"""Enter what is withheld, evaluate it again in time, let it go (条例 art 13-18, N2, N4)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.clock import today
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.permissions import Action, Actor, OrganScope, require
from core.publishing.content import Content
from core.publishing.index_numbers import raise_counter
from core.publishing.models import Publication
from core.publishing.records.rules import OF_THIRD_PARTIES, Nature, SecrecyResult
from core.publishing.records.service import load_records
from core.publishing.rules import Serial
from core.publishing.withheld.models import WithheldEvaluation, WithheldItem
from core.publishing.withheld.rules import MOST_MONTHS, Outcome, add_months, is_reference
from core.publishing.workflow.drafts import create_publication, discard

_SERIAL_DIGITS = 3


def enter_item(
    session: Session,
    actor: Actor,
    tenant: Tenant,
    values: Mapping[str, Any],
    publication: Publication | None = None,
) -> WithheldItem:
    """Enter something in the register; a draft that is withheld wholly is deleted for good.

    `values`: organ_id, reference, nature, ground, third_party, decided_by, decided_on, next_on.
    Raises `Forbidden`, `Conflict` (the draft is public or in review) and `Invalid` (field →
    message).
    """
    require(actor, Action.WRITE_PUBLICATION, tenant, organ=values["organ_id"])
    if wrong := _find_faults(values):
        raise Invalid(wrong)
    withheld_draft = publication is not None and values["nature"] == Nature.WITHHELD
    if publication is not None and publication.published_revision is not None and withheld_draft:
        raise Conflict(_("This is public. Withdraw it first."))
    kept = None if withheld_draft or publication is None else publication.id
    third_party = values["third_party"] if values["ground"] in OF_THIRD_PARTIES else ""
    item = WithheldItem(
        tenant_id=tenant.id,
        number=_give_number(session, tenant),
        publication_id=kept,
        entered_by_id=actor.user_id,
        entered_by_name=actor.name,
        **{**values, "third_party": third_party},
    )
    session.add(item)
    if publication is not None and withheld_draft:
        discard(session, actor, publication)
    session.flush()
    record(
        session, actor, tenant, "withheld.enter", item.number,
        ground=item.ground, nature=item.nature, next_on=values["next_on"].isoformat(),
    )  # fmt: skip
    return item


def evaluate_item(
    session: Session, actor: Actor, item: WithheldItem, values: Mapping[str, Any]
) -> Publication | None:
    """Record a re-evaluation; what may be public now becomes an empty draft, which is returned.

    `values`: outcome, ground, evaluated_on, decided_by, next_on. Raises `Forbidden`, `Conflict`
    (let go already) and `Invalid`.
    """
    tenant = session.get_one(Tenant, item.tenant_id)
    require(actor, Action.WRITE_PUBLICATION, tenant, organ=item.organ_id)
    if item.released_on is not None:
        raise Conflict(_("This is not withheld any more."))
    is_released = values["outcome"] == Outcome.RELEASED
    if wrong := _find_evaluation_faults(item, values, is_released=is_released):
        raise Invalid(wrong)
    next_on = None if is_released else values["next_on"]
    ground = values["ground"] or item.ground
    session.add(
        WithheldEvaluation(
            tenant_id=item.tenant_id,
            item_id=item.id,
            evaluated_on=values["evaluated_on"],
            decided_by=values["decided_by"],
            outcome=values["outcome"],
            ground=ground,
            next_on=next_on,
            recorded_by_id=actor.user_id,
            recorded_by_name=actor.name,
        )
    )
    session.flush()  # the day moves by an evaluation only
    item.next_on, item.ground = next_on, ground
    draft = None
    if is_released:
        item.released_on = values["evaluated_on"]
        note = _("Withheld until now (%(number)s).", number=item.number)
        content = Content(organ_id=item.organ_id, formed_on=today())
        draft = create_publication(session, actor, tenant, content, note=note)
        item.publication_id = draft.id
    session.flush()
    record(session, actor, tenant, "withheld.evaluate", item.number, outcome=values["outcome"])
    return draft


def _find_faults(values: Mapping[str, Any]) -> dict[str, str]:
    wrong = {
        name: _("This is missing.")
        for name in ("ground", "decided_by", "decided_on", "next_on")
        if not values[name]
    }
    if values["reference"] and not is_reference(values["reference"]):
        wrong["reference"] = _("A number only, such as 〔2026〕12号: no title, no words.")
    if values["ground"] in OF_THIRD_PARTIES and not values["third_party"]:
        wrong["third_party"] = _("Ask the third party first, and say what it answered.")
    if values["decided_on"] and values["decided_on"] > today():
        wrong["decided_on"] = _("This day is to come.")
    if values["next_on"] and (message := _find_term_fault(values["next_on"])):
        wrong["next_on"] = message
    return wrong


def _find_evaluation_faults(
    item: WithheldItem, values: Mapping[str, Any], *, is_released: bool
) -> dict[str, str]:
    needed = ("outcome", "evaluated_on", "decided_by", *(() if is_released else ("next_on",)))
    wrong = {name: _("This is missing.") for name in needed if not values[name]}
    day = values["evaluated_on"]
    if day and day > today():
        wrong["evaluated_on"] = _("This day is to come.")
    elif day and day < item.decided_on:
        wrong["evaluated_on"] = _("It was decided later than that.")
    if not is_released and values["next_on"]:
        message = _find_term_fault(values["next_on"])
        wrong |= {"next_on": message} if message else {}
    return wrong


def _find_term_fault(next_on: date) -> str:
    if next_on <= today():
        return str(_("This day is over."))
    if next_on > add_months(today(), MOST_MONTHS):
        return str(_("At the latest in %(n)s months.", n=MOST_MONTHS))
    return ""


def _give_number(session: Session, tenant: Tenant) -> str:
    """Give the next number of the year, safely under concurrency."""
    serial = Serial(f"不予公开〔{today().year}〕", _SERIAL_DIGITS, "号")
    return serial.number(raise_counter(session, tenant, serial, 1))


def get_item(session: Session, tenant: Tenant, number: int) -> WithheldItem:
    """Return an item of the place's register; raises `NotFound`."""
    item = session.get(WithheldItem, number)
    if item is None or item.tenant_id != tenant.id:
        raise NotFound(where=str(number))
    return item


def find_item_of(session: Session, publication: Publication) -> WithheldItem | None:
    """Find the entry about the withheld part of a publication."""
    query = select(WithheldItem).where(WithheldItem.publication_id == publication.id)
    return session.scalar(query.order_by(WithheldItem.id.desc()).limit(1))


def has_to_be_entered(session: Session, publication: Publication) -> bool:
    """Return whether something of it is withheld that is not in the register yet."""
    if publication.tenant.level == "village":
        return False
    records = load_records(session, publication)
    no_review = records.secrecy is not None and records.secrecy.result == SecrecyResult.WITHHELD
    if not (no_review or (records.decision is not None and records.decision.ground)):
        return False
    return find_item_of(session, publication) is None


def list_evaluations(session: Session, item: WithheldItem) -> list[WithheldEvaluation]:
    """List the re-evaluations of an item, the newest first."""
    query = select(WithheldEvaluation).where(WithheldEvaluation.item_id == item.id)
    return list(session.scalars(query.order_by(WithheldEvaluation.id.desc())))


def in_register(tenant: Tenant, scope: OrganScope) -> ColumnElement[bool]:
    """Build the condition for what somebody may see of a place's register."""
    return and_(WithheldItem.tenant_id == tenant.id, scope.condition(WithheldItem.organ_id))


def is_due() -> ColumnElement[bool]:
    """Build the condition for what has to be evaluated by today."""
    return and_(WithheldItem.next_on.is_not(None), WithheldItem.next_on <= today())


def count_due(session: Session, tenant: Tenant, scope: OrganScope) -> tuple[int, date | None]:
    """Count what is due, and return the earliest day."""
    query = select(func.count(WithheldItem.id), func.min(WithheldItem.next_on))
    count, first = session.execute(query.where(in_register(tenant, scope), is_due())).one()
    return count, first
