"""Published results of a panel as pictures and tables for a page, and as open data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.charts.domain.model import Chart, ChartKind, ChartSeries
from core.charts.pages import to_chart_figure
from core.panels.domain.publication import (
    PublishedResults,
    ResultGrade,
    ShownResult,
    average_score,
    count_grades,
    list_peer_groups,
    to_grade,
)
from core.panels.domain.scoring import PanelScores
from core.tables.lists.writing import CellValue, ListSheet

RESULT_GRADES: Mapping[str, Any] = {
    ResultGrade.EXCELLENT: _l("Excellent"),
    ResultGrade.GOOD: _l("Good"),
    ResultGrade.FAIR: _l("Fair"),
    ResultGrade.WEAK: _l("Weak"),
}
_GRADES = list(ResultGrade)
#: Groups of subjects by their keys, with their names in the reader's language.
GroupNames = Mapping[str, Any]
#: What the component `data_table` shows: caption, columns, lines.
Table = dict[str, Any]
#: A year with what was published of it.
Year = tuple[int, PublishedResults]


@dataclass(frozen=True, slots=True)
class PanelFigures:
    """Pictures and tables of results; `groups` are the words for those who are judged apart."""

    groups: GroupNames

    def build(self, results: PublishedResults) -> list[dict[str, Any]]:
        """Return the figures of each group: key, title, chart, table, peers (a table, or `None`).

        Groups are never compared with each other; one without results is left out.
        """
        listed = ((key, str(label), results.list_group(key)) for key, label in self.groups.items())
        return [
            {
                "key": key, "title": title, "table": _tabulate(title, theirs, results),
                "chart": to_chart_figure(_draw(title, theirs, results), f"results-{key}"),
                "peers": _compare_peers(title, theirs, results),
            }
            for key, title, theirs in listed
            if theirs
        ]  # fmt: skip

    def compare_years(self, years: Sequence[Year]) -> tuple[dict[str, Any] | None, Table | None]:
        """Return averages over the years as a picture, and each subject's results year by year.

        Of a year its last results count (the newest come first). Nothing where there is one year
        only.
        """
        newest = sorted(dict(reversed(years)).items())
        if len(newest) < 2:
            return None, None
        scored = [(year, results) for year, results in newest if results.has_scores]
        series = [
            ChartSeries(str(label), [_average(results, key) for _year, results in scored])
            for key, label in self.groups.items()
        ]
        labels = [str(year) for year, _results in scored]
        chart = Chart(
            ChartKind.LINE, _("Averages of totals over the years"), _("Year"), labels, series
        )
        figure = to_chart_figure(chart, "results-trend") if len(scored) > 1 else None
        return figure, _tabulate_years(newest, self.groups)

    def list_published(self, results: PublishedResults) -> ListSheet:
        """List the published results, in the order of subjects."""
        indicators = list(dict.fromkeys(name for one in results.shown for name in one.means))
        columns = [_("Group"), _("Evaluated"), _("Peer group"), _("Grade")]
        if results.has_scores:
            columns += [
                _("Total"),
                _("Place in its group"),
                _("Number of people who scored"),
                *indicators,
            ]
        rows: list[list[CellValue]] = []
        for one in results.shown:
            grade = str(RESULT_GRADES[one.grade])
            row: list[CellValue] = [str(self.groups[one.group]), one.name, one.peer_group, grade]
            if results.has_scores:
                row += [one.score, one.rank, one.answers]
                row += [one.means.get(name, "") for name in indicators]
            rows.append(row)
        return ListSheet(_("Results"), columns, rows)

    def list_all(self, scores: PanelScores, results: PublishedResults) -> ListSheet:
        """List every result with its place, and whether it is published.

        Of those below the minimum it holds the names alone.
        """
        computed = scores.compute()
        shown = {one.name for one in results.shown}
        columns = [
            _("Group"), _("Evaluated"), _("Grade"), _("Total"), _("Place in its group"),
            _("Number of people who scored"), _("Publication"),
        ]  # fmt: skip
        rows: list[list[CellValue]] = [
            [
                str(self.groups[one.group]), one.subject, str(RESULT_GRADES[to_grade(one.score)]),
                one.score, one.rank, one.answers,
                _("published") if one.subject in shown else _("told privately"),
            ]
            for one in computed.results
        ]  # fmt: skip
        for one in (each for each in scores.subjects if each.name in computed.withheld):
            group = str(self.groups[one.group])
            rows.append([group, one.name, "", None, None, None, _("too few answers")])
        return ListSheet(_("Results"), columns, rows)


def _draw(title: str, theirs: Sequence[ShownResult], results: PublishedResults) -> Chart:
    if results.has_scores:
        scores = ChartSeries(_("Total"), [float(one.score) for one in theirs])
        names = [one.name for one in theirs]
        caption = _("Scores: %(group)s", group=title)
        return Chart(ChartKind.BAR, caption, _("Evaluated"), names, [scores])
    counts = count_grades(theirs)
    series = ChartSeries(_("How many"), list(counts.values()))
    labels = [str(RESULT_GRADES[grade]) for grade in counts]
    return Chart(ChartKind.BAR, _("Grades: %(group)s", group=title), _("Grade"), labels, [series])


def _tabulate(title: str, theirs: Sequence[ShownResult], results: PublishedResults) -> Table:
    """List a group by grade, and within a grade in the order of subjects: never by place."""
    columns: list[Any] = [_("Evaluated"), _("Grade")]
    if results.has_scores:
        columns += [_numeric(_("Total")), _numeric(_("Number of people who scored"))]
    lines = []
    for one in sorted(theirs, key=lambda each: _GRADES.index(ResultGrade(each.grade))):
        line: list[Any] = [one.name, str(RESULT_GRADES[one.grade])]
        lines.append(line + ([one.score, one.answers] if results.has_scores else []))
    return {"caption": _("Results: %(group)s", group=title), "columns": columns, "lines": lines}


def _compare_peers(
    title: str, theirs: Sequence[ShownResult], results: PublishedResults
) -> Table | None:
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
    return {"caption": _("Peer groups: %(group)s", group=title), "columns": columns, "lines": lines}


def _average(results: PublishedResults, group: str) -> float | None:
    average = average_score(results.list_group(group))
    return None if average is None else float(average)


def _tabulate_years(years: Sequence[Year], groups: GroupNames) -> Table:
    columns = [_("Evaluated"), *(str(year) for year, _results in years)]
    by_year = [{(one.group, one.name): one for one in results.shown} for _year, results in years]
    names = {key: None for results in reversed(by_year) for key in results}
    lines = [
        [name, *(_say(results.get((group, name))) for results in by_year)]
        for group, name in sorted(names, key=lambda key: list(groups).index(key[0]))
    ]
    return {"caption": _("Results over the years"), "columns": columns, "lines": lines}


def _say(result: ShownResult | None) -> str:
    return f"{RESULT_GRADES[result.grade]} {result.score}".strip() if result else ""


def _numeric(label: str) -> dict[str, Any]:
    return {"label": label, "numeric": True}
