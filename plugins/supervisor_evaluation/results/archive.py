"""Read what was published: results of one campaign, of the years before, what was mended since."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.sdk import NotFound, Tenant

from ..domain.published import PublishedResults
from ..models.campaign import EvaluationCampaign, SubjectStatement

MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class PublishedCampaign:
    """A published campaign with its results."""

    campaign: EvaluationCampaign
    results: PublishedResults


def select_published(tenant: Tenant) -> Select[EvaluationCampaign]:
    """Select the campaigns of a place whose results are published, the newest first."""
    campaign = EvaluationCampaign
    return (
        select(campaign)
        .where(
            campaign.tenant_id == tenant.id,
            campaign.state == "published",
            campaign.results.is_not(None),
        )
        .order_by(campaign.year.desc(), campaign.published_at.desc(), campaign.id.desc())
    )


def get_published(session: Session, tenant: Tenant, campaign_id: int) -> PublishedCampaign:
    """Return a place's published campaign; raises `NotFound`."""
    query = select_published(tenant).where(EvaluationCampaign.id == campaign_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound(where=str(campaign_id))
    return PublishedCampaign(found, _read_results(found))


def find_published(campaign: EvaluationCampaign) -> PublishedCampaign | None:
    """Find what was published of a campaign."""
    if campaign.results is None or campaign.state != "published":
        return None
    return PublishedCampaign(campaign, _read_results(campaign))


def list_published(session: Session, tenant: Tenant) -> list[PublishedCampaign]:
    """List a place's published campaigns of the last years, the newest first."""
    found = session.scalars(select_published(tenant).limit(MOST_YEARS))
    return [PublishedCampaign(campaign, _read_results(campaign)) for campaign in found]


def _read_results(campaign: EvaluationCampaign) -> PublishedResults:
    return PublishedResults.from_stored((campaign.results or {})["public"])


def load_mended(session: Session, results: PublishedResults) -> dict[int, tuple[str, str]]:
    """Return by subject what was mended and the accepted reply; only of published subjects."""
    ids = [one.id for one in results.shown]
    statement = SubjectStatement
    query = select(
        statement.subject_id, statement.mended, statement.reply, statement.reply_state
    ).where(statement.subject_id.in_(ids))
    return {
        row.subject_id: (row.mended, row.reply if row.reply_state == "accepted" else "")
        for row in session.execute(query)
    }


def list_by_year(campaigns: Iterable[PublishedCampaign]) -> Iterator[PublishedCampaign]:
    """List the last published campaign of each year, the oldest first."""
    newest = {one.campaign.year: one for one in reversed(list(campaigns))}
    yield from (newest[year] for year in sorted(newest))
