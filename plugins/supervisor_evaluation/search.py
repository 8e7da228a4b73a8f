"""Published results as things that the search box finds."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import SearchDocument, Tenant

from .i18n import _l
from .manifest import NAME
from .models.campaign import EvaluationCampaign

#: The address of a results page below that of its place.
RESULTS_PATH = "evaluation/campaigns/{}/results/"


def search_kind() -> sdk.SearchKind:
    """Results that the public can see."""
    return sdk.build_row_kind(
        NAME, _l("Evaluation results"), EvaluationCampaign, is_public=_is_public, load=_load,
        has_title=lambda wanted: sdk.says(wanted, EvaluationCampaign.title),
    )  # fmt: skip


def _load(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
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
    from .results.publishing import PublishedCampaign  # when one is indexed or found

    results = PublishedCampaign.read(campaign).results
    grades = (f"{one.name} {sdk.RESULT_GRADES[one.grade]}" for one in results.shown)
    return SearchDocument(
        kind=NAME,
        pk=str(campaign.id),
        scope=tenant.chain,
        title=campaign.title,
        path=RESULTS_PATH.format(campaign.id),
        body="\n".join(grades),
        summary=campaign.introduction,
        alias="监督员评议 评议结果",
        published_on=sdk.local_day(campaign.published_at) if campaign.published_at else None,
        level=tenant.level,
    )
