"""Edit a tenant's list of synonyms."""

from dataclasses import asdict, dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.tree import Tenant
from core.errors import Invalid, NotFound
from core.permissions import Action, Actor, require
from core.search.models import SearchWord, WordKind
from core.search.query.lexicon import Lexicon, merge_word_lists, national_list
from core.search.query.vocabulary import as_list
from core.search.text.tokenizer import fold, runs

SHORTEST, LONGEST = 2, 20


def list_word_pairs(session: Session, tenant: Tenant) -> list[SearchWord]:
    """List the tenant's pairs, the newest first."""
    query = select(SearchWord).where(SearchWord.tenant_id == tenant.id)
    return list(session.scalars(query.order_by(SearchWord.id.desc())))


@dataclass(frozen=True, slots=True)
class WordPair:
    """What people type, and what documents write instead (or never mean by it)."""

    kind: WordKind
    word: str
    other: str


def add_word(session: Session, actor: Actor, tenant: Tenant, pair: WordPair) -> SearchWord:
    """Add a pair to a tenant's list, in force at once, also for the tenants below.

    Raises `Invalid` at `word` or `other`.
    """
    require(actor, Action.MANAGE_TENANT, tenant)
    checked = WordPair(pair.kind, _checked("word", pair.word), _checked("other", pair.other))
    _refuse_useless(session, tenant, checked)
    row = SearchWord(tenant_id=tenant.id, added_by=actor.user_id, **asdict(checked))
    session.add(row)
    session.flush()
    record(session, actor, tenant, "search.word_add", str(row.id), **asdict(checked))
    return row


def remove_word(session: Session, actor: Actor, tenant: Tenant, word_id: int) -> None:
    """Remove a pair from a tenant's list; raises `NotFound`."""
    require(actor, Action.MANAGE_TENANT, tenant)
    query = select(SearchWord).where(SearchWord.id == word_id, SearchWord.tenant_id == tenant.id)
    row = session.scalar(query)
    if row is None:
        raise NotFound(_("This pair of words is not on the list (any more)."))
    detail = {"kind": row.kind, "word": row.word, "other": row.other}
    session.delete(row)
    record(session, actor, tenant, "search.word_remove", str(word_id), **detail)


def _checked(field: str, text: str) -> str:
    """Normalise one word of Chinese characters and digits, or of letters; raises `Invalid`."""
    folded = fold(text.strip())
    if not SHORTEST <= len(folded) <= LONGEST:
        raise Invalid(
            {field: _("A word has %(least)s to %(most)s characters.", least=SHORTEST, most=LONGEST)}
        )
    if runs(folded) != [folded]:
        raise Invalid({field: _("One word, please: no blanks, no punctuation.")})
    return folded


def _refuse_useless(session: Session, tenant: Tenant, pair: WordPair) -> None:
    """Raise `Invalid` for a pair that is known already, or that is forbidden."""
    if pair.word == pair.other:
        raise Invalid({"other": _("These are the same words.")})
    query = select(SearchWord).where(SearchWord.tenant_id.in_(tenant.chain))
    words = merge_word_lists([national_list(), as_list(session.scalars(query))])
    forbidden = not words.may_replace(pair.word, pair.other)
    if forbidden and pair.kind is not WordKind.BANNED:
        raise Invalid({"other": _("These two words must never be taken for each other.")})
    if forbidden or _is_known(words, pair):
        raise Invalid({"other": _("This pair is known already.")})


def _is_known(words: Lexicon, pair: WordPair) -> bool:
    there = pair.other in words.synonyms.get(pair.word, ())
    back = pair.word in words.synonyms.get(pair.other, ())
    known = {WordKind.EQUAL: there and back, WordKind.OFFICIAL: there, WordKind.BANNED: False}
    return known[pair.kind]
