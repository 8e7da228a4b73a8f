"""The published result of a vote: for pages, and as files that anybody can calculate with."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.errors import NotFound
from core.tables.lists.writing import (
    CSV_TYPE,
    XLSX_TYPE,
    CellValue,
    ListSheet,
    write_list_csv,
    write_list_xlsx,
)
from core.voting.kinds import get_vote_kind
from core.voting.models import PublicVote, VoteSubject
from core.voting.votes import VoteState
from core.web.files.downloads import send_download


def list_results(
    vote: PublicVote, results: Sequence[dict[str, Any]] | None = None
) -> list[tuple[VoteSubject, dict[str, Any]]]:
    """Pair the subjects of a vote with what may be shown of each, as published unless given."""
    by_id = {result["subject"]: result for result in (vote.results if results is None else results)}
    return [(subject, by_id[subject.id]) for subject in vote.subjects if subject.id in by_id]


def build_sheets(vote: PublicVote) -> list[ListSheet]:
    """Write the published result as lists: rates of the subjects, and every count behind them."""
    kind = get_vote_kind(vote)
    rates: list[Sequence[CellValue]] = []
    cells: list[Sequence[CellValue]] = []
    for subject, result in list_results(vote):
        named = [str(kind.groups[subject.group]), subject.name]
        per_channel = [result["channels"].get(channel) or "" for channel in vote.weights]
        rates.append([*named, result["rate"] or _("withheld"), *per_channel])
        cells.extend([*named, *cell] for cell in _list_cells(vote, result))
    named = [_("Group"), _("Subject")]
    channels = [str(label) for channel, label in kind.channels.items() if channel in vote.weights]
    columns = [
        *named, _("Aspect"), _("Channel"), _("Stated weight"), _("Weight that held"),
        *map(str, kind.grades.values()), _("Rate of the aspect in percent"),
    ]  # fmt: skip
    return [
        ListSheet(_("Rates"), [*named, _("Rate in percent"), *channels], rates),
        ListSheet(_("Counts"), columns, cells),
    ]


def _list_cells(vote: PublicVote, result: dict[str, Any]) -> Iterator[Sequence[CellValue]]:
    names = {aspect["key"]: aspect["label"] for aspect in vote.aspects}
    kind = get_vote_kind(vote)
    for aspect in result["aspects"]:
        for channel, counts in aspect["counts"].items():
            weights = vote.weights[channel], aspect["weights"].get(channel, "0")
            grades = [counts[grade] for grade in kind.grades]
            label, rate = str(kind.channels[channel]), aspect["rate"] or ""
            yield [names[aspect["aspect"]], label, *weights, *grades, rate]


def send_results(vote: PublicVote, ending: str) -> Response:
    """Send what was published of a vote; raises `NotFound` before that."""
    if vote.state != VoteState.PUBLISHED:
        raise NotFound(where=str(vote.id))
    sheets = build_sheets(vote)
    if ending == "xlsx":
        return send_download(write_list_xlsx(sheets), XLSX_TYPE, f"{vote.title}.xlsx")
    return send_download(write_list_csv(sheets[1]), CSV_TYPE, f"{vote.title}.csv")
