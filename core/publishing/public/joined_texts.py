"""What a publication explains, and what explains it (解读): one query for both."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import bindparam, case, or_
from sqlalchemy.orm import Session

from core.db.reading import read_rows
from core.publishing.models import Interpretation, Publication
from core.publishing.queries import Entry, Statement, select_entries, to_entries
from core.publishing.workflow.references import is_of_one_place


@dataclass(frozen=True, slots=True)
class JoinedTexts:
    """The published documents that a text explains, and its published interpretations (解读)."""

    explained: list[Entry]
    interpretations: list[Entry]


def load_joined_texts(session: Session, publication_id: int) -> JoinedTexts:
    """Load what a publication explains, and what explains it."""
    rows = read_rows(session, _joined_statement(), {"id": publication_id})
    return JoinedTexts(
        explained=to_entries(row[:-1] for row in rows if row[-1]),
        interpretations=to_entries(row[:-1] for row in rows if not row[-1]),
    )


@cache
def _joined_statement() -> Statement:
    """Build the query of what a text explains, and of what explains it, each marked."""
    explains = Interpretation.interpretation_id == bindparam("id")
    other = case((explains, Interpretation.policy_id), else_=Interpretation.interpretation_id)
    marked = select_entries().add_columns(explains)
    query = marked.join(Interpretation, other == Publication.id)
    query = query.where(
        is_of_one_place(), or_(explains, Interpretation.policy_id == bindparam("id"))
    )
    return query.order_by(Publication.published_at)
