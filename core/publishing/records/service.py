"""Record secrecy reviews and decisions about disclosure; refuse to go on without them (N2, N3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.clock import today
from core.errors import Invalid
from core.permissions import Action, Actor, require
from core.publishing.models import Publication
from core.publishing.records.models import DisclosureDecision, SecrecyReview
from core.publishing.records.rules import (
    GROUNDED,
    LONGEST_NAME,
    LONGEST_NUMBER,
    PASSING_NATURES,
    PASSING_RESULTS,
    RecordDemand,
)

# Columns of the records by the names of the form's fields, in its order.
SECRECY_FIELDS = {
    "secrecy_number": "number",
    "secrecy_reviewer": "reviewer_name",
    "secrecy_on": "reviewed_on",
    "secrecy_result": "result",
}
DECISION_FIELDS = {
    "nature": "nature",
    "nature_ground": "ground",
    "nature_by": "decided_by",
    "nature_on": "decided_on",
}


RecordModel = type[SecrecyReview] | type[DisclosureDecision]
_FIELDS: Mapping[RecordModel, Mapping[str, str]] = {
    SecrecyReview: SECRECY_FIELDS,
    DisclosureDecision: DECISION_FIELDS,
}


@dataclass(frozen=True, slots=True)
class PublicationRecords:
    """The records of a publication that count now."""

    secrecy: SecrecyReview | None = None
    decision: DisclosureDecision | None = None

    def __bool__(self) -> bool:
        return self.secrecy is not None or self.decision is not None


def load_records(session: Session, publication: Publication) -> PublicationRecords:
    """Load the newest records of the publication's round."""
    return PublicationRecords(
        session.scalar(_newest(SecrecyReview, publication)),
        session.scalar(_newest(DisclosureDecision, publication)),
    )


def _newest(model: Any, publication: Publication) -> Select[Any]:
    query = select(model).where(
        model.publication_id == publication.id,
        model.since_revision == (publication.published_revision or 0),
    )
    return query.order_by(model.id.desc()).limit(1)


def find_last_records(session: Session, tenant_id: int, organ_id: int | None) -> PublicationRecords:
    """Find what an organ recorded last, for the names that its next form is filled with."""

    def last(model: Any) -> Any:
        query = select(model).join(Publication, Publication.id == model.publication_id)
        query = query.where(Publication.tenant_id == tenant_id, Publication.organ_id == organ_id)
        return session.scalar(query.order_by(model.id.desc()).limit(1))

    return PublicationRecords(last(SecrecyReview), last(DisclosureDecision))


def list_records(
    session: Session, publication: Publication
) -> tuple[list[SecrecyReview], list[DisclosureDecision]]:
    """List every record of a publication, the newest first."""

    def every(model: Any) -> list[Any]:
        query = select(model).where(model.publication_id == publication.id)
        return list(session.scalars(query.order_by(model.id.desc())))

    return every(SecrecyReview), every(DisclosureDecision)


def add_secrecy_review(
    session: Session, actor: Actor, publication: Publication, values: Mapping[str, Any]
) -> None:
    """Record a secrecy review; raises `Forbidden`, and `Invalid` at the form's fields.

    `values`: number, reviewer_name, reviewed_on, result. The same again adds nothing.
    """
    _add(session, actor, publication, SecrecyReview, values)


def add_decision(
    session: Session, actor: Actor, publication: Publication, values: Mapping[str, Any]
) -> None:
    """Record a decision about disclosure; raises `Forbidden`, and `Invalid` at the form's fields.

    `values`: nature, ground, decided_by, decided_on. The same again adds nothing.
    """
    ground = values["ground"] if values["nature"] in GROUNDED else ""
    values = {**values, "ground": ground}
    _add(session, actor, publication, DisclosureDecision, values)


def _add(
    session: Session,
    actor: Actor,
    publication: Publication,
    model: RecordModel,
    values: Mapping[str, Any],
) -> None:
    tenant, fields = publication.tenant, _FIELDS[model]
    require(actor, Action.WRITE_PUBLICATION, tenant, organ=publication.organ_id)
    if wrong := _find_faults(fields, values):
        raise Invalid(wrong)
    before: Any = session.scalar(_newest(model, publication))
    if before is not None and all(getattr(before, name) == values[name] for name in values):
        return
    row = model(
        tenant_id=publication.tenant_id,
        publication_id=publication.id,
        since_revision=publication.published_revision or 0,
        recorded_by_id=actor.user_id,
        recorded_by_name=actor.name,
        **values,
    )
    session.add(row)
    session.flush()  # handing in asks for it
    told = {name: _to_told(values[name]) for name in fields.values()}
    event = f"publication.{model.__tablename__}"
    record(session, actor, tenant, event, str(publication.id), **told)


def _to_told(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _find_faults(fields: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is missing, too long or to come, by the fields of the form."""
    wrong: dict[str, str] = {}
    for field, name in fields.items():
        value = values[name]
        if name == "ground":
            if values["nature"] in GROUNDED and not value:
                wrong[field] = _("Choose the ground that the law names.")
        elif not value:
            wrong[field] = _("This is missing.")
        elif isinstance(value, date) and value > today():
            wrong[field] = _("This day is to come.")
        elif name in {"number", "reviewer_name", "decided_by"}:
            most = LONGEST_NUMBER if name == "number" else LONGEST_NAME
            if len(value) > most:
                wrong[field] = _("At most %(n)s characters.", n=most)
    return wrong


def require_records(session: Session, publication: Publication, demand: RecordDemand) -> None:
    """Raise `Invalid` at the form's fields where a demanded record is missing or says no."""
    if not (demand.of_secrecy or demand.of_decision):
        return
    records = load_records(session, publication)
    wrong: dict[str, str] = {}
    if demand.of_secrecy:
        wrong |= _find_secrecy_fault(records.secrecy)
    if demand.of_decision:
        wrong |= _find_decision_fault(records.decision)
    if wrong:
        raise Invalid(wrong)


def _find_secrecy_fault(review: SecrecyReview | None) -> dict[str, str]:
    if review is None:
        message = _("Enter the secrecy review first: its number, reviewer, day and result.")
        return {"secrecy_number": message}
    if review.result not in PASSING_RESULTS:
        return {"secrecy_result": _("By its secrecy review this may not be public.")}
    return {}


def _find_decision_fault(decision: DisclosureDecision | None) -> dict[str, str]:
    if decision is None:
        return {"nature": _("Enter what was decided about its disclosure, by whom and when.")}
    if decision.nature not in PASSING_NATURES:
        return {"nature": _("By its decision this is not published.")}
    return {}
