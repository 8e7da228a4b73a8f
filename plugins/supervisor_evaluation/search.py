"""Published results as things that the search box finds."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from core.sdk import SearchDocument, SearchKind, Tenant, local_day, says

from .i18n import _l
from .labels import RESULT_GRADES
from .manifest import NAME
from .models.campaign import EvaluationCampaign
from .results.published import PublishedCampaign

#: The address of a results page below that of its place.
RESULTS_PATH = "evaluation/campaigns/{}/results/"


def search_kind() -> SearchKind:
    """Results that the public can see."""
    return SearchKind(
        name=NAME, label=_l("Evaluation results"), load=_load, keys=_keys, titled=_titled
    )


def _load(session: Session, keys: Sequence[str]) -> Iterator[SearchDocument]:
    ids = [int(key) for key in keys if key.isdecimal()]
    query = (
        select(EvaluationCampaign, Tenant)
        .join(Tenant, Tenant.id == EvaluationCampaign.tenant_id)
        .where(EvaluationCampaign.id.in_(ids), _is_public(), Tenant.status == "active")
    )
    for campaign, tenant in session.execute(query):
        yield _document(campaign, tenant)


def _is_public() -> ColumnElement[bool]:
    campaign = EvaluationCampaign
    return and_(campaign.state == "published", campaign.results.is_not(None))


def _document(campaign: EvaluationCampaign, tenant: Tenant) -> SearchDocument:
    results = PublishedCampaign.read(campaign).results
    grades = (f"{one.name} {RESULT_GRADES[one.grade]}" for one in results.shown)
    return SearchDocument(
        kind=NAME,
        pk=str(campaign.id),
        scope=tenant.chain,
        title=campaign.title,
        path=RESULTS_PATH.format(campaign.id),
        body="\n".join(grades),
        summary=campaign.introduction,
        alias="监督员评议 评议结果",
        published_on=local_day(campaign.published_at) if campaign.published_at else None,
        level=tenant.level,
    )


def _keys(session: Session, tenant_id: int | None) -> Iterator[str]:
    query = select(EvaluationCampaign.id).where(_is_public())
    if tenant_id is not None:
        query = query.where(EvaluationCampaign.tenant_id == tenant_id)
    yield from (str(key) for key in session.scalars(query))


def _titled(
    session: Session, place: Tenant, wanted: Sequence[Sequence[str]], most: int
) -> Iterator[str]:
    """Find the newest with such titles, for when no engine can answer."""
    del place  # the session's scope is the place's
    query = select(EvaluationCampaign.id).where(
        _is_public(), says(wanted, EvaluationCampaign.title)
    )
    for key in session.scalars(query.order_by(EvaluationCampaign.id.desc()).limit(most)):
        yield str(key)
