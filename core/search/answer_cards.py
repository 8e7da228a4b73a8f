"""Direct answers above the hits: cards that features of the core and plugins give."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.plugins.api.contributions import AnswerCard, Asked
from core.plugins.calls.tenant_hooks import TenantHooks
from core.search.document import SearchDocument
from core.search.query.planner import QueryVariant
from core.search.text.tokenizer import fold

MOST_CARDS = 3


@dataclass(frozen=True, slots=True)
class AnsweredQuery:
    """What was asked, as it was understood, and the first page of what was found for it."""

    typed: str
    variant: QueryVariant
    documents: tuple[SearchDocument, ...] = ()

    def names(self, document: SearchDocument) -> bool:
        """Whether a document's title speaks of everything that was asked."""
        title = _bare(fold(document.title))
        return not self.variant.relaxed and all(
            any(_bare(term.text) in title for term in group.terms)
            for group in self.variant.required
        )

    def for_plugins(self) -> Asked:
        """The question as hooks know it."""
        words = tuple(dict.fromkeys(group.terms[0].text for group in self.variant.groups))
        return Asked(self.typed, fold(self.typed), words)


AnswerSource = Callable[[Session, Tenant, AnsweredQuery], Iterable[AnswerCard]]


def answers_to(
    sources: Iterable[AnswerSource], session: Session, tenant: Tenant, question: AnsweredQuery
) -> tuple[AnswerCard, ...]:
    """The cards for a question at a tenant: the core's first, then by weight.

    Addresses of cards are complete, so a request's context is needed.
    """
    own = [card for source in sources for card in source(session, tenant, question)]
    given = TenantHooks(tenant).answer_cards(session, question.for_plugins())
    return tuple([*own, *given][:MOST_CARDS])


def _bare(folded: str) -> str:
    return "".join(character for character in folded if character.isalnum())
