"""Suggestions: autocompletion with titles, spelling suggestions, and related terms."""

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

MAX_COMPLETIONS = 8
# With more hits than this, the query is not taken for mistyped.
FEW_HITS = 10
MAX_RELATED = 6


def suggest(
    engine: SearchEngine, directory: Session, tenant: Tenant, typed: str, area: SearchArea
) -> list[str]:
    """Return titles that complete what is typed, each once.

    They are read from the database, so that nothing is shown that is no longer public.
    """
    if not typed.strip():
        return []
    scope, base = scope_for(directory, tenant, area)
    now = utc_now()
    kinds = engine.allowed_kinds(tenant)
    request = SuggestRequest(
        typed=typed, scope=scope, now=now, limit=MAX_COMPLETIONS * 2, kinds=kinds
    )
    with open_session(Scope.public(base)) as session:
        ids = engine.failover(TitleSearch(engine, session, base)).suggest(request)
        documents = read_documents(engine, session, ids, scope, now)
    return list(dict.fromkeys(document.title for document in documents))[:MAX_COMPLETIONS]


def suggest_spelling(typed: str, outcome: SearchOutcome, lexicon: Lexicon) -> str | None:
    """Return what may have been meant, where a query has a few hits; else `None`."""
    if outcome.corrected is not None or not 0 < outcome.page.total < FEW_HITS:
        return None
    meant = resembling(typed, lexicon)
    return None if meant is None or meant == fold(typed).strip() else meant


def related_terms(typed: str, variant: QueryVariant) -> tuple[str, ...]:
    """Return synonyms of the words of a query, those of its first word first."""
    folded = fold(typed)
    groups = [group.terms for group in variant.groups if group.terms[0].form is TermForm.TEXT]
    others = (term.text for terms in groups for term in terms[1:] if term.form is TermForm.TEXT)
    related = dict.fromkeys(other for other in others if other not in folded)
    return tuple(related)[:MAX_RELATED]
