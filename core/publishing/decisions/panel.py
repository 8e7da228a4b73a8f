"""The pair 决议 → 实施结果 on the pages of both: what was decided, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from core.clock import local_day, today
from core.publishing.decisions.domain.pairs import PairState, StageResult, find_pair_state
from core.publishing.decisions.models import DecisionResult, PublicationDecision
from core.publishing.models import Publication
from core.publishing.reviewing.queue import without_text
from core.web.urls import tenant_url


@dataclass(frozen=True, slots=True)
class ShownSide:
    """A decision or a result in the panel; without `url` it is the page itself."""

    title: str
    on: date
    url: str = ""
    stage: str = ""
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class ShownPair:
    """A decision with its public results, and by when the final one is expected."""

    decision: ShownSide
    results: Sequence[ShownSide]
    due_on: date | None
    is_late: bool


def list_shown_pairs(session: Session, publication: Publication) -> list[ShownPair]:
    """List the pairs that a publication belongs to, as its page shows them.

    A side that is not public (any more), or on paper only, is left out; a pair without its decision
    is none.
    """
    results = select(DecisionResult.decision_id).where(
        DecisionResult.publication_id == publication.id
    )
    query = (
        select(PublicationDecision)
        .join(PublicationDecision.publication)
        .options(
            contains_eager(PublicationDecision.publication).options(*without_text()),
            selectinload(PublicationDecision.results)
            .joinedload(DecisionResult.publication)
            .options(*without_text()),
        )
        .where(
            PublicationDecision.tenant_id == publication.tenant_id,
            or_(
                PublicationDecision.publication_id == publication.id,
                PublicationDecision.id.in_(results),
            ),
        )
        .order_by(PublicationDecision.id)
    )
    found = session.scalars(query).unique()
    return [_show(each, publication) for each in found if each.publication.is_public_now]


def _show(decision: PublicationDecision, on_page: Publication) -> ShownPair:
    public = [each for each in decision.results if each.publication.is_public_now]
    shown = sorted(
        (
            _to_side(each.publication, on_page, each.stage, is_final=each.is_final)
            for each in public
        ),
        key=lambda side: side.on,
    )
    stages = [StageResult(side.on, side.is_final) for side in shown]
    state = find_pair_state(decision.due_on, stages, today())
    return ShownPair(
        _to_side(decision.publication, on_page),
        shown,
        None if state is PairState.DONE else decision.due_on,
        state is PairState.LATE,
    )


def _to_side(
    publication: Publication, on_page: Publication, stage: str = "", *, is_final: bool = True
) -> ShownSide:
    at = publication.published_at
    is_here = publication.id == on_page.id
    url = "" if is_here else tenant_url("publishing.show", on_page.tenant, id=publication.id)
    return ShownSide(publication.title, local_day(at) if at else today(), url, stage, is_final)
