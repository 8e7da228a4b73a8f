"""What comes of a comparison: a case on both desks, its answers, its end."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Context, Publication, Tenant, get_plugin_settings

from ..domain.facts import (
    ComparedFact,
    FactValue,
    RowDifference,
    compare_facts,
    compare_rows,
    read_facts,
)
from ..domain.kinds import FactMethod, PairKind
from ..domain.life import (
    SyncState,
    digest_comparison,
    get_next_state,
    is_village_to_answer,
    judge,
)
from ..domain.sheets import ComparedSheet
from ..labels import _
from ..manifest import NAME
from ..models.sync import SyncComparison, SyncEvent
from ..pairs.queries import LinkedPair, load_kinds

MOST_ROWS = 100
LONGEST_NOTE = 300
_ACTS = {
    SyncState.OPEN: "opened",
    SyncState.AGREES: "agreed",
    SyncState.UNCLEAR: "unclear",
    SyncState.GONE: "gone",
}


@dataclass(frozen=True, slots=True)
class Side:
    """A published list, and what of it is compared."""

    publication: Publication
    sheet: ComparedSheet


def store_comparison(  # noqa: PLR0913, PLR0917 - what is compared, and what was known of it
    session: Session,
    village: Tenant,
    pair: LinkedPair,
    batch: str,
    ours: Side,
    theirs: Side,
    row: SyncComparison | None,
) -> SyncComparison:
    """Compare two lists of one batch and store what comes of it; the same again changes nothing."""
    kinds = load_kinds()
    facts = compare_facts(
        pair.kind,
        read_facts(ours.sheet, pair.kind, kinds),
        read_facts(theirs.sheet, pair.kind, kinds),
    )
    rows = compare_rows(ours.sheet, theirs.sheet, pair.kind, kinds)
    digest = digest_comparison(facts, rows)
    if row is None:
        row = SyncComparison(
            tenant_id=village.id,
            village_item=pair.village_item,
            government_item=pair.government_item,
            kind=pair.kind.key,
            batch=batch,
            digest="",
        )
        session.add(row)
    _put_sides(row, ours.publication, theirs.publication)
    before = SyncState(row.state) if row.state else None
    state = get_next_state(before, judge(facts, rows), unchanged=row.digest == digest)
    if state is before and row.digest == digest:
        return row
    row.digest = digest
    row.facts = [_to_fact(pair.kind, fact) for fact in facts]
    row.is_villages = is_village_to_answer(pair.kind, facts)
    _put_rows(row, pair.kind, rows)
    _enter(session, village, row, before, state)
    return row


def store_end(session: Session, row: SyncComparison) -> None:
    """End a comparison that has lost a side: withdrawn, on paper only, another batch, no link."""
    if row.state == SyncState.GONE:
        return
    village = session.get_one(Tenant, row.tenant_id)
    _put_rows(row, load_kinds().get_kind(row.kind), [])
    _enter(session, village, row, SyncState(row.state), SyncState.GONE)


def _put_sides(row: SyncComparison, village: Publication, government: Publication) -> None:
    values = {
        "village_publication_id": village.id,
        "government_publication_id": government.id,
        "government_tenant_id": government.tenant_id,
        "organ_id": government.organ_id,
    }
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _enter(
    session: Session, village: Tenant, row: SyncComparison, before: SyncState | None, to: SyncState
) -> None:
    """Enter a state, with its days; a difference that changes keeps the day it is due."""
    act = "changed" if before is to is SyncState.OPEN else _ACTS[to]
    row.state = to
    row.reason, row.reason_on, row.reason_note = "", None, ""
    if to is SyncState.OPEN and before is not SyncState.OPEN:
        row.found_on, row.settled_on = sdk.today(), None
        row.due_on = sdk.add_working_days(sdk.today(), _get_term(village)).end
    elif to is not SyncState.OPEN:
        row.found_on = row.found_on or sdk.today()
        row.settled_on = sdk.today()
    session.flush()
    session.add(SyncEvent(tenant_id=row.tenant_id, comparison_id=row.id, act=act))


def _get_term(village: Tenant) -> int:
    return int(get_plugin_settings(NAME, village)["term_days"])


def _to_fact(kind: PairKind, fact: ComparedFact) -> dict[str, Any]:
    method = kind.get_fact(fact.key).method
    return {
        "key": fact.key,
        "village": _say(method, fact.village),
        "government": _say(method, fact.government),
        "agrees": fact.agrees,
    }


def _say(method: FactMethod, value: FactValue | None) -> str:
    """Write a fact for people; of values that may name somebody only how many there are."""
    if value is None:
        return ""
    if not isinstance(value, tuple):
        return f"{value.normalize():,f}" if value else "0"
    if method is FactMethod.SET:
        return str(sum(count for _value, count in value))
    if method is FactMethod.ONE:
        return "、".join(said for said, _count in value)
    return "、".join(f"{said} {count}" for said, count in value)


def _put_rows(row: SyncComparison, kind: PairKind, rows: list[RowDifference]) -> None:
    row.row_count = len(rows)
    row.rows = [
        {
            "name": sdk.mask_name(each.name) if kind.names_persons else each.name,
            "village": each.village,
            "government": each.government,
            "facts": [_to_row_fact(kind, fact) for fact in each.facts],
        }
        for each in rows[:MOST_ROWS]
    ]


def _to_row_fact(kind: PairKind, fact: tuple[str, str, str]) -> list[str]:
    """Return a fact of a row for staff: a value that may be somebody's name is masked."""
    key, *values = fact
    hide = sdk.mask_name if kind.get_fact(key).method is FactMethod.SET else sdk.redact
    return [key, *map(hide, values)]


def answer(ctx: Context, row: SyncComparison, note: str) -> None:
    """Say something to a difference; it stays open until a list is corrected or it is explained."""
    _require_open(row)
    ctx.session.add(_build_event(ctx, row, "answered", note))
    ctx.audit("village_sync.answer", str(row.id))


def explain(ctx: Context, row: SyncComparison, reason: str, day: dt.date, note: str) -> None:
    """Settle a difference by a coded reason with the day on which it came to be."""
    _require_open(row)
    if day > sdk.today():
        raise sdk.Invalid({"reason_on": _("This day is still to come.")})
    row.state, row.settled_on = SyncState.EXPLAINED, sdk.today()
    row.reason, row.reason_on, row.reason_note = reason, day, note
    ctx.session.add(_build_event(ctx, row, "explained", note, reason))
    ctx.audit("village_sync.explain", str(row.id), reason=reason)


def reopen(ctx: Context, row: SyncComparison, note: str) -> None:
    """Withdraw an explanation: the difference is open again, until its day as it was."""
    if row.state != SyncState.EXPLAINED:
        raise sdk.Conflict(_("There is no explanation to withdraw."))
    row.state, row.settled_on = SyncState.OPEN, None
    row.reason, row.reason_on, row.reason_note = "", None, ""
    ctx.session.add(_build_event(ctx, row, "reopened", note))
    ctx.audit("village_sync.reopen", str(row.id))


def _require_open(row: SyncComparison) -> None:
    if row.state != SyncState.OPEN:
        raise sdk.Conflict(_("This difference is settled already."))


def _build_event(
    ctx: Context, row: SyncComparison, act: str, note: str, reason: str = ""
) -> SyncEvent:
    return SyncEvent(
        tenant_id=row.tenant_id,
        comparison_id=row.id,
        act=act,
        reason=reason,
        note=note,
        actor_id=ctx.actor.user_id,
        actor_name=ctx.actor.name,
    )
