"""Promoted results (推荐): documents shown first for some words, for a period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.reading import read_named_rows
from core.db.tree import Tenant
from core.errors import Invalid, NotFound
from core.permissions import Action, Actor, require
from core.search.models import SearchPromotion
from core.search.query.planner import QueryVariant
from core.search.text.tokenizer import fold

SHORTEST, LONGEST = 2, 30
LONGEST_PERIOD = timedelta(days=366)
MOST_SHOWN = 3
MAX_LISTED = 200
# Executed with every search, so it is built once.
_IN_FORCE = (
    select(SearchPromotion.words, SearchPromotion.document)
    .where(
        SearchPromotion.tenant_id.in_(bindparam("chain", expanding=True)),
        SearchPromotion.starts_on <= bindparam("day"),
        SearchPromotion.ends_on >= bindparam("day"),
    )
    .order_by(SearchPromotion.id.desc())
)


@dataclass(frozen=True, slots=True)
class PromotionRequest:
    """A document to promote for some words, between two days."""

    words: str
    document: str
    title: str
    starts_on: date | None
    ends_on: date | None


def list_promotions(session: Session, tenant: Tenant) -> list[SearchPromotion]:
    """List a tenant's promotions, the last to end first."""
    query = select(SearchPromotion).where(SearchPromotion.tenant_id == tenant.id)
    order = (SearchPromotion.ends_on.desc(), SearchPromotion.id.desc())
    return list(session.scalars(query.order_by(*order).limit(MAX_LISTED)))


def promote(
    session: Session, actor: Actor, tenant: Tenant, requested: PromotionRequest
) -> SearchPromotion:
    """Promote a document for some words; raises `Invalid` by field."""
    require(actor, Action.MANAGE_TENANT, tenant)
    words = bare(requested.words)
    starts_on, ends_on = _period(requested)
    if not SHORTEST <= len(words) <= LONGEST:
        raise Invalid({"words": _("Between %(a)s and %(b)s characters.", a=SHORTEST, b=LONGEST)})
    existing = list_promotions(session, tenant)
    if any((one.words, one.document) == (words, requested.document) for one in existing):
        raise Invalid({"words": _("This document is recommended for these words already.")})
    row = SearchPromotion(
        tenant_id=tenant.id, words=words, document=requested.document, title=requested.title[:300],
        starts_on=starts_on, ends_on=ends_on, added_by=actor.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    detail = {"words": words, "document": row.document, "until": ends_on.isoformat()}
    record(session, actor, tenant, "search.promote", str(row.id), **detail)
    return row


def _period(requested: PromotionRequest) -> tuple[date, date]:
    if requested.starts_on is None:
        raise Invalid({"starts_on": _("Enter a date as 2026-01-31.")})
    if requested.ends_on is None:
        raise Invalid({"ends_on": _("Enter a date as 2026-01-31.")})
    if not requested.starts_on <= requested.ends_on <= requested.starts_on + LONGEST_PERIOD:
        raise Invalid({"ends_on": _("Not before the first day, and at most a year after it.")})
    return requested.starts_on, requested.ends_on


def end_promotion(session: Session, actor: Actor, tenant: Tenant, promotion_id: int) -> None:
    """End a promotion; raises `NotFound`."""
    require(actor, Action.MANAGE_TENANT, tenant)
    query = select(SearchPromotion).where(
        SearchPromotion.id == promotion_id, SearchPromotion.tenant_id == tenant.id
    )
    row = session.scalar(query)
    if row is None:
        raise NotFound(where=str(promotion_id))
    session.delete(row)
    record(session, actor, tenant, "search.promote_end", str(promotion_id), words=row.words)


def find_promoted(
    session: Session, chain: Sequence[int], typed: str, variants: Iterable[QueryVariant], day: date
) -> list[str]:
    """Find ids of the documents promoted for a query at the last tenant of a chain."""
    rows = read_named_rows(session, _IN_FORCE, {"chain": chain, "day": day})
    if not rows:
        return []
    typed_words = bare(typed)
    terms = {
        bare(term.text)
        for variant in variants
        for group in variant.required
        for term in group.terms
    }
    found = (row.document for row in rows if row.words in typed_words or row.words in terms)
    return list(dict.fromkeys(found))[:MOST_SHOWN]


def bare(text: str) -> str:
    """Normalise words: folded, without blanks and punctuation."""
    return "".join(character for character in fold(text) if character.isalnum())
