"""The life of an open day: written by one person, approved by another, held, closed.

Every verb asks for the actor's permission, makes one transition of `domain.states`, and leaves two
records: the day's own history and the audit.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core import sdk
from core.sdk import Context

from ..domain.states import DAY_TRANSITIONS, ONLINE, DayState, DayTransition
from ..i18n import _
from ..manifest import MANAGE, NAME, PUBLISH, SURVEY
from ..models.registration import OpenDay, OpenDayEvent
from ..notifications.outbox import queue_notices
from ..registrations import transitions
from ..registrations.checkin import mark_no_shows
from ..registrations.lottery import ensure_seed
from ..registrations.transitions import Cause, flush
from ..registrations.waitlist import promote_day
from .forms import PRACTICAL

LONGEST_REASON = 300
_WORKFLOW = sdk.Workflow(DAY_TRANSITIONS)
_EDITABLE = (DayState.DRAFT, DayState.POSTPONED)
# Words of the history that say who wrote what is to be approved.
_WRITING = ("create", "edit", DayTransition.SUBMIT)
_APPROVALS = (DayTransition.PUBLISH, DayTransition.RETURN, DayTransition.RESUME)
_ANNOUNCING = (DayTransition.SUBMIT, DayTransition.PUBLISH, DayTransition.RESUME)
_NEED_REASON = (DayTransition.CANCEL, DayTransition.POSTPONE, DayTransition.RETURN)


def log_day(ctx: Context, day: OpenDay, word: str, before: str = "", note: str = "") -> None:
    """Add to the day's history; `before` is the state it was in, if that has changed.

    Every change comes by here, so the search learns of it here once the day has been announced.
    """
    if day.published_at is not None:
        sdk.touch(ctx.session, NAME, day.id, day.tenant_id)
    ctx.session.add(
        OpenDayEvent(
            tenant_id=day.tenant_id,
            open_day_id=day.id,
            move=word,
            from_state=before or day.state,
            to_state=day.state,
            note=note[:LONGEST_REASON],
            actor_id=ctx.actor.user_id,
            actor_name=ctx.actor.name,
        )
    )


def create_day(ctx: Context, values: Mapping[str, Any]) -> OpenDay:
    """Begin an open day, or a template where `is_template` says so."""
    ctx.require(MANAGE, organ=values.get("organ_id"))
    author = {"author_id": ctx.actor.user_id, "author_name": ctx.actor.name}
    day = OpenDay(tenant_id=ctx.tenant.id, **author, **values)
    ctx.session.add(day)
    ctx.session.flush()
    log_day(ctx, day, "create")
    ctx.audit("open_day.create", str(day.id))
    return day


def is_editable(day: OpenDay) -> bool:
    """Say whether everything may be changed; else only what is practical (phone, parking)."""
    return day.state in _EDITABLE


def edit_day(ctx: Context, day: OpenDay, values: Mapping[str, Any]) -> None:
    """Change what the day says; of a published one only what changes nobody's plans."""
    ctx.require(MANAGE, organ=day.organ_id)
    ctx.require(MANAGE, organ=values.get("organ_id"))
    if day.state in {DayState.IN_REVIEW, DayState.CANCELLED}:
        raise sdk.Conflict(_("This open day cannot be edited now."))
    allowed = values if is_editable(day) else {name: values[name] for name in PRACTICAL}
    changed = [name for name, value in allowed.items() if getattr(day, name) != value]
    if "consent_text" in changed:
        day.consent_version += 1
    for name in changed:
        setattr(day, name, allowed[name])
    if changed:
        log_edit(ctx, day, ", ".join(sorted(changed)))


def log_edit(ctx: Context, day: OpenDay, what: str) -> None:
    """Record a change of the day, its sessions or its form; the version tells other windows."""
    day.updated_at = sdk.utc_now()
    log_day(ctx, day, "edit", note=what)
    ctx.audit("open_day.edit", str(day.id), what=what)
    flush(ctx.session)


def change_state(ctx: Context, day: OpenDay, transition: DayTransition, note: str = "") -> None:
    """Make a transition; publishing and returning are another person's, stopping needs a reason.

    Raises `Conflict`, `Invalid` and `Forbidden`.
    """
    ctx.require(PUBLISH if transition in _APPROVALS else MANAGE, organ=day.organ_id)
    note = " ".join(note.split())
    _check(ctx, day, transition, note)
    before = day.state
    try:
        day.state = _WORKFLOW.next_state(DayState(day.state), transition)
    except sdk.TransitionError as error:
        raise sdk.Conflict(_("This cannot be done with the open day as it stands now.")) from error
    day.state_reason = note if transition is not DayTransition.RESUME else ""
    _follow(ctx, day, transition)
    log_day(ctx, day, transition.value, before, note)
    ctx.audit(f"open_day.{transition.value}", str(day.id), note=note)
    flush(ctx.session)


def _follow(ctx: Context, day: OpenDay, transition: DayTransition) -> None:
    """Do what a transition brings about: seal a seed, tell people, mark who did not come."""
    session, cause = ctx.session, Cause(ctx.actor)
    match transition:
        case DayTransition.SUBMIT:
            ensure_seed(day)
        case DayTransition.PUBLISH:
            day.published_at = sdk.utc_now()
        case DayTransition.CANCEL:
            transitions.end_day(session, day, cause)
        case DayTransition.POSTPONE:
            queue_notices(session, day, "day_postponed")
        case DayTransition.RESUME:
            transitions.end_cancelled_slots(session, day, cause)
            promoted = [registration.id for registration in promote_day(session, day)]
            queue_notices(session, day, "day_changed", besides=promoted)
        case DayTransition.CLOSE:
            mark_no_shows(session, day, cause)
            transitions.lapse_day(session, day, cause)


def _check(ctx: Context, day: OpenDay, transition: DayTransition, note: str) -> None:
    if day.is_template:
        raise sdk.Conflict(_("A template is not announced itself."))
    if transition in _NEED_REASON and not note:
        raise sdk.Invalid({"note": _("Say why.")})
    if len(note) > LONGEST_REASON:
        raise sdk.Invalid({"note": _("At most %(n)s characters.", n=LONGEST_REASON)})
    if transition is DayTransition.SUBMIT and not day.slots:
        raise sdk.Invalid({"slots": _("Add at least one session first.")})
    uncounted = day.mode in ONLINE and not all(slot.is_counted for slot in day.slots)
    if transition in _ANNOUNCING and uncounted:
        raise sdk.Invalid({"note": _("Citizens register online: give each session its places.")})
    if transition in {DayTransition.PUBLISH, DayTransition.RESUME} and has_written(ctx, day):
        raise sdk.Forbidden(_("Somebody else than the author must approve this."))


def has_written(ctx: Context, day: OpenDay) -> bool:
    """Say whether the person wrote what is to be approved, since the last approval."""
    if ctx.actor.user_id is None:
        return not ctx.actor.operator
    query = select(OpenDayEvent.move, OpenDayEvent.actor_id).where(
        OpenDayEvent.open_day_id == day.id, OpenDayEvent.registration_id.is_(None)
    )
    for word, actor_id in ctx.session.execute(query.order_by(OpenDayEvent.id.desc())):
        if word in {DayTransition.PUBLISH, DayTransition.RESUME}:
            return False
        if word in _WRITING and actor_id == ctx.actor.user_id:
            return True
    return day.author_id == ctx.actor.user_id


def delete_day(ctx: Context, day: OpenDay) -> None:
    """Delete a draft or a template; what was announced stays."""
    ctx.require(MANAGE, organ=day.organ_id)
    if day.state != DayState.DRAFT or day.published_at is not None:
        raise sdk.Conflict(_("Only a draft can be deleted."))
    ctx.audit("open_day.delete", str(day.id), title=day.title)
    sdk.erase_questionnaires(ctx.session, ctx.tenant, SURVEY, day.id)
    ctx.session.delete(day)
    flush(ctx.session)
