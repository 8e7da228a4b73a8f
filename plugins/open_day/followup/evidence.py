"""What the evidence package of an open day holds: gathered from everywhere, people masked.

The evidence package as a file: one ZIP, its parts in fixed folders, a manifest with digests.

The same parts give the same bytes, so that two packages can be compared by one digest.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from core.sdk import Actor, Tenant, file_store, record, utc_now, zone

from ..domain.survey import Tally
from ..events.queries import history_of
from ..i18n import _
from ..labels import GRADES, HISTORY
from ..models.followup import Reply
from ..models.registration import OpenDay
from ..registrations.lottery import draws_of
from ..registrations.queries import everybody
from .exports import Table, Value, attendance_table, figures_table, people_table, write_xlsx
from .replies import replies_of
from .report import photographs_of, results_of
from .statistics import figures_of
from .surveys import outcome_of, survey_of

MANIFEST = "manifest.json"
DIGESTS = "SHA256SUMS.txt"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the package: its folder (may be empty), its name, its bytes, what it is."""

    folder: str
    name: str
    data: bytes
    title: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that the assessment asks for and that this open day does not have."""

    title: str
    reason: str


def safe_name(name: str) -> str:
    """A name that every system can unpack."""
    stem, dot, ending = _UNFIT.sub("_", name).strip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = stem.strip(" .")[:_LONGEST_NAME] or "_"
    return f"{stem}.{ending[:10]}" if ending else stem


def package(about: Mapping[str, Any], parts: Iterable[Part], missing: Iterable[Missing]) -> bytes:
    """The package: every part, a manifest for programs and digests for `sha256sum -c`."""
    placed = _placed(parts)
    manifest = {
        **about,
        "parts": [_entry(path, part) for path, part in placed],
        "missing": [{"title": lack.title, "reason": lack.reason} for lack in missing],
    }
    described = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
    digests = "".join(f"{_digest(part.data)}  {path}\n" for path, part in placed).encode()
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, part in placed:
            _add(archive, path, part.data)
        _add(archive, MANIFEST, described)
        _add(archive, DIGESTS, digests)
    return buffer.getvalue()


def _placed(parts: Iterable[Part]) -> Sequence[tuple[str, Part]]:
    """Parts with their paths; of two of one name the second gets a number."""
    placed: dict[str, Part] = {}
    taken = {MANIFEST.lower(), DIGESTS.lower()}
    for part in parts:
        name, number = safe_name(part.name), 1
        while (path := _path(part.folder, name, number)).lower() in taken:
            number += 1
        taken.add(path.lower())
        placed[path] = part
    return list(placed.items())


def _path(folder: str, name: str, number: int) -> str:
    if number > 1:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem}-{number}.{ending}" if dot else f"{name}-{number}"
    return f"{safe_name(folder)}/{name}" if folder else name


def _entry(path: str, part: Part) -> dict[str, Any]:
    return {
        "path": path,
        "title": part.title,
        "bytes": len(part.data),
        "sha256": _digest(part.data),
    }


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _add(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(path, _EARLIEST), data, zipfile.ZIP_DEFLATED, 6)


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
