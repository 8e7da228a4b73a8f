"""Complete what somebody is typing with titles of what they could find here."""

from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.search.backend import SuggestRequest
from core.search.reading import read_documents
from core.search.registry import SearchEngine
from core.search.scope import Width, scope_for
from core.search.titles import Titles

MOST = 8


def suggest(
    engine: SearchEngine, directory: Session, tenant: Tenant, typed: str, width: Width
) -> list[str]:
    """Titles that go on from what is typed, each once.

    They are read from the database as it is now, so that nothing is shown that has gone.
    """
    if not typed.strip():
        return []
    scope, base = scope_for(directory, tenant, width)
    now = utc_now()
    kinds = engine.narrowed(tenant, None)
    request = SuggestRequest(typed=typed, scope=scope, now=now, limit=MOST * 2, kinds=kinds)
    with open_session(Scope.public(base)) as session:
        ids = engine.turn(Titles(engine, session, base)).suggest(request)
        documents = read_documents(engine, session, ids, scope, now)
    return list(dict.fromkeys(document.title for document in documents))[:MOST]
