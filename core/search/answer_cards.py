"""Answer cards above the hits, from features of the core and from plugins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.plugins.api.contributions import AnswerCard, Asked
from core.plugins.calls.tenant_hooks import TenantHooks
from core.search.document import SearchDocument
from core.search.query.lexicon import Lexicon
from core.search.query.planner import QueryVariant, TermGroup
from core.search.query.vocabulary import find_named
from core.search.query.whereabouts import find_whereabouts
from core.search.text.tokenizer import fold

MAX_CARDS = 3
# Whoever asks for a place to go to gets a choice of three, and the office in charge.
MAX_CARDS_OF_PLACES = 4


@dataclass(frozen=True, slots=True)
class AnsweredQuery:
    """A query as it was understood with a lexicon, and the first page of its hits."""

    typed: str
    variant: QueryVariant
    lexicon: Lexicon
    documents: tuple[SearchDocument, ...] = ()

    def names(self, document: SearchDocument) -> bool:
        """Return whether a document's title names all that was asked for, or its equals."""
        title = _bare(fold(document.title))
        return not self.variant.relaxed and all(
            any(_bare(name) in title for name in self._names(group))
            for group in self.variant.required
        )

    def _names(self, group: TermGroup) -> Iterable[str]:
        """Yield the word that was typed and its equals: a looser synonym is another matter.

        Letters stand for any word that they can spell.
        """
        typed = group.terms[0].text
        for term in group.terms:
            if term.text == typed or typed.isascii() or self.lexicon.are_equal(typed, term.text):
                yield term.text

    def for_plugins(self, session: Session, tenant: Tenant) -> Asked:
        """Return the query as hooks get it."""
        words = tuple(dict.fromkeys(group.terms[0].text for group in self.variant.groups))
        asked = Asked(self.typed, fold(self.typed), words)
        whereabouts = find_whereabouts(asked.folded, self.lexicon)
        if whereabouts is None:
            return asked
        place = find_named(session, tenant, whereabouts.place)
        code = place.division_code if place else ""
        return replace(asked, asks_where=True, ways=whereabouts.variants, place=code)


AnswerSource = Callable[[Session, Tenant, AnsweredQuery], Iterable[AnswerCard]]


def build_answer_cards(
    sources: Iterable[AnswerSource], session: Session, tenant: Tenant, query: AnsweredQuery
) -> tuple[AnswerCard, ...]:
    """Build the cards for a query at a tenant: the core's first, then plugins' by weight.

    Needs a request context, since the addresses of cards are complete.
    """
    core_cards = [card for source in sources for card in source(session, tenant, query)]
    asked = query.for_plugins(session, tenant)
    plugin_cards = TenantHooks(tenant).answer_cards(session, asked)
    if asked.asks_where and plugin_cards:
        return tuple([*plugin_cards[: MAX_CARDS_OF_PLACES - 1], *core_cards][:MAX_CARDS_OF_PLACES])
    return tuple([*core_cards, *plugin_cards][:MAX_CARDS])


def _bare(folded: str) -> str:
    return "".join(character for character in folded if character.isalnum())
