"""Other words for a question: what may have been meant, and what else the same is called."""

from core.search.correction import resembling
from core.search.inquiry import Found
from core.search.plan import Ask, Form
from core.search.tokens import fold
from core.search.words import Words

# With more answers than a page holds, nobody has mistyped.
FEW = 10
MOST_RELATED = 6


def suggested_for(typed: str, found: Found, words: Words) -> str | None:
    """What may have been meant, where something but not much was found for what was typed."""
    if found.corrected is not None or not 0 < found.page.total < FEW:
        return None
    meant = resembling(typed, words)
    return None if meant is None or meant == fold(typed).strip() else meant


def related_to(typed: str, ask: Ask) -> tuple[str, ...]:
    """Other words for what was asked, those first that stand for its first word."""
    asked = fold(typed)
    groups = [group.terms for group in ask.groups if group.terms[0].form is Form.TEXT]
    others = (term.text for terms in groups for term in terms[1:] if term.form is Form.TEXT)
    found = dict.fromkeys(other for other in others if other not in asked)
    return tuple(found)[:MOST_RELATED]
