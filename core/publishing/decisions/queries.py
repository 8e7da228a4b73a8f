"""Pairs of decisions and results: for desks, pages, other features, and what fits together."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from core.clock import local_day, today
from core.db.tree import Tenant
from core.permissions import OrganScope
from core.publishing.decisions.domain.pairs import (
    Comparable,
    PairState,
    StageResult,
    find_pair_state,
    is_on_time,
    looks_like_decision,
    rank_results,
)
from core.publishing.decisions.models import DecisionResult, PublicationDecision
from core.publishing.models import Publication
from core.publishing.reviewing.queue import without_text
from core.publishing.rules import LIVE, PublicationState
from core.tenancy.domain import short_name

MOST_SUGGESTED = 8
MOST_FOUND = 20
#: How many of a place's newest publications are compared with a decision.
_COMPARED = 500


@dataclass(frozen=True, slots=True)
class PairResult:
    """One result of a decision; `published_on` is `None` until the public can know of it."""

    publication_id: int
    title: str
    item_id: str | None
    stage: str
    is_final: bool
    published_on: date | None
    link_id: int


@dataclass(frozen=True, slots=True)
class DecisionPair:
    """A published decision with its results, as it stands today."""

    decision_id: int
    publication_id: int
    tenant_id: int
    organ_id: int | None
    title: str
    item_id: str | None
    published_on: date
    due_on: date
    first_due_on: date
    results: Sequence[PairResult]
    state: PairState

    @property
    def is_on_time(self) -> bool:
        """Whether a final result was public by the last day."""
        return is_on_time(self.due_on, _to_stages(self.results))


def load_decision_pairs(
    session: Session, tenants: Iterable[Tenant], organs: OrganScope | None = None
) -> list[DecisionPair]:
    """List the decisions that some places have published, the earliest term first.

    The session must read the places. A decision or a result that was withdrawn is not there.
    """
    places = [tenant.id for tenant in tenants]
    query = _select_decisions().where(
        PublicationDecision.tenant_id.in_(places),
        Publication.state.in_(LIVE),
        *([organs.condition(Publication.organ_id)] if organs else []),
    )
    order = (PublicationDecision.due_on, PublicationDecision.id)
    return [to_pair(decision) for decision in session.scalars(query.order_by(*order)).unique()]


def _select_decisions() -> Select[PublicationDecision]:
    results = selectinload(PublicationDecision.results)
    return (
        select(PublicationDecision)
        .join(PublicationDecision.publication)
        .options(
            contains_eager(PublicationDecision.publication).options(*without_text()),
            results.joinedload(DecisionResult.publication).options(*without_text()),
            selectinload(PublicationDecision.extensions),
        )
    )


def to_pair(decision: PublicationDecision) -> DecisionPair:
    """Build the pair of a published decision."""
    of = decision.publication
    results = sorted(map(_to_result, decision.results), key=_by_day)
    first = decision.extensions[0].from_day if decision.extensions else decision.due_on
    return DecisionPair(
        decision_id=decision.id,
        publication_id=of.id,
        tenant_id=decision.tenant_id,
        organ_id=of.organ_id,
        title=of.title,
        item_id=of.item_id,
        published_on=local_day(of.published_at) if of.published_at else today(),
        due_on=decision.due_on,
        first_due_on=first,
        results=results,
        state=find_pair_state(decision.due_on, _to_stages(results), today()),
    )


def _to_result(link: DecisionResult) -> PairResult:
    of = link.publication
    is_public = of.state in LIVE and of.published_at is not None
    day = local_day(of.published_at) if is_public and of.published_at else None
    return PairResult(
        of.id, of.title, of.item_id, link.stage, link.is_final,
        day if day is None or day <= today() else None, link.id,
    )  # fmt: skip


def _by_day(result: PairResult) -> tuple[date, int]:
    return result.published_on or date.max, result.link_id


def _to_stages(results: Iterable[PairResult]) -> list[StageResult]:
    return [StageResult(each.published_on, each.is_final) for each in results if each.published_on]


@dataclass(frozen=True, slots=True)
class PairColumns:
    """What a list of publications says of pairs: by when a result is due, what it carries out."""

    due_on: date | None = None
    carries_out: str = ""


NO_PAIR = PairColumns()


def load_pair_columns(session: Session, tenants: Iterable[int]) -> dict[int, PairColumns]:
    """Return, by publication, what decisions and results of some places are to each other."""
    query = _select_decisions().where(PublicationDecision.tenant_id.in_(list(tenants)))
    found: dict[int, PairColumns] = {}
    for decision in session.scalars(query.order_by(PublicationDecision.id)).unique():
        of = decision.publication
        own = found.get(of.id, NO_PAIR)
        found[of.id] = replace(own, due_on=decision.due_on)
        for result in decision.results:
            told = found.get(result.publication_id, NO_PAIR)
            names = [*filter(None, [told.carries_out]), of.index_number or of.title]
            found[result.publication_id] = replace(told, carries_out="; ".join(names))
    return found


def list_unmarked(session: Session, tenant: Tenant, scope: OrganScope) -> list[Publication]:
    """List published resolutions, by their titles, for which nobody has said a day yet."""
    marked = select(PublicationDecision.id).where(
        PublicationDecision.publication_id == Publication.id
    )
    linked = select(DecisionResult.id).where(DecisionResult.publication_id == Publication.id)
    query = (
        _select_live(tenant, scope)
        .where(Publication.title.contains("决议"), ~marked.exists(), ~linked.exists())
        .limit(MOST_FOUND)
    )
    return [each for each in session.scalars(query) if looks_like_decision(each.title)]


def _select_live(tenant: Tenant, scope: OrganScope) -> Select[Publication]:
    return (
        select(Publication)
        .options(*without_text())
        .where(
            Publication.tenant_id == tenant.id,
            Publication.state.in_(LIVE),
            scope.condition(Publication.organ_id),
        )
        .order_by(Publication.published_at.desc(), Publication.id.desc())
    )


def suggest_results(session: Session, tenant: Tenant, pair: DecisionPair) -> list[Publication]:
    """Suggest what may be a result of a decision, the likeliest first."""
    query = _select_live(tenant, OrganScope(everything=True)).limit(_COMPARED)
    others = {each.id: each for each in session.scalars(query)}
    decision = session.get_one(Publication, pair.publication_id)
    linked = select(DecisionResult.publication_id).where(
        DecisionResult.tenant_id == tenant.id, DecisionResult.publication_id.in_(list(others))
    )
    taken = set(session.scalars(linked))
    place = short_name(tenant.name)
    free = [_to_comparable(each, place) for key, each in others.items() if key not in taken]
    ranked = rank_results(_to_comparable(decision, place), free, MOST_SUGGESTED)
    return [others[key] for key in ranked]


def _to_comparable(publication: Publication, place: str) -> Comparable:
    """Return what a publication is known by; every title of a place may have the place's name."""
    at = publication.published_at
    return Comparable(
        publication.id,
        publication.title.replace(place, ""),
        publication.item_id,
        publication.document_number,
        local_day(at) if at else None,
    )


def search_results(
    session: Session, tenant: Tenant, words: str, without: Collection[int]
) -> list[Publication]:
    """Find publications of a place by words of the title or a number, also ones in preparation."""
    query = (
        select(Publication)
        .options(*without_text())
        .where(
            Publication.tenant_id == tenant.id,
            Publication.state != PublicationState.WITHDRAWN,
            Publication.id.not_in(list(without)),
            *(_holds(word) for word in words.split()[:8]),
        )
        .order_by(Publication.updated_at.desc(), Publication.id.desc())
    )
    return list(session.scalars(query.limit(MOST_FOUND)))


def _holds(word: str) -> ColumnElement[bool]:
    columns = (Publication.title, Publication.index_number, Publication.document_number)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))
