"""What the evidence package of an open day holds: gathered from everywhere, people masked."""

from collections.abc import Iterator, Sequence

from flask import render_template

from core import sdk
from core.sdk import Context

from ..events.queries import list_history
from ..i18n import _
from ..labels import HISTORY, format_when
from ..models.registration import OpenDay
from ..registrations.checkin import list_exceptions
from ..registrations.lottery import list_draws
from ..registrations.queries import list_holders
from .exports import attendance_table, figures_table, people_table
from .replies import list_replies
from .report import find_results, list_photographs
from .statistics import load_figures
from .surveys import find_survey


def gather(ctx: Context, day: OpenDay) -> bytes:
    """Build the package as a ZIP; that it was made goes on record."""
    ctx.audit("open_day.evidence", str(day.id))
    parts: list[sdk.EvidencePart] = []
    missing: list[sdk.MissingPart] = []
    for title, found in _sections(ctx, day):
        parts += found
        if not found:
            missing.append(sdk.MissingPart(title, _("There is none.")))
    held = format_when(day.slots[0]) if day.slots else ""
    return sdk.build_evidence(ctx.tenant, day.title, parts, missing=missing, facts={_("Day"): held})


def _sections(ctx: Context, day: OpenDay) -> Iterator[tuple[str, Sequence[sdk.EvidencePart]]]:
    """Yield every part that an assessment asks for, in its order, with what there is of it."""
    people, exceptions = list_holders(ctx.session, day), list_exceptions(ctx.session, day)
    yield _page(1, _("Announcement"), "announcement", day=day, format_when=format_when)
    yield _sheet(2, _history(ctx, day))
    yield _sheet(3, people_table(day, people), _("Name list"))
    yield _sheet(4, attendance_table([*people, *dict(exceptions)]))
    yield _("Photographs"), _photographs(ctx, day)
    publication = find_results(ctx.session, day)
    if publication is None:
        yield _("Report"), []
    else:
        yield _page(6, _("Report"), "report", publication=publication)
    yield _sheet(7, _replies(ctx, day))
    yield _sheet(8, _satisfaction(ctx, day))
    yield _sheet(9, figures_table(load_figures(ctx.session, [day])))
    if day.mode == "lottery":
        yield _sheet(10, _draws(ctx, day))


def _sheet(
    number: int, sheet: sdk.ListSheet, title: str = ""
) -> tuple[str, list[sdk.EvidencePart]]:
    """Return a list as a part of the package; without rows there is none."""
    name = f"{number} {sheet.name}.xlsx"
    part = [sdk.EvidencePart(name, sdk.write_list_xlsx([sheet]), sheet.name)] if sheet.rows else []
    return title or sheet.name, part


def _page(
    number: int, title: str, template: str, **values: object
) -> tuple[str, list[sdk.EvidencePart]]:
    page = render_template(f"open_day/evidence/{template}.html", **values)
    return title, [sdk.EvidencePart(f"{number} {title}.html", page.encode(), title)]


def _history(ctx: Context, day: OpenDay) -> sdk.ListSheet:
    rows: list[list[sdk.CellValue]] = [
        [
            str(HISTORY.get(event.move, event.move)),
            event.actor_name,
            event.at.astimezone(sdk.zone()),
            event.note if event.move != "edit" else "",
        ]
        for event in reversed(list_history(ctx.session, day))
    ]
    return sdk.ListSheet(_("Approval"), [_("What"), _("Who"), _("When"), _("Note")], rows)


def _photographs(ctx: Context, day: OpenDay) -> list[sdk.EvidencePart]:
    folder = "5 " + _("Photographs")
    return [
        sdk.EvidencePart(name, sdk.file_store().get(digest), _("Photograph"), folder)
        for name, digest in list_photographs(ctx.session, day)
    ]


def _replies(ctx: Context, day: OpenDay) -> sdk.ListSheet:
    columns = [_("Question"), _("Answered by"), _("Deadline"), _("Answered on"), _("Answer")]
    rows: list[list[sdk.CellValue]] = [
        [
            reply.question,
            reply.organ.name if reply.organ else reply.unit,
            reply.due_on,
            reply.replied_at.astimezone(sdk.zone()).date() if reply.replied_at else None,
            reply.reply,
        ]
        for reply in list_replies(ctx.session, day)
    ]
    return sdk.ListSheet(_("Replies"), columns, rows)


def _satisfaction(ctx: Context, day: OpenDay) -> sdk.ListSheet:
    """List what the answers say, question by question; nothing of too few."""
    survey = find_survey(ctx, day)
    results = sdk.load_results(ctx.session, survey) if survey else None
    rows: list[list[sdk.CellValue]] = [
        [tally.question.label, sdk.say_value(tally.question, value), count, tally.answered]
        for tally in results or ()
        for value, count in tally.counts
    ]
    columns = [_("Question"), _("Answer"), _("Number"), _("of answers")]
    return sdk.ListSheet(_("Satisfaction"), columns, rows)


def _draws(ctx: Context, day: OpenDay) -> sdk.ListSheet:
    names = {slot.id: slot.name for slot in day.slots}
    rows: list[list[sdk.CellValue]] = [
        [
            names.get(slot_id, ""),
            draw.seed,
            draw.seats,
            " ".join(map(str, draw.drawn)),
            " ".join(map(str, draw.winners)),
        ]
        for slot_id, draw in list_draws(ctx.session, day).items()
    ]
    columns = [
        _("Session"), _("Seed"), _("Number of places"), _("Numbers in the order drawn"),
        _("With places"),
    ]  # fmt: skip
    return sdk.ListSheet(_("Draw"), columns, rows)
