"""The passage on an evaluation for the annual report (article 46 of the Regulation), as a text."""

from collections.abc import Iterator, Sequence

from ..domain.published import ShownResult, average_score, count_grades
from ..i18n import _, _n
from ..labels import RESULT_GRADES, SUBJECT_GROUPS
from .archive import PublishedCampaign


def write_article(published: PublishedCampaign, mended: int) -> str:
    """Write what can be written of published figures; a clerk edits and publishes it."""
    campaign = published.campaign
    opening = _(
        "In %(year)s supervisors evaluated how offices keep their duty to publish (%(title)s).",
        year=campaign.year,
        title=campaign.title,
    )
    return "\n".join([opening, *_list_lines(published), *_say_mended(mended)])


def _list_lines(published: PublishedCampaign) -> Iterator[str]:
    for group, label in SUBJECT_GROUPS.items():
        theirs = published.results.list_group(group)
        if theirs:
            yield _("%(group)s: %(counts)s.", group=label, counts=_say_counts(theirs))
            average = average_score(theirs)
            if average is not None:
                yield _("The average of the published totals is %(score)s of 100.", score=average)


def _say_counts(theirs: Sequence[ShownResult]) -> str:
    counts = count_grades(theirs).items()
    return _(", ").join(f"{RESULT_GRADES[grade]} {count}" for grade, count in counts if count)


def _say_mended(mended: int) -> Iterator[str]:
    if mended:
        yield _n(
            "%(num)s office has said what it mended.",
            "%(num)s offices have said what they mended.",
            mended,
        )
