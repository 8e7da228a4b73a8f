"""Other words for a question: what may have been meant, and what else the same is called."""

from core.search.correction import correct
from core.search.inquiry import Found
from core.search.plan import Ask
from core.search.tokens import fold
from core.search.words import Words

# With more answers than a page holds, nobody has mistyped.
FEW = 10
MOST_RELATED = 6


def suggested_for(typed: str, found: Found, words: Words) -> str | None:
    """What may have been meant, where not much, or only a part, was found for what was typed."""
    plenty = found.page.total >= FEW and not found.ask.relaxed
    if found.corrected is not None or plenty or not found.page.total:
        return None
    meant = correct(typed, words)
    return None if meant is None or meant == fold(typed).strip() else meant


def related_to(typed: str, ask: Ask, words: Words) -> tuple[str, ...]:
    """Other words for what was asked, those first that stand for its first word."""
    asked = fold(typed)
    others = (
        other for group in ask.groups for other in words.synonyms.get(group.terms[0].text, ())
    )
    found = dict.fromkeys(other for other in others if other not in asked)
    return tuple(found)[:MOST_RELATED]
