"""A derivation of a date in words, for letters, pages and commands."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from core.calendar.domain.notice import NoticeError, NoticeFault
from core.calendar.domain.working_days import CalendarDay, DayKind, Derivation


def explain(derivation: Derivation) -> list[str]:
    """Say line by line how working days were counted: what was left out, what is not sure."""
    counted = ngettext(
        "%(start)s and %(num)d working day: %(end)s",
        "%(start)s and %(num)d working days: %(end)s",
        derivation.count,
        start=derivation.start, end=derivation.end,
    )  # fmt: skip
    return [counted, *_exceptions(derivation.days), *_provisional(derivation.days)]


def _exceptions(days: Sequence[CalendarDay]) -> Iterator[str]:
    in_order = sorted(days, key=lambda found: found.day)
    for (kind, festival), group in groupby(in_order, lambda found: (found.kind, found.festival)):
        run = list(group)
        span = f"{run[0].day}" if len(run) == 1 else f"{run[0].day} – {run[-1].day}"
        if kind is DayKind.WEEKEND:
            yield _("not counted: %(days)s, weekend", days=span)
        elif kind is DayKind.HOLIDAY:
            yield _("not counted: %(days)s, %(festival)s", days=span, festival=festival)
        elif kind is DayKind.MAKE_UP:
            yield _("counted: %(days)s, worked for %(festival)s", days=span, festival=festival)


def _provisional(days: Sequence[CalendarDay]) -> Iterator[str]:
    years = sorted({found.day.year for found in days if found.is_provisional})
    for year in years:
        yield _(
            "Provisional: the holidays of %(year)s are not published yet;"
            " it was counted Monday to Friday.",
            year=year,
        )


_FAULTS = {
    NoticeFault.OTHER_YEAR: _l("This is the notice of another year:"),
    NoticeFault.MISSING_FESTIVAL: _l("The notice does not name this holiday:"),
    NoticeFault.UNREADABLE: _l("These days cannot be read:"),
    NoticeFault.WRONG_WEEKDAY: _l("The day of the week is not the date's:"),
    NoticeFault.WRONG_COUNT: _l("The number of days is not right:"),
    NoticeFault.TWICE: _l("This day is named twice:"),
}


def say_fault(error: NoticeError) -> str:
    """Say what is wrong with a notice, and where."""
    return f"{_FAULTS[error.fault]} {error.text}"
