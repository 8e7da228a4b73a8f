"""Versions of a place's indicators: drafted, circulated for comment, put in force, superseded.

The nearest set in force up the tree is a place's own, unless it has put one in force itself.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import sdk
from core.sdk import Conflict, Context, Invalid, NotFound, Tenant, today

from ..domain.indicators import (
    Indicator,
    IndicatorFault,
    from_stored,
    list_indicator_faults,
    to_stored,
)
from ..i18n import _, _l
from ..labels import say_indicator_fault
from ..manifest import MANAGE, NAME
from ..models.indicators import IndicatorSet

LEAST_COMMENT_DAYS = 5
COMMENT = f"{NAME}.indicators"


def find_in_force(session: Session, tenant: Tenant) -> IndicatorSet | None:
    """Find the set by which subjects of a place are judged: its own, or the nearest above it."""
    query = select(IndicatorSet).where(
        IndicatorSet.tenant_id.in_(tenant.chain), IndicatorSet.state == "in_force"
    )
    by_place = {row.tenant_id: row for row in session.scalars(query)}
    # From the place upwards: a path grows with each level.
    order = sorted(by_place, key=list(tenant.chain).index)
    return by_place[order[-1]] if order else None


def list_commented(session: Session, tenant: Tenant) -> Sequence[IndicatorSet]:
    """List the sets of the place and those above it that are circulated for comment."""
    query = select(IndicatorSet).where(
        IndicatorSet.tenant_id.in_(tenant.chain), IndicatorSet.state == "comment"
    )
    return session.scalars(query.order_by(IndicatorSet.id)).all()


def list_sets(session: Session, tenant: Tenant) -> Sequence[IndicatorSet]:
    """List the place's own versions, the newest first."""
    query = select(IndicatorSet).where(IndicatorSet.tenant_id == tenant.id)
    return session.scalars(query.order_by(IndicatorSet.number.desc())).all()


def get_set(session: Session, tenant: Tenant, number: int) -> IndicatorSet:
    """Return a version of the place by its id; raises `NotFound`."""
    found = session.get(IndicatorSet, number)
    if found is None or found.tenant_id != tenant.id:
        raise NotFound
    return found


def read_indicators(indicator_set: IndicatorSet) -> tuple[Indicator, ...]:
    """Return the indicators of a set."""
    return from_stored(indicator_set.indicators)


def list_faults(indicator_set: IndicatorSet) -> list[IndicatorFault]:
    """List what keeps a set from being circulated or put in force."""
    return list_indicator_faults(read_indicators(indicator_set))


def derive_set(ctx: Context) -> IndicatorSet:
    """Begin a version of the place's own: a copy of what is in force, else an empty one."""
    ctx.require(MANAGE)
    source = find_in_force(ctx.session, ctx.tenant)
    newest = select(func.max(IndicatorSet.number)).where(IndicatorSet.tenant_id == ctx.tenant.id)
    made = IndicatorSet(
        tenant_id=ctx.tenant.id,
        number=(ctx.session.scalar(newest) or 0) + 1,
        title=source.title if source else _("Indicators for the disclosure of affairs"),
        indicators=list(source.indicators) if source else [],
        derived_from_id=source.id if source else None,
    )
    ctx.session.add(made)
    ctx.session.flush()
    ctx.audit(f"{NAME}.indicators_drafted", str(made.id))
    return made


def change_set(
    ctx: Context, indicator_set: IndicatorSet, title: str, note: str, rows: Sequence[Indicator]
) -> None:
    """Change a draft; raises `Conflict` for a set that others have seen."""
    ctx.require(MANAGE)
    if indicator_set.state != "draft":
        raise Conflict(_("Only a draft can be changed; begin a new version."))
    indicator_set.title, indicator_set.note = title, note
    indicator_set.indicators = to_stored(rows)
    ctx.audit(f"{NAME}.indicators_changed", str(indicator_set.id))


def circulate(ctx: Context, indicator_set: IndicatorSet, until: date | None) -> None:
    """Circulate a draft for comment until a day; raises `Invalid` or `Conflict`."""
    ctx.require(MANAGE)
    _require_state(indicator_set, "draft")
    _require_whole(indicator_set)
    first = today() + timedelta(days=LEAST_COMMENT_DAYS)
    if until is None or until < first:
        message = _("Give at least until %(day)s for comments.", day=first)
        raise Invalid({"comment_until": message})
    indicator_set.state, indicator_set.comment_until = "comment", until
    ctx.audit(f"{NAME}.indicators_circulated", str(indicator_set.id))


def take_back(ctx: Context, indicator_set: IndicatorSet) -> None:
    """Take a set back into draft, as after comments that change it."""
    ctx.require(MANAGE)
    _require_state(indicator_set, "comment")
    indicator_set.state, indicator_set.comment_until = "draft", None
    ctx.audit(f"{NAME}.indicators_taken_back", str(indicator_set.id))


def put_in_force(ctx: Context, indicator_set: IndicatorSet) -> None:
    """Put a set in force once comments have had their time; the one before is superseded."""
    ctx.require(MANAGE)
    _require_state(indicator_set, "comment")
    _require_whole(indicator_set)
    if indicator_set.comment_until and indicator_set.comment_until >= today():
        message = _("Comments can be sent until %(day)s.", day=indicator_set.comment_until)
        raise Conflict(message)
    own = select(IndicatorSet).where(IndicatorSet.tenant_id == ctx.tenant.id)
    # One set is in force at a place: who puts another one in force at this moment waits.
    for other in ctx.session.scalars(own.with_for_update()):
        if other.state == "in_force":
            other.state, other.superseded_on = "superseded", today()
    indicator_set.state, indicator_set.in_force_on = "in_force", today()
    ctx.audit(f"{NAME}.indicators_in_force", str(indicator_set.id))


def delete_draft(ctx: Context, indicator_set: IndicatorSet) -> None:
    """Delete a draft; raises `Conflict` for a set that others have seen."""
    ctx.require(MANAGE)
    _require_state(indicator_set, "draft")
    ctx.session.delete(indicator_set)
    ctx.audit(f"{NAME}.indicators_deleted", str(indicator_set.id))


def _require_state(indicator_set: IndicatorSet, state: str) -> None:
    if indicator_set.state != state:
        raise Conflict(_("That is no longer possible: the state has changed."))


def _require_whole(indicator_set: IndicatorSet) -> None:
    if faults := list_faults(indicator_set):
        raise Conflict(" ".join(map(say_indicator_fault, faults)))


def list_measures(session: Session, tenant: Tenant) -> dict[str, str]:
    """List the measures that features fill this year, by key, with their names."""
    first = today().replace(month=1, day=1)
    values = sdk.load_objective_measures(session, tenant, first, today())
    return {value.measure: value.label for value in values}


def _find_commented(session: Session, tenant: Tenant, key: str) -> sdk.MessageSubject | None:
    """Find the set that a comment is about, at the place that circulates it."""
    number = int(key) if key.isdecimal() and len(key) < 10 else 0
    found = session.get(IndicatorSet, number)
    if found is None or found.tenant_id != tenant.id or found.state == "draft":
        return None
    title = _("%(title)s, version %(number)s", title=found.title, number=found.number)
    url = sdk.tenant_url(f"plugin_{NAME}_indicators_public.show", tenant)
    return sdk.MessageSubject(title, url)


sdk.add_message_kind(
    sdk.MessageKind(
        COMMENT,
        _l("Comment on indicators"),
        _l("What should be measured or weighted differently?"),
        _find_commented,
        hint=_l("Offices, townships, supervisors and citizens may all comment."),
    )
)
