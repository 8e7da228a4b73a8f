"""What stands behind few answers: documents that have any part of what was asked.

The plain engine, asked for any of the words, would have found them: planning never leaves them out
where there is room for them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from core.search.backend import SearchPage
from core.search.inquiry import Found
from core.search.plan import MAX_GROUPS, Ask, Form, Group, Term
from core.search.tokens import BREAK, cut


def others(put: Callable[[Ask], SearchPage], found: Found, room: int) -> Found | None:
    """Documents that the answer does not have, at most as many as there is room for."""
    looser = (any_part(found.ask), None if found.page.total else any_word(found.ask))
    known = {hit.id for hit in found.page.hits}
    for ask in filter(None, looser if room > 0 else ()):
        page = put(ask)
        hits = tuple(hit for hit in page.hits if hit.id not in known)
        if hits:
            return Found(ask, replace(page, hits=hits[:room]))
    return None


def any_part(ask: Ask) -> Ask | None:
    """The question for any word of a question, or for a part of one; `None` if it is no looser."""
    groups = [replace(group, keep=False) for group in ask.groups]
    parts = [part for group in groups if not group.optional for part in _parts(group)]
    asked = sorted(dict.fromkeys([*groups, *parts]), key=lambda group: group.optional)
    looser = replace(ask, groups=tuple(asked[:MAX_GROUPS]), minimum=1)
    no_looser = len(looser.required) == len(ask.required) and ask.minimum == 1
    return None if no_looser else looser


def any_word(ask: Ask) -> Ask | None:
    """The plain engine's question, where nothing is found: for any word, however short.

    A lone character at an end only says what kind of thing is meant (滑雪场, 办证费); and whoever
    asks for a number wants that one.
    """
    typed = [group.terms[0] for group in ask.groups]
    if any(term.form is Form.NUMBER for term in typed):
        return None
    words = dict.fromkeys(word for term in typed for word in _telling(term.text))
    groups = tuple(Group((Term(word),)) for word in words)
    return Ask(ask.own, groups[:MAX_GROUPS], 1) if groups else None


def _telling(text: str) -> list[str]:
    tokens = [token for token in cut(text) if token != BREAK]
    return tokens[:-1] if tokens and len(tokens[-1]) == 1 else tokens


def _parts(group: Group) -> Iterator[Group]:
    """Words within the word that was typed."""
    typed = group.terms[0]
    tokens = cut(typed.text)
    if typed.form is Form.TEXT and len(tokens) > 1:
        yield from (Group((Term(token),)) for token in tokens if len(token) > 1)
