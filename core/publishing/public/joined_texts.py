"""What a publication explains, what explains it (解读), and its pairs (两公开): one query."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import BindParameter, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from core.db.reading import read_rows
from core.publishing.decisions.models import DecisionResult, PublicationDecision
from core.publishing.models import Interpretation, Publication
from core.publishing.queries import Entry, Statement, select_entries, to_entries
from core.publishing.workflow.references import is_of_one_place

EXPLAINED, EXPLAINS, PAIRED = range(3)


@dataclass(frozen=True, slots=True)
class JoinedTexts:
    """The published documents that a text explains, and its published interpretations (解读).

    `has_pairs` where it is a decision, or a result of a decision that is public.
    """

    explained: list[Entry]
    interpretations: list[Entry]
    has_pairs: bool


def load_joined_texts(session: Session, publication_id: int) -> JoinedTexts:
    """Load what a publication explains, what explains it, and whether it has a pair."""
    rows = read_rows(session, _joined_statement(), {"id": publication_id})
    return JoinedTexts(
        explained=to_entries(row[:-1] for row in rows if row[-1] == EXPLAINED),
        interpretations=to_entries(row[:-1] for row in rows if row[-1] == EXPLAINS),
        has_pairs=any(row[-1] == PAIRED for row in rows),
    )


@cache
def _joined_statement() -> Statement:
    """Build the query of the texts that belong to one, each marked with how."""
    number: BindParameter[int] = bindparam("id")
    explained = select(Interpretation.policy_id.label("other"), literal(EXPLAINED).label("mark"))
    explaining = select(Interpretation.interpretation_id, literal(EXPLAINS))
    decided = select(PublicationDecision.publication_id, literal(PAIRED))
    carried_out = decided.join(DecisionResult, DecisionResult.decision_id == PublicationDecision.id)
    links = union_all(
        explained.where(Interpretation.interpretation_id == number, is_of_one_place()),
        explaining.where(Interpretation.policy_id == number, is_of_one_place()),
        decided.where(PublicationDecision.publication_id == number),
        carried_out.where(DecisionResult.publication_id == number),
    ).subquery()
    marked = select_entries().add_columns(links.c.mark)
    return marked.join(links, links.c.other == Publication.id).order_by(Publication.published_at)
