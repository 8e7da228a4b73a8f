"""Staff's pages of paper ballots: the record of a meeting or counter, sheets keyed in twice."""

from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core.clock import today
from core.errors import Invalid, NotFound
from core.storage.files import current_files
from core.voting import paper
from core.voting.kinds import VoteKind, get_vote_kind
from core.voting.models import PAPER_CHANNELS, PaperRecord, PublicVote
from core.voting.pages.lists import PageList, render, to
from core.web import params
from core.web.context import Context
from core.web.files.downloads import send_download
from core.web.forms import fields
from core.web.forms.feature_pages import attempt, blank_form
from core.web.forms.form import Form, FormData
from core.web.forms.kept import require_version

RECORDS = "<int:vote_id>/records/"
RECORD = f"{RECORDS}<int:record_id>/"
PAGES = PageList()
MOST_SHEETS = 100_000


class RecordForm(Form):
    """Where paper ballots were handed out, how many came back, who watched and counted."""

    channel = fields.ChoiceField(PAPER_CHANNELS, required=_l("Choose one of the list."))
    day = fields.DayField(required=_l("Enter the day."))
    place = fields.LineField(100, required=_l("Enter the place."))
    issued = fields.NumberField(0, MOST_SHEETS, default=0)
    collected = fields.NumberField(0, MOST_SHEETS, default=0)
    void = fields.NumberField(0, MOST_SHEETS, default=0)
    scrutineers = fields.LineField(200)
    tellers = fields.LineField(200)


class SheetForm(Form):
    """A sheet: its number, and for each subject a digit for each aspect."""

    number = fields.NumberField(1, MOST_SHEETS, required=_l("Enter the number of the sheet."))
    row = fields.KeyedField(40)
    is_void = fields.TickField()
    settle = fields.ButtonField()


class ScanForm(Form):
    """The signed sheet."""

    file = fields.FileField(required=_l("Choose a file."))


@PAGES.get(f"{RECORDS}new/")
def new_record(ctx: Context, vote: PublicVote, kind: VoteKind) -> str:
    """Show the form of a new record."""
    del ctx
    usual = {"day": today(), "channel": PAPER_CHANNELS[0]}
    return _record_form(kind, vote, None, blank_form(RecordForm.show(usual)))


@PAGES.post(f"{RECORDS}new/")
def create_record(ctx: Context, vote: PublicVote, kind: VoteKind) -> Any:
    """Make a record."""
    return _save(ctx, kind, vote, None)


@PAGES.get(RECORD)
def record(ctx: Context, vote: PublicVote, record: PaperRecord, kind: VoteKind) -> str:
    """Show a record: what is keyed in, what does not agree yet."""
    pairs = paper.list_sheets(ctx, record)
    return render(
        kind,
        "console/record",
        vote=vote,
        record=record,
        pairs=pairs,
        keyed=paper.count_keyed(pairs),
        open_points=() if record.closed_at else paper.find_open_points(ctx, record),
    )


@PAGES.get(f"{RECORD}edit/")
def edit_record(ctx: Context, vote: PublicVote, record: PaperRecord, kind: VoteKind) -> str:
    """Show the form of a record."""
    del ctx
    return _record_form(kind, vote, record, blank_form(RecordForm.show(record)))


@PAGES.post(f"{RECORD}edit/")
def save_record(ctx: Context, vote: PublicVote, record: PaperRecord, kind: VoteKind) -> Any:
    """Change a record."""
    require_version(record.version)
    return _save(ctx, kind, vote, record)


def _save(ctx: Context, kind: VoteKind, vote: PublicVote, record: PaperRecord | None) -> Any:
    form = RecordForm.read()
    if form.ok:
        try:
            record = paper.save_record(ctx, vote, record, form.values)
        except Invalid as error:
            form.errors.update(error.fields)
    if not form.ok or record is None:
        return _record_form(kind, vote, record, form), 422
    return _done(vote, record, _("Saved."))


def _done(vote: PublicVote, record: PaperRecord, words: str) -> Response:
    flash(words, "success")
    return to("record", vote_id=vote.id, record_id=record.id)


def _record_form(
    kind: VoteKind, vote: PublicVote, record: PaperRecord | None, form: FormData
) -> str:
    channels = [
        {"value": channel, "label": label}
        for channel, label in kind.channels.items()
        if channel in PAPER_CHANNELS and channel in vote.weights
    ]
    return render(kind, "console/record_form", form, vote=vote, record=record, channels=channels)


@PAGES.post(f"{RECORD}scan/")
def add_scan(ctx: Context, vote: PublicVote, record: PaperRecord) -> Response:
    """Keep the scan of the signed sheet."""
    require_version(record.version)
    file = ScanForm.read().require()["file"]
    paper.store_scan(ctx, vote, record, file.filename or "", file.read())
    return _done(vote, record, _("Saved."))


@PAGES.get(f"{RECORD}scan/")
def scan(ctx: Context, vote: PublicVote, record: PaperRecord) -> Response:
    """Send the scan of the signed sheet."""
    del ctx
    if not record.scan_digest:
        raise NotFound(where=str(record.id))
    name = _("Record %(title)s", title=vote.title)
    ending = record.scan_type.rpartition("/")[2]
    data = current_files().get(record.scan_digest)
    return send_download(data, record.scan_type, f"{name}.{ending}")


@PAGES.post(f"{RECORD}close/")
def close_record(ctx: Context, vote: PublicVote, record: PaperRecord) -> Response:
    """Close a record on which everything agrees."""
    require_version(record.version)
    paper.close_record(ctx, vote, record)
    return _done(vote, record, _("Done."))


@PAGES.get(f"{RECORD}sheets/")
def sheet(ctx: Context, vote: PublicVote, record: PaperRecord, kind: VoteKind) -> str:
    """Show the form of the next sheet, or of one that is to be settled (`?number=`)."""
    typed = SheetForm.show({"number": params.number("number", 1, most=MOST_SHEETS)})
    return _sheet_page(ctx, kind, vote, record, blank_form(typed))


@PAGES.post(f"{RECORD}sheets/")
def key_in(ctx: Context, vote: PublicVote, record: PaperRecord, kind: VoteKind) -> Any:
    """Keep a sheet as this person reads it, or what a third look has found."""
    form = _read_sheet(vote)
    if form.ok:
        values = form.values
        reading = paper.SheetReading(values["number"], values["row"], values["is_void"])
        keep = paper.settle_sheet if values["settle"] else paper.key_sheet
        with attempt(ctx, form.errors, "number"):
            keep(ctx, vote, record, reading)
    if not form.ok:
        return _sheet_page(ctx, kind, vote, record, form), 422
    flash(_("Sheet %(n)s is keyed in.", n=form.values["number"]), "success")
    return to("sheet", vote_id=vote.id, record_id=record.id)


def _read_sheet(vote: PublicVote) -> FormData:
    """Read the form; a row that cannot be read has its message at its own field."""
    form = SheetForm.read()
    aspects, scale = [aspect["key"] for aspect in vote.aspects], get_vote_kind(vote).scale
    rows = {}
    for subject in vote.subjects:
        typed = form.values["row"].get(str(subject.id), "")
        rows[str(subject.id)] = "".join(typed.split())
        if scale.read_digits(typed, aspects) is None:
            form.errors[f"row-{subject.id}"] = _(
                "%(name)s: %(n)s digits from 0 to %(most)s, or nothing.",
                name=subject.name, n=len(aspects), most=len(scale.grades),
            )  # fmt: skip
    form.values["row"] = rows
    return form


def _sheet_page(
    ctx: Context, kind: VoteKind, vote: PublicVote, record: PaperRecord, form: FormData
) -> str:
    paper.require_open(record)
    number = form.values.get("number") or params.number("number", most=MOST_SHEETS)
    pair = paper.find_sheet(ctx, record, number)
    settled = pair if pair.state == "differs" else None
    return render(kind, "console/sheet", form, vote=vote, record=record, pair=settled)


@PAGES.post(f"{RECORD}sheets/<int:number>/remove/")
def remove_sheet(ctx: Context, vote: PublicVote, record: PaperRecord, number: int) -> Response:
    """Remove what is keyed in under a wrong number."""
    require_version(record.version)
    paper.remove_sheet(ctx, vote, record, number)
    return _done(vote, record, _("Removed."))
