"""Complete what somebody is typing with titles of what they could find here.

Other words for a question: what may have been meant, and what else the same is called.
"""

from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.search.answering.database_fallback import TitleSearch
from core.search.answering.relaxation import SearchOutcome
from core.search.engines.base import SuggestRequest
from core.search.query.lexicon import Lexicon
from core.search.query.planner import QueryVariant, TermForm
from core.search.query.spelling import resembling
from core.search.registry import SearchEngine, read_documents
from core.search.scope import SearchArea, scope_for
from core.search.text.tokenizer import fold

MOST = 8


def suggest(
    engine: SearchEngine, directory: Session, tenant: Tenant, typed: str, width: SearchArea
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
        ids = engine.turn(TitleSearch(engine, session, base)).suggest(request)
        documents = read_documents(engine, session, ids, scope, now)
    return list(dict.fromkeys(document.title for document in documents))[:MOST]


# With more answers than a page holds, nobody has mistyped.
FEW = 10
MOST_RELATED = 6


def suggested_for(typed: str, found: SearchOutcome, words: Lexicon) -> str | None:
    """What may have been meant, where something but not much was found for what was typed."""
    if found.corrected is not None or not 0 < found.page.total < FEW:
        return None
    meant = resembling(typed, words)
    return None if meant is None or meant == fold(typed).strip() else meant


def related_to(typed: str, variant: QueryVariant) -> tuple[str, ...]:
    """Other words for what was asked, those first that stand for its first word."""
    asked = fold(typed)
    groups = [group.terms for group in variant.groups if group.terms[0].form is TermForm.TEXT]
    others = (term.text for terms in groups for term in terms[1:] if term.form is TermForm.TEXT)
    found = dict.fromkeys(other for other in others if other not in asked)
    return tuple(found)[:MOST_RELATED]
