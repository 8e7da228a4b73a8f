"""Read from the database what an engine has found, as it is now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.search.document import SearchDocument, split_document_id
from core.search.registry import SearchEngine
from core.search.scope import SearchScope


def read_documents(
    engine: SearchEngine,
    session: Session,
    ids: Sequence[str],
    scope: SearchScope,
    now: datetime,
) -> list[SearchDocument]:
    """Documents in the order of the ids; what is no longer public, or not for here, is left out."""
    by_kind: dict[str, list[str]] = {}
    for one in ids:
        kind, pk = split_document_id(one)
        by_kind.setdefault(kind, []).append(pk)
    documents = {
        document.id: document
        for kind, keys in by_kind.items()
        for document in engine.load(session, kind, keys)
        if scope.admits(document, now)
    }
    return [documents[one] for one in ids if one in documents]
