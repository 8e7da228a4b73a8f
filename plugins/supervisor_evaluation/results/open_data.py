"""Published results as open data: JSON for programs, CSV for spreadsheets."""

from typing import Any

from core.sdk import CellValue, ListSheet, local_day, tenant_url, write_list_csv

from ..domain.published import PublishedResults, ShownResult
from ..i18n import _
from ..labels import RESULT_GRADES, SUBJECT_GROUPS
from .archive import PublishedCampaign


def to_json(published: PublishedCampaign) -> dict[str, Any]:
    """Return the results as JSON values; scores only where they are published."""
    campaign, results = published.campaign, published.results
    body = {
        "title": campaign.title,
        "year": campaign.year,
        "published_on": local_day(campaign.published_at).isoformat()
        if campaign.published_at
        else None,
        "level": results.level,
        "minimum": results.minimum,
        "results": [_to_item(one, results) for one in results.shown],
        "unlisted": [{"subject": one.name, "group": one.group} for one in results.unlisted],
        "sheet_sha256": campaign.sheet_digest,
        "seed": campaign.seed,
    }
    if results.has_scores:
        endpoint = "plugin_supervisor_evaluation_results.sheet"
        body["sheet"] = tenant_url(endpoint, campaign_id=campaign.id, _external=True)
    return body


def _to_item(one: ShownResult, results: PublishedResults) -> dict[str, Any]:
    item: dict[str, Any] = {
        "subject": one.name,
        "group": one.group,
        "peer_group": one.peer_group or None,
        "grade": one.grade,
    }
    if results.has_scores:
        means = {name: float(mean) if mean else None for name, mean in one.means.items()}
        item |= {"score": float(one.score), "rank": one.rank, "answers": one.answers}
        item["indicators"] = means
    return item


def to_csv(published: PublishedCampaign) -> bytes:
    """Return the results as CSV."""
    return write_list_csv(to_list(published.results))


def to_list(results: PublishedResults) -> ListSheet:
    """List the published results, in the order of subjects."""
    indicators = list(dict.fromkeys(name for one in results.shown for name in one.means))
    columns = [_("Group"), _("Evaluated"), _("Peer group"), _("Grade")]
    if results.has_scores:
        columns += [_("Total"), _("Place in its group"), _("Number of answers"), *indicators]
    return ListSheet(
        _("Results"), columns, [_to_row(one, results, indicators) for one in results.shown]
    )


def _to_row(one: ShownResult, results: PublishedResults, indicators: list[str]) -> list[CellValue]:
    row: list[CellValue] = [
        str(SUBJECT_GROUPS[one.group]), one.name, one.peer_group, str(RESULT_GRADES[one.grade]),
    ]  # fmt: skip
    if results.has_scores:
        row += [one.score, one.rank, one.answers]
        row += [one.means.get(name, "") for name in indicators]
    return row
