"""What the office does with a message: forward, answer by two people, hand over, publish."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.calendar.service import add_working_days
from core.clock import now, today
from core.errors import Conflict, Forbidden, Invalid
from core.messages.domain.life import (
    CASE_TABLE,
    ENDED,
    CaseMove,
    CaseState,
    Satisfaction,
)
from core.messages.kinds import find_message_kind, find_term
from core.messages.labels import MOVES, STATES
from core.messages.models import MessageCase, MessageEvent
from core.messages.reminders import tell_staff
from core.notifications.outbox import queue_notice
from core.notifications.templates import add_notice_template
from core.permissions import Action, Actor
from core.tenancy.models import Organ
from core.web.context import Context
from core.workflow import TransitionError, Workflow

WORKFLOW: Workflow[CaseState, CaseMove] = Workflow(
    CASE_TABLE, state_labels=STATES, transition_labels=MOVES
)
_ANSWERED = "messages.answered"
add_notice_template(
    _ANSWERED, _l("%(place)s has answered your message %(number)s. Read it on our site.")
)
_THANKED = "messages.thanked"
add_notice_template(
    _THANKED, _l("%(place)s thanks you: what you reported about “%(subject)s” has been put right.")
)


def forward(ctx: Context, case: MessageCase, organ: Organ, note: str) -> None:
    """Give a message to another organ, whose own term begins now; raises `Conflict`, `Invalid`."""
    if organ.id == case.organ_id:
        raise Invalid({"organ_id": _("This organ has it already.")})
    if not note:
        raise Invalid({"note": _("Say why: the other organ reads it.")})
    term = add_working_days(today(), find_term(ctx.session, ctx.tenant, case))
    case.organ, case.due_on, case.is_provisional = organ, term.end, term.is_provisional
    _apply(ctx.actor, case, CaseMove.FORWARD, note)
    tell_staff(ctx.session, ctx.tenant, case)


def draft_reply(ctx: Context, case: MessageCase, reply: str, outcome: str = "") -> None:
    """Hand a reply in for review; raises `Conflict` and `Invalid`."""
    kind = find_message_kind(case.kind)
    wrong = {} if reply else {"reply": _("Write the reply.")}
    if kind and kind.outcomes and outcome not in kind.outcomes:
        wrong["outcome"] = _("Say how it was decided.")
    if wrong:
        raise Invalid(wrong)
    case.reply, case.outcome = reply, outcome or None
    case.reply_author_id, case.reply_author_name = ctx.actor.user_id, ctx.actor.name
    _apply(ctx.actor, case, CaseMove.DRAFT)


def send_back(ctx: Context, case: MessageCase, note: str) -> None:
    """Return a reply to its author with a reason; raises `Conflict` and `Invalid`."""
    if not note:
        raise Invalid({"note": _("Say what has to be changed.")})
    _apply(ctx.actor, case, CaseMove.SEND_BACK, note)


def approve_reply(ctx: Context, case: MessageCase) -> None:
    """Let the reply go to the sender; its author may not. Raises `Forbidden` and `Conflict`."""
    if not may_approve(ctx.actor, case):
        raise Forbidden(_("You wrote this reply, so another person reviews it."))
    case.approver_id = ctx.actor.user_id
    case.replied_at = now()
    _apply(ctx.actor, case, CaseMove.REPLY)
    facts = {"place": ctx.tenant.name, "number": case.number}
    subject = f"messages.case:{case.id}"
    queue_notice(ctx.session, ctx.tenant, _ANSWERED, case.phone, facts, subject=subject)


def may_approve(actor: Actor, case: MessageCase) -> bool:
    """Return whether the actor is a second person for this reply; the operator is one."""
    return actor.operator or case.reply_author_id is None or actor.user_id != case.reply_author_id


def accept(ctx: Context, case: MessageCase) -> None:
    """Close a correction that was put right, and thank its sender; raises `Conflict`.

    The words are the kind's own and say nothing new, so nobody else has to read them.
    """
    kind = find_message_kind(case.kind)
    if kind is None or not kind.thanks:
        raise Conflict(_("Only corrections are closed like this: write a reply."))
    case.reply = str(kind.thanks)
    case.reply_author_id, case.reply_author_name = ctx.actor.user_id, ctx.actor.name
    case.replied_at = now()
    _apply(ctx.actor, case, CaseMove.ACCEPT)
    facts = {"place": ctx.tenant.name, "subject": case.subject}
    subject = f"messages.case:{case.id}"
    queue_notice(ctx.session, ctx.tenant, _THANKED, case.phone, facts, subject=subject)


def hand_over(ctx: Context, case: MessageCase, note: str) -> None:
    """Close a message that another authority answers; `note` says which, and its number there."""
    if not note:
        raise Invalid({"note": _("Say who answers now, and the number there.")})
    _apply(ctx.actor, case, CaseMove.HAND_OVER, note)


def dismiss(ctx: Context, case: MessageCase, note: str) -> None:
    """Close what is no message to the office; raises `Conflict` and `Invalid`."""
    if not note:
        raise Invalid({"note": _("Say why: the sender reads it.")})
    _apply(ctx.actor, case, CaseMove.DISMISS, note)


def publish(ctx: Context, case: MessageCase, text: str, reply: str) -> None:
    """Publish a message and its reply in the office's own wording of both.

    Only with the sender's consent. Raises `Conflict` and `Invalid`.
    """
    if not case.may_be_published:
        raise Conflict(_("The sender has not agreed that it is published."))
    missing = {"public_text": text, "public_reply": reply}
    errors = {name: _("Write what everybody may read.") for name, typed in missing.items()
              if not typed}  # fmt: skip
    if errors:
        raise Invalid(errors)
    case.public_text, case.public_reply = text, reply
    case.published_at = case.published_at or now()
    _apply(ctx.actor, case, CaseMove.PUBLISH)


def unpublish(ctx: Context, case: MessageCase, note: str) -> None:
    """Take a published message off the pages; raises `Conflict` and `Invalid`."""
    if not note:
        raise Invalid({"note": _("Say why.")})
    case.published_at = None
    _apply(ctx.actor, case, CaseMove.UNPUBLISH, note)


def rate(ctx: Context, case: MessageCase, grade: Satisfaction, remark: str) -> None:
    """Store what the sender thinks of the reply, once; raises `Conflict`."""
    if case.satisfaction:
        raise Conflict(_("You have rated this reply already."))
    case.satisfaction, case.remark = grade, remark
    _apply(ctx.actor, case, CaseMove.RATE)


def list_moves(ctx: Context, case: MessageCase) -> set[CaseMove]:
    """Return what the person may do with a message now."""
    answers = ctx.may(Action.ANSWER_MESSAGES, organ=case.organ_id)
    reviews = ctx.may(Action.REVIEW_PUBLICATION, organ=case.organ_id)
    moves = {
        CaseMove.FORWARD: answers,
        CaseMove.DRAFT: answers,
        CaseMove.HAND_OVER: answers,
        CaseMove.DISMISS: answers,
        CaseMove.TRANSFER: answers,
        CaseMove.ACCEPT: answers and is_correction(case),
        CaseMove.SEND_BACK: reviews,
        CaseMove.REPLY: reviews and may_approve(ctx.actor, case),
        CaseMove.PUBLISH: reviews and case.may_be_published,
        CaseMove.UNPUBLISH: reviews and case.published_at is not None,
    }
    state = CaseState(case.state)
    return {move for move, granted in moves.items() if granted and WORKFLOW.can(state, move)}


def is_correction(case: MessageCase) -> bool:
    """Return whether a message says that something is wrong, so that it can be put right."""
    kind = find_message_kind(case.kind)
    return kind is not None and bool(kind.thanks)


def _apply(actor: Actor, case: MessageCase, move: CaseMove, note: str = "") -> None:
    """Change the state and add to the history; raises `Conflict`."""
    try:
        case.state = WORKFLOW.next_state(CaseState(case.state), move)
    except TransitionError as error:
        raise Conflict(_("That is no longer possible: the message has changed.")) from error
    if case.state in ENDED and case.closed_at is None:
        case.closed_at = now()
    case.history.append(
        MessageEvent(
            tenant_id=case.tenant_id,
            move=move,
            note=note,
            organ_name=case.organ.name if case.organ else "",
            due_on=case.due_on if case.state == CaseState.OPEN else None,
            actor_id=actor.user_id,
            actor_name=actor.name,
        )
    )
