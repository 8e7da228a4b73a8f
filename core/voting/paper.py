"""Paper ballots: two people key each sheet in, a third look settles what differs.

The numbers counted by hand (handed out, come back, spoilt) must agree with what is keyed in before
a record is closed; with the names of 监票 and 计票 and the signed sheet's scan it is evidence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.clock import now
from core.db.transactions import savepoint
from core.errors import Conflict, Invalid, NotFound
from core.publishing.files.validation import check_file
from core.settings import current_settings
from core.storage.files import current_files
from core.voting.domain.counting import (
    CountFault,
    SheetCount,
    Voice,
    VoteChannel,
    find_count_fault,
)
from core.voting.kinds import get_vote_kind
from core.voting.labels import COUNT_FAULTS
from core.voting.models import KeyedSheet, PaperRecord, PublicVote
from core.voting.votes import VoteState
from core.web.context import Context


@dataclass(frozen=True, slots=True)
class SheetReading:
    """A sheet as somebody reads it: by id of the subject a digit for each aspect."""

    number: int
    rows: Mapping[str, str]
    is_void: bool = False


@dataclass(slots=True)
class SheetPair:
    """What is keyed in of one sheet, by turn."""

    number: int
    turns: dict[str, KeyedSheet] = field(default_factory=dict)

    @property
    def settled(self) -> KeyedSheet | None:
        """What counts: the third look, or two that say the same."""
        if "settled" in self.turns:
            return self.turns["settled"]
        return self.turns["first"] if self.state == "equal" else None

    @property
    def state(self) -> str:
        """Whether it was keyed in once, twice alike, twice and not alike, or was settled."""
        first, second = self.turns.get("first"), self.turns.get("second")
        if "settled" in self.turns:
            return "settled"
        if first is None or second is None:
            return "once"
        same = (first.rows, first.is_void) == (second.rows, second.is_void)
        return "equal" if same else "differs"


def get_record(vote: PublicVote, record_id: int) -> PaperRecord:
    """Return a record of paper ballots; raises `NotFound`."""
    record = next((record for record in vote.records if record.id == record_id), None)
    if record is None:
        raise NotFound(where=str(record_id))
    return record


def save_record(
    ctx: Context, vote: PublicVote, record: PaperRecord | None, values: Mapping[str, Any]
) -> PaperRecord:
    """Make a record of a meeting or counter, or change one that is not closed."""
    ctx.require(get_vote_kind(vote).action)
    if vote.state not in {VoteState.OPEN, VoteState.COUNTING}:
        raise Conflict(_("Paper is recorded while the vote is open or counted."))
    if record is not None:
        require_open(record)
    if values["channel"] not in vote.weights:
        raise Invalid({"channel": _("This vote does not use this channel.")})
    counted = SheetCount(values["issued"], values["collected"], values["void"])
    fault = find_count_fault(counted, counted.collected, counted.void)
    if fault is not None:
        name = "collected" if fault == CountFault.MORE_COLLECTED else "void"
        raise Invalid({name: str(COUNT_FAULTS[fault])})
    record = record or PaperRecord(tenant_id=vote.tenant_id)
    for name, value in values.items():
        setattr(record, name, value)
    if record not in vote.records:
        vote.records.append(record)
    ctx.session.flush()
    ctx.audit(f"{vote.kind}_record", str(record.id), **{
        name: values[name] for name in ("issued", "collected", "void")
    })  # fmt: skip
    return record


def require_open(record: PaperRecord) -> None:
    """Raise `Conflict` once a record is closed."""
    if record.closed_at:
        raise Conflict(_("This record is closed."))


def _lock_open(ctx: Context, record: PaperRecord) -> None:
    """Have everybody else who writes to the record wait; raises `Conflict` once it is closed."""
    ctx.session.refresh(record, with_for_update=True)
    require_open(record)


def store_scan(ctx: Context, vote: PublicVote, record: PaperRecord, name: str, data: bytes) -> None:
    """Keep the scan of the signed sheet; raises `Invalid` (field `file`)."""
    ctx.require(get_vote_kind(vote).action)
    _lock_open(ctx, record)
    file = check_file(name, data, most_bytes=current_settings().max_upload_bytes)
    record.scan_digest, record.scan_type = current_files().put(file.data), file.media_type
    ctx.audit(f"{vote.kind}_scan", str(record.id), digest=record.scan_digest)


def list_sheets(ctx: Context, record: PaperRecord) -> list[SheetPair]:
    """List what is keyed in of a record, by the numbers on the sheets."""
    query = select(KeyedSheet).where(KeyedSheet.record_id == record.id).order_by(KeyedSheet.number)
    pairs: dict[int, SheetPair] = {}
    for sheet in ctx.session.scalars(query):
        pair = pairs.setdefault(sheet.number, SheetPair(sheet.number))
        pair.turns[sheet.turn] = sheet
    return list(pairs.values())


def find_sheet(ctx: Context, record: PaperRecord, number: int) -> SheetPair:
    """Return what is keyed in of one sheet, perhaps nothing."""
    query = select(KeyedSheet).where(KeyedSheet.record_id == record.id, KeyedSheet.number == number)
    return SheetPair(number, {sheet.turn: sheet for sheet in ctx.session.scalars(query)})


def key_sheet(ctx: Context, vote: PublicVote, record: PaperRecord, reading: SheetReading) -> str:
    """Keep a sheet as this person reads it; return its turn, first or second.

    Raises `Conflict` where the person has keyed it before, or two others have.
    """
    ctx.require(get_vote_kind(vote).action)
    turns = find_sheet(ctx, record, reading.number).turns
    if any(sheet.keyed_by_id == ctx.actor.user_id for sheet in turns.values()):
        raise Conflict(_("You have keyed in this sheet; somebody else keys it in once more."))
    if "second" in turns:
        raise Conflict(_("This sheet has been keyed in twice."))
    turn = "second" if "first" in turns else "first"
    _store_sheet(ctx, record, reading, turn)
    return turn


def settle_sheet(
    ctx: Context, vote: PublicVote, record: PaperRecord, reading: SheetReading
) -> None:
    """Keep what a third look at a sheet found that two people have read differently."""
    ctx.require(get_vote_kind(vote).action)
    if find_sheet(ctx, record, reading.number).state != "differs":
        raise Conflict(_("There is nothing to settle about this sheet."))
    _store_sheet(ctx, record, reading, "settled")
    ctx.audit(f"{vote.kind}_sheet_settled", str(record.id), number=reading.number)


def _store_sheet(ctx: Context, record: PaperRecord, reading: SheetReading, turn: str) -> None:
    _lock_open(ctx, record)
    rows = {} if reading.is_void else {key: row for key, row in reading.rows.items() if row}
    sheet = KeyedSheet(
        tenant_id=record.tenant_id,
        record_id=record.id,
        number=reading.number,
        turn=turn,
        is_void=reading.is_void,
        rows=rows,
        keyed_by_id=ctx.actor.user_id,
        keyed_by=ctx.actor.name,
    )
    try:
        with savepoint(ctx.session):
            ctx.session.add(sheet)
            ctx.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Somebody else has keyed in this sheet at the same moment.")) from error


def remove_sheet(ctx: Context, vote: PublicVote, record: PaperRecord, number: int) -> None:
    """Remove all that is keyed in under a number that no sheet bears; on record."""
    ctx.require(get_vote_kind(vote).action)
    _lock_open(ctx, record)
    turns = find_sheet(ctx, record, number).turns
    who = sorted({sheet.keyed_by for sheet in turns.values()})
    for sheet in turns.values():
        ctx.session.delete(sheet)
    ctx.audit(f"{vote.kind}_sheet_removed", str(record.id), number=number, keyed_by=who)
    ctx.session.flush()


def count_keyed(pairs: Sequence[SheetPair]) -> tuple[int, int]:
    """Count the sheets that are settled, and those of them that are spoilt."""
    settled = [pair.settled for pair in pairs if pair.settled]
    return len(settled), sum(sheet.is_void for sheet in settled)


def find_open_points(ctx: Context, record: PaperRecord) -> list[str]:
    """List what is missing before the record can be closed."""
    counted = SheetCount(record.issued, record.collected, record.void)
    fault = find_count_fault(counted, *count_keyed(list_sheets(ctx, record)))
    missing = {
        _("Enter who watched (监票)."): not record.scrutineers,
        _("Enter who counted (计票)."): not record.tellers,
        _("Upload the scan of the signed sheet."): not record.scan_digest,
    }
    return [
        *([str(COUNT_FAULTS[fault])] if fault else []),
        *(text for text in missing if missing[text]),
    ]


def close_record(ctx: Context, vote: PublicVote, record: PaperRecord) -> None:
    """Close a record of which everything agrees. Raises `Conflict` with what does not."""
    ctx.require(get_vote_kind(vote).action)
    _lock_open(ctx, record)
    open_points = find_open_points(ctx, record)
    if open_points:
        raise Conflict(" ".join(open_points))
    record.closed_at = now()
    ctx.audit(f"{vote.kind}_record_closed", str(record.id), collected=record.collected)


def list_voices(ctx: Context, vote: PublicVote) -> Iterator[Voice]:
    """Yield the voices on the sheets of closed records, spoilt ones left out."""
    aspects, scale = [aspect["key"] for aspect in vote.aspects], get_vote_kind(vote).scale
    for record in vote.records:
        settled = (pair.settled for pair in list_sheets(ctx, record) if record.closed_at)
        for sheet in settled:
            if sheet is None or sheet.is_void:
                continue
            for subject, row in sheet.rows.items():
                yield Voice(
                    int(subject), VoteChannel(record.channel), scale.read_digits(row, aspects) or {}
                )
