"""What the evidence package of an open day holds: gathered from everywhere, people masked."""

from collections.abc import Iterator

from flask import render_template
from sqlalchemy.orm import Session

from core.sdk import Actor, Tenant, file_store, record, utc_now, zone
from plugins.open_day.day_desk import history_of
from plugins.open_day.day_figures import figures_of
from plugins.open_day.draws import draws_of
from plugins.open_day.evidence_package import Missing, Part, package
from plugins.open_day.exports import attendance_table, figures_table, people_table
from plugins.open_day.models import OpenDay
from plugins.open_day.people_desk import everybody
from plugins.open_day.questionnaire import Tally
from plugins.open_day.replies import replies_of
from plugins.open_day.results import photographs_of, results_of
from plugins.open_day.staff_labels import GRADES, HISTORY
from plugins.open_day.staff_models import Reply
from plugins.open_day.surveys import outcome_of, survey_of
from plugins.open_day.table_writing import Table, Value, write_xlsx
from plugins.open_day.words import _


def gather(session: Session, actor: Actor, tenant: Tenant, day: OpenDay) -> bytes:
    """The package as a ZIP; that it was made goes on record."""
    record(session, actor, tenant, "open_day.evidence", str(day.id))
    parts: list[Part] = []
    missing: list[Missing] = []
    for title, found in _sections(session, day):
        parts += found
        if not found:
            missing.append(Missing(title, _("There is none.")))
    about = {
        "open_day": day.title,
        "place": tenant.name,
        "division_code": tenant.division_code,
        "held": day.starts_at.astimezone(zone()).isoformat() if day.starts_at else None,
        "made": utc_now().astimezone(zone()).isoformat(timespec="seconds"),
        "masked": True,
    }
    return package(about, parts, missing)


def _sections(session: Session, day: OpenDay) -> Iterator[tuple[str, list[Part]]]:
    """Every part that an assessment asks for, in its order, with what there is of it."""
    yield _("Announcement"), [_announcement(day)]
    yield _("Approval"), [_sheet("2", _history(session, day))]
    people = everybody(session, day)
    yield _("Name list"), [_sheet("3", people_table(day, people))] if people else []
    attended = attendance_table(people)
    yield _("Sign-in sheet"), [_sheet("4", attended)] if attended.rows else []
    yield _("Photographs"), _photographs(session, day)
    yield _("Report"), _report(session, day)
    replies = replies_of(session, day)
    yield _("Replies"), [_sheet("7", _replies(replies))] if replies else []
    yield _("Satisfaction"), _satisfaction(session, day)
    yield _("Figures"), [_sheet("9", figures_table(figures_of(session, [day])))]
    if day.mode == "lottery":
        yield _("Draw"), _draws(session, day)


def _sheet(number: str, table: Table) -> Part:
    return Part("", f"{number} {table.name}.xlsx", write_xlsx([table]), table.name)


def _announcement(day: OpenDay) -> Part:
    page = render_template("open_day/evidence/announcement.html", day=day, zone=zone())
    name = _("Announcement")
    return Part("", f"1 {name}.html", page.encode(), name)


def _history(session: Session, day: OpenDay) -> Table:
    columns = [_("What"), _("Who"), _("When"), _("Note")]
    rows: list[list[Value]] = [
        [
            str(HISTORY.get(event.move, event.move)),
            event.actor_name,
            event.at.astimezone(zone()).strftime("%Y-%m-%d %H:%M"),
            event.note if event.move != "edit" else "",
        ]
        for event in reversed(history_of(session, day))
    ]
    return Table(_("Approval"), columns, rows)


def _photographs(session: Session, day: OpenDay) -> list[Part]:
    folder = "5 " + _("Photographs")
    return [
        Part(folder, name, file_store().get(digest), _("Photograph"))
        for name, digest in photographs_of(session, day)
    ]


def _report(session: Session, day: OpenDay) -> list[Part]:
    publication = results_of(session, day)
    if publication is None:
        return []
    page = render_template("open_day/evidence/report.html", publication=publication)
    name = _("Report")
    return [Part("", f"6 {name}.html", page.encode(), name)]


def _replies(replies: list[Reply]) -> Table:
    columns = [_("Question"), _("Answered by"), _("Deadline"), _("Answered on"), _("Answer")]
    rows: list[list[Value]] = [
        [
            one.question,
            one.organ.name if one.organ else one.unit,
            one.due_on.isoformat() if one.due_on else "",
            one.replied_at.astimezone(zone()).date().isoformat() if one.replied_at else "",
            one.reply,
        ]
        for one in replies
    ]
    return Table(_("Replies"), columns, rows)


def _satisfaction(session: Session, day: OpenDay) -> list[Part]:
    survey = survey_of(session, day)
    told = outcome_of(session, survey) if survey else None
    return [_sheet("8", satisfaction_table(told))] if told else []


def satisfaction_table(told: list[Tally]) -> Table:
    """What the answers say, question by question."""
    rows: list[list[Value]] = [
        [one.question.label, str(GRADES.get(option, option)), count, one.answered]
        for one in told
        for option, count in one.counts
    ]
    columns = [_("Question"), _("Answer"), _("Number"), _("of answers")]
    return Table(_("Satisfaction"), columns, rows)


def _draws(session: Session, day: OpenDay) -> list[Part]:
    names = {slot.id: slot.name for slot in day.slots}
    made = draws_of(session, day)
    if not made:
        return []
    rows: list[list[Value]] = [
        [names.get(slot_id, ""), one.seed, one.seats, " ".join(map(str, one.drawn)),
         " ".join(map(str, one.winners))]
        for slot_id, one in made.items()
    ]  # fmt: skip
    columns = [
        _("Session"),
        _("Seed"),
        _("Number of places"),
        _("Numbers in the order drawn"),
        _("With places"),
    ]
    return [_sheet("10", Table(_("Draw"), columns, rows))]
