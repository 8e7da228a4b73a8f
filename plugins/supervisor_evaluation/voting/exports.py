"""The published result of a vote: for pages, and as files that anybody can calculate with."""

from collections.abc import Iterator, Sequence
from typing import Any

from werkzeug.wrappers import Response

from core.sdk import (
    CSV_TYPE,
    XLSX_TYPE,
    CellValue,
    ListSheet,
    NotFound,
    send_download,
    write_list_csv,
    write_list_xlsx,
)

from ..domain.ballots import Channel, Grade
from ..i18n import _
from ..models.voting import SocialVote, VoteSubject
from . import labels
from .votes import VoteState


def list_results(vote: SocialVote) -> list[tuple[VoteSubject, dict[str, Any]]]:
    """Pair the subjects of a published vote with what may be shown of each."""
    by_id = {result["subject"]: result for result in vote.results}
    return [(subject, by_id[subject.id]) for subject in vote.subjects if subject.id in by_id]


def build_sheets(vote: SocialVote) -> list[ListSheet]:
    """Write the published result as lists: rates of the subjects, and every count behind them."""
    names = {aspect["key"]: aspect["label"] for aspect in vote.aspects}
    rates: list[Sequence[CellValue]] = []
    cells: list[Sequence[CellValue]] = []
    for subject, result in list_results(vote):
        group, withheld = str(labels.SUBJECT_GROUPS[subject.group]), _("withheld")
        per_channel = [result["channels"].get(channel) or "" for channel in vote.weights]
        rates.append([group, subject.name, result["rate"] or withheld, *per_channel])
        cells.extend(_list_cells(vote, subject, result, names))
    channels = [str(labels.CHANNELS[Channel(channel)]) for channel in vote.weights]
    grades = [str(labels.GRADES[grade]) for grade in Grade]
    return [
        ListSheet(_("Rates"), [_("Group"), _("Subject"), _("Rate in percent"), *channels], rates),
        ListSheet(
            _("Counts"),
            [_("Group"), _("Subject"), _("Aspect"), _("Channel"), _("Stated weight"),
             _("Weight that held"), *grades, _("Rate of the aspect in percent")],
            cells,
        ),
    ]  # fmt: skip


def _list_cells(
    vote: SocialVote, subject: VoteSubject, result: dict[str, Any], names: dict[str, str]
) -> Iterator[Sequence[CellValue]]:
    for aspect in result["aspects"]:
        for channel, counts in aspect["counts"].items():
            yield [
                str(labels.SUBJECT_GROUPS[subject.group]),
                subject.name,
                names[aspect["aspect"]],
                str(labels.CHANNELS[channel]),
                vote.weights[channel],
                aspect["weights"].get(channel, "0"),
                *(counts[grade] for grade in Grade),
                aspect["rate"] or "",
            ]


def send_results(vote: SocialVote, ending: str) -> Response:
    """Send what was published of a vote; raises `NotFound` before that."""
    if vote.state != VoteState.PUBLISHED:
        raise NotFound(where=str(vote.id))
    sheets = build_sheets(vote)
    if ending == "xlsx":
        return send_download(write_list_xlsx(sheets), XLSX_TYPE, f"{vote.title}.xlsx")
    return send_download(write_list_csv(sheets[1]), CSV_TYPE, f"{vote.title}.csv")
