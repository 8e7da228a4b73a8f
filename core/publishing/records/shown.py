"""The records of a publication in words: for its reviewer, the form to sign, and lists as files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import local_day
from core.publishing.models import Publication
from core.publishing.records.labels import (
    GROUND_LABELS,
    NATURE_LABELS,
    RECORD_FIELD_LABELS,
    RESULT_LABELS,
)
from core.publishing.records.models import DisclosureDecision, SecrecyReview
from core.publishing.records.rules import Nature, RecordDemand, SecrecyResult
from core.publishing.records.service import (
    DECISION_FIELDS,
    SECRECY_FIELDS,
    PublicationRecords,
    load_records,
)
from core.tables.lists.writing import CellValue


@dataclass(frozen=True, slots=True)
class ShownRecords:
    """Both records in words, empty where there is none, and what about them needs a look."""

    secrecy: str
    decision: str
    remarks: Sequence[str]
    are_demanded: bool

    def __bool__(self) -> bool:
        return bool(self.secrecy or self.decision or self.are_demanded)


def show_records(session: Session, publication: Publication) -> ShownRecords:
    """Return the records of a publication as its reviewer reads them."""
    records = load_records(session, publication)
    demand = RecordDemand(publication.demanded_records or RecordDemand.NONE)
    return ShownRecords(
        describe_secrecy(records.secrecy) if records.secrecy else "",
        describe_decision(records.decision) if records.decision else "",
        list(_list_remarks(publication, records)),
        demand.of_secrecy or demand.of_decision,
    )


def describe_secrecy(review: SecrecyReview) -> str:
    """Say result, number, reviewer and day of a secrecy review."""
    result = str(RESULT_LABELS[review.result])
    return f"{result}, {review.number}, {review.reviewer_name}, {review.reviewed_on.isoformat()}"


def describe_decision(decision: DisclosureDecision) -> str:
    """Say nature, ground, who decided and when."""
    words = [str(NATURE_LABELS[decision.nature])]
    if decision.ground:
        words.append(str(GROUND_LABELS[decision.ground]))
    return ", ".join((*words, decision.decided_by, decision.decided_on.isoformat()))


def _list_remarks(publication: Publication, records: PublicationRecords) -> Iterator[str]:
    """Yield what is not wrong by itself, and should not pass unseen."""
    review, decision = records.secrecy, records.decision
    if review is None:
        return
    if review.reviewer_name == publication.author_name:
        yield _("Whoever wrote it has reviewed its secrecy, too.")
    public = publication.published_at if publication.published_revision else None
    if public is not None and review.reviewed_on < local_day(public):
        yield _("This secrecy review is older than the text that is public now.")
    partly = review.result == SecrecyResult.PARTLY
    if partly and decision is not None and decision.nature == Nature.ACTIVE:
        yield _("Parts of it were to be taken out. Look whether they are.")


def list_record_columns() -> tuple[str, ...]:
    """Return the headings of both records in a list."""
    labels = RECORD_FIELD_LABELS
    return tuple(str(labels[name]) for name in (*SECRECY_FIELDS, *DECISION_FIELDS))


def to_record_cells(records: PublicationRecords | None) -> tuple[CellValue, ...]:
    """Return both records as cells of a list; empty where there is none."""
    review = records.secrecy if records else None
    decision = records.decision if records else None
    return (
        *((review.number, review.reviewer_name, review.reviewed_on) if review else (None,) * 3),
        str(RESULT_LABELS[review.result]) if review else None,
        str(NATURE_LABELS[decision.nature]) if decision else None,
        str(GROUND_LABELS[decision.ground]) if decision and decision.ground else None,
        *((decision.decided_by, decision.decided_on) if decision else (None,) * 2),
    )


def load_newest_records(
    session: Session, publications: Iterable[Publication]
) -> dict[int, PublicationRecords]:
    """Load the newest records of many publications, in two statements, by publication id."""
    ids = [publication.id for publication in publications]

    def newest(model: Any) -> dict[int, Any]:
        last = select(func.max(model.id)).group_by(model.publication_id)
        rows: dict[int, Any] = {}
        for begin in range(0, len(ids), 500):
            some = last.where(model.publication_id.in_(ids[begin : begin + 500]))
            for row in session.scalars(select(model).where(model.id.in_(some))):
                rows[row.publication_id] = row
        return rows

    reviews, decisions = newest(SecrecyReview), newest(DisclosureDecision)
    return {
        number: PublicationRecords(reviews.get(number), decisions.get(number))
        for number in reviews.keys() | decisions.keys()
    }
