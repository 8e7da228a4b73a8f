"""Published results as pictures and tables for the page, and as open data: JSON and CSV."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core import sdk
from core.sdk import CellValue, Chart, ChartKind, ChartSeries, ListSheet

from ..i18n import _
from ..labels import RESULT_GRADES, SUBJECT_GROUPS
from .published import (
    PublishedCampaign,
    PublishedResults,
    ResultGrade,
    ShownResult,
    average_score,
    count_grades,
    list_peer_groups,
)

_GRADES = list(ResultGrade)


@dataclass(frozen=True, slots=True)
class ResultTable:
    """What the component `data_table` shows."""

    caption: str
    columns: list[Any]
    lines: list[list[Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GroupResults:
    """A group's results: picture, table, and its peer groups where it has any."""

    key: str
    title: str
    chart: dict[str, Any]
    table: ResultTable
    peers: ResultTable | None


def list_groups(results: PublishedResults) -> list[GroupResults]:
    """List the figures of departments and townships, apart; a group without results is left out."""
    groups = ((key, results.list_group(key)) for key in SUBJECT_GROUPS)
    return [_build_group(key, theirs, results) for key, theirs in groups if theirs]


def _build_group(
    key: str, theirs: Sequence[ShownResult], results: PublishedResults
) -> GroupResults:
    title = str(SUBJECT_GROUPS[key])
    chart = _chart_scores(title, theirs) if results.has_scores else _chart_grades(title, theirs)
    figure = sdk.to_chart_figure(chart, f"results-{key}")
    table, peers = _tabulate(title, theirs, results), _compare_peers(title, theirs, results)
    return GroupResults(key, title, figure, table, peers)


def _chart_scores(title: str, theirs: Sequence[ShownResult]) -> Chart:
    names = [one.name for one in theirs]
    series = ChartSeries(_("Total"), [float(one.score) for one in theirs])
    caption = _("Scores: %(group)s", group=title)
    return Chart(ChartKind.BAR, caption, _("Evaluated"), names, [series])


def _chart_grades(title: str, theirs: Sequence[ShownResult]) -> Chart:
    counts = count_grades(theirs)
    labels = [str(RESULT_GRADES[grade]) for grade in counts]
    series = ChartSeries(_("How many"), list(counts.values()))
    return Chart(ChartKind.BAR, _("Grades: %(group)s", group=title), _("Grade"), labels, [series])


def _tabulate(title: str, theirs: Sequence[ShownResult], results: PublishedResults) -> ResultTable:
    """List a group by grade, and within a grade in the order of subjects: never by place."""
    columns: list[Any] = [_("Evaluated"), _("Grade")]
    if results.has_scores:
        columns += [_numeric(_("Total")), _numeric(_("Number of answers"))]
    lines = []
    for one in sorted(theirs, key=lambda each: _GRADES.index(ResultGrade(each.grade))):
        line: list[Any] = [one.name, str(RESULT_GRADES[one.grade])]
        lines.append(line + ([one.score, one.answers] if results.has_scores else []))
    return ResultTable(_("Results: %(group)s", group=title), columns, lines)


def _compare_peers(
    title: str, theirs: Sequence[ShownResult], results: PublishedResults
) -> ResultTable | None:
    peers = list_peer_groups(theirs)
    if not peers:
        return None
    columns: list[Any] = [_("Peer group"), _numeric(_("How many"))]
    columns += [_numeric(str(RESULT_GRADES[grade])) for grade in count_grades(())]
    if results.has_scores:
        columns.append(_numeric(_("Average of totals")))
    lines = [
        [name, len(members), *count_grades(members).values()]
        + ([average_score(members)] if results.has_scores else [])
        for name, members in peers
    ]
    return ResultTable(_("Peer groups: %(group)s", group=title), columns, lines)


def build_trend(
    campaigns: Sequence[PublishedCampaign],
) -> tuple[dict[str, Any] | None, ResultTable | None]:
    """Return averages over the years as a picture, and each subject's results year by year.

    Of a year its last campaign counts; nothing where there is one year only. Averages are of
    published subjects alone.
    """
    newest = {one.campaign.year: one for one in reversed(campaigns)}
    years = [newest[year] for year in sorted(newest)]
    if len(years) < 2:
        return None, None
    scored = [year for year in years if year.results.has_scores]
    series = [
        ChartSeries(str(label), [_to_number(year, key) for year in scored])
        for key, label in SUBJECT_GROUPS.items()
    ]
    labels = [str(year.campaign.year) for year in scored]
    chart = Chart(ChartKind.LINE, _("Averages of totals over the years"), _("Year"), labels, series)
    figure = sdk.to_chart_figure(chart, "results-trend") if len(scored) > 1 else None
    return figure, _tabulate_years(years)


def _to_number(year: PublishedCampaign, group: str) -> float | None:
    average = average_score(year.results.list_group(group))
    return None if average is None else float(average)


def _tabulate_years(years: Sequence[PublishedCampaign]) -> ResultTable:
    labels = [str(year.campaign.year) for year in years]
    by_year = [{(one.group, one.name): one for one in year.results.shown} for year in years]
    names = {key: None for results in reversed(by_year) for key in results}
    lines = [
        [name, *(_say(results.get((group, name))) for results in by_year)]
        for group, name in sorted(names, key=lambda key: list(SUBJECT_GROUPS).index(key[0]))
    ]
    return ResultTable(_("Results over the years"), [_("Evaluated"), *labels], lines)


def _say(result: ShownResult | None) -> str:
    return f"{RESULT_GRADES[result.grade]} {result.score}".strip() if result else ""


def _numeric(label: str) -> dict[str, Any]:
    return {"label": label, "numeric": True}


def to_json(published: PublishedCampaign) -> dict[str, Any]:
    """Return the results as JSON values; scores only where they are published."""
    campaign, results = published.campaign, published.results
    day = sdk.local_day(campaign.published_at).isoformat() if campaign.published_at else None
    body = {
        "title": campaign.title,
        "year": campaign.year,
        "published_on": day,
        "level": results.level,
        "minimum": results.minimum,
        "results": [_to_item(one, results) for one in results.shown],
        "unlisted": [{"subject": one.name, "group": one.group} for one in results.unlisted],
        "sheet_sha256": campaign.sheet_digest,
        "seed": campaign.seed,
    }
    if results.has_scores:
        endpoint = "plugin_supervisor_evaluation_results.sheet"
        body["sheet"] = sdk.tenant_url(endpoint, campaign_id=campaign.id, _external=True)
    return body


def _to_item(one: ShownResult, results: PublishedResults) -> dict[str, Any]:
    item: dict[str, Any] = {"subject": one.name, "group": one.group}
    item |= {"peer_group": one.peer_group or None, "grade": one.grade}
    if results.has_scores:
        means = {name: float(mean) if mean else None for name, mean in one.means.items()}
        item |= {"score": float(one.score), "rank": one.rank, "answers": one.answers}
        item["indicators"] = means
    return item


def to_list(results: PublishedResults) -> ListSheet:
    """List the published results, in the order of subjects."""
    indicators = list(dict.fromkeys(name for one in results.shown for name in one.means))
    columns = [_("Group"), _("Evaluated"), _("Peer group"), _("Grade")]
    if results.has_scores:
        columns += [_("Total"), _("Place in its group"), _("Number of answers"), *indicators]
    rows = [_to_row(one, results, indicators) for one in results.shown]
    return ListSheet(_("Results"), columns, rows)


def _to_row(one: ShownResult, results: PublishedResults, indicators: list[str]) -> list[CellValue]:
    group, grade = str(SUBJECT_GROUPS[one.group]), str(RESULT_GRADES[one.grade])
    row: list[CellValue] = [group, one.name, one.peer_group, grade]
    if results.has_scores:
        row += [one.score, one.rank, one.answers]
        row += [one.means.get(name, "") for name in indicators]
    return row
