"""Staff pages of paper ballots: the record of a meeting or counter, sheets keyed in twice."""

from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from core import sdk
from core.sdk import Context, Form, FormData, PluginBlueprint, fields, file_store, today

from ..domain.ballots import read_digits
from ..i18n import _, _l
from ..manifest import MANIFEST, NAME
from ..models.voting import PAPER_CHANNELS, PaperRecord, SocialVote
from ..voting import labels, paper
from .pages import blank, render, to
from .votes import VOTE, load_vote, vote_page

RECORDS = f"{VOTE}records/"
RECORD = f"{RECORDS}<int:record_id>/"
MOST_SHEETS = 100_000

blueprint = PluginBlueprint(MANIFEST, __name__, part="paper")


def load_record(ctx: Context, vote: SocialVote, record_id: int) -> PaperRecord:
    """Load the record of the address; raises `NotFound`."""
    del ctx
    return paper.get_record(vote, record_id)


record_page = sdk.staff_page(f"{NAME}.manage", vote=load_vote, record=load_record)


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


@blueprint.get(f"{RECORDS}new/")
@vote_page
def new(ctx: Context, vote: SocialVote) -> str:
    """Show the form of a new record."""
    del ctx
    return _form_page(vote, None, blank(RecordForm.show({"day": today(), "channel": "meeting"})))


@blueprint.post(f"{RECORDS}new/")
@vote_page
def create(ctx: Context, vote: SocialVote) -> Any:
    """Make a record."""
    return _save(ctx, vote, None)


@blueprint.get(RECORD)
@record_page
def show(ctx: Context, vote: SocialVote, record: PaperRecord) -> str:
    """Show a record: what is keyed in, what does not agree yet."""
    pairs = paper.list_sheets(ctx, record)
    return render(
        "votes/record",
        vote=vote,
        record=record,
        pairs=pairs,
        keyed=paper.count_keyed(pairs),
        open_points=() if record.closed_at else paper.find_open_points(ctx, record),
        words=labels,
    )


@blueprint.get(f"{RECORD}edit/")
@record_page
def edit(ctx: Context, vote: SocialVote, record: PaperRecord) -> str:
    """Show the form of a record."""
    del ctx
    return _form_page(vote, record, blank(RecordForm.show(record)))


@blueprint.post(f"{RECORD}edit/")
@record_page
def save(ctx: Context, vote: SocialVote, record: PaperRecord) -> Any:
    """Change a record."""
    sdk.require_version(record.version)
    return _save(ctx, vote, record)


def _save(ctx: Context, vote: SocialVote, record: PaperRecord | None) -> Any:
    form = RecordForm.read()
    if form.ok:
        try:
            record = paper.save_record(ctx, vote, record, form.values)
        except sdk.Invalid as error:
            form.errors.update(error.fields)
    if not form.ok or record is None:
        return _form_page(vote, record, form), 422
    flash(_("Saved."), "success")
    return to("paper.show", vote_id=vote.id, record_id=record.id)


def _form_page(vote: SocialVote, record: PaperRecord | None, form: FormData) -> str:
    channels = [
        {"value": channel, "label": labels.CHANNELS[channel]}
        for channel in labels.CHANNELS
        if channel in PAPER_CHANNELS and channel in vote.weights
    ]
    return render("votes/record_form", form, vote=vote, record=record, channels=channels)


@blueprint.post(f"{RECORD}scan/")
@record_page
def add_scan(ctx: Context, vote: SocialVote, record: PaperRecord) -> Response:
    """Keep the scan of the signed sheet."""
    sdk.require_version(record.version)
    file = ScanForm.read().require()["file"]
    paper.store_scan(ctx, record, file.filename or "", file.read())
    flash(_("Saved."), "success")
    return to("paper.show", vote_id=vote.id, record_id=record.id)


@blueprint.get(f"{RECORD}scan/")
@record_page
def scan(ctx: Context, vote: SocialVote, record: PaperRecord) -> Response:
    """Send the scan of the signed sheet."""
    del ctx
    if not record.scan_digest:
        raise sdk.NotFound(where=str(record.id))
    name = _("Record %(title)s", title=vote.title)
    ending = record.scan_type.rpartition("/")[2]
    return sdk.send_download(
        file_store().get(record.scan_digest), record.scan_type, f"{name}.{ending}"
    )


@blueprint.post(f"{RECORD}close/")
@record_page
def close(ctx: Context, vote: SocialVote, record: PaperRecord) -> Response:
    """Close a record on which everything agrees."""
    sdk.require_version(record.version)
    paper.close_record(ctx, record)
    flash(_("Done."), "success")
    return to("paper.show", vote_id=vote.id, record_id=record.id)


@blueprint.get(f"{RECORD}sheets/")
@record_page
def sheet(ctx: Context, vote: SocialVote, record: PaperRecord) -> str:
    """Show the form of the next sheet, or of one that is to be settled (`?number=`)."""
    number = sdk.params.number("number", 1, most=MOST_SHEETS)
    typed = SheetForm.show({"number": number})
    return _sheet_page(ctx, vote, record, blank(typed))


@blueprint.post(f"{RECORD}sheets/")
@record_page
def key_in(ctx: Context, vote: SocialVote, record: PaperRecord) -> Any:
    """Keep a sheet as this person reads it, or what a third look has found."""
    form = _read_sheet(vote)
    if form.ok:
        values = form.values
        reading = paper.SheetReading(values["number"], values["row"], values["is_void"])
        try:
            if values["settle"]:
                paper.settle_sheet(ctx, record, reading)
            else:
                paper.key_sheet(ctx, record, reading)
        except sdk.Conflict as error:
            form.errors["number"] = error.message
    if not form.ok:
        return _sheet_page(ctx, vote, record, form), 422
    flash(_("Sheet %(n)s is keyed in.", n=form.values["number"]), "success")
    return to("paper.sheet", vote_id=vote.id, record_id=record.id)


def _read_sheet(vote: SocialVote) -> FormData:
    """Read the form; a row that cannot be read has its message at its own field."""
    form = SheetForm.read()
    aspects = [aspect["key"] for aspect in vote.aspects]
    rows = {}
    for subject in vote.subjects:
        typed = form.values["row"].get(str(subject.id), "")
        rows[str(subject.id)] = "".join(typed.split())
        if read_digits(typed, aspects) is None:
            form.errors[f"row-{subject.id}"] = _(
                "%(name)s: %(n)s digits from 0 to 4, or nothing.", name=subject.name, n=len(aspects)
            )
    form.values["row"] = rows
    return form


def _sheet_page(ctx: Context, vote: SocialVote, record: PaperRecord, form: FormData) -> str:
    paper.require_open(record)
    typed = form.typed["number"]
    number = int(typed) if str(typed).isascii() and str(typed).isdigit() else 0
    pair = paper.find_sheet(ctx, record, number)
    return render(
        "votes/sheet",
        form,
        vote=vote,
        record=record,
        pair=pair if pair.state == "differs" else None,
    )


@blueprint.post(f"{RECORD}sheets/<int:number>/remove/")
@record_page
def remove(ctx: Context, vote: SocialVote, record: PaperRecord, number: int) -> Response:
    """Remove what is keyed in under a wrong number."""
    sdk.require_version(record.version)
    paper.remove_sheet(ctx, record, number)
    flash(_("Removed."), "success")
    return to("paper.show", vote_id=vote.id, record_id=record.id)
