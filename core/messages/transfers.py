"""Pass a message on to another place of the county: there its clock begins anew."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.calendar.service import add_working_days
from core.clock import now, today
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.messages.domain.life import CASE_TABLE, CaseMove, CaseState
from core.messages.kinds import find_term
from core.messages.models import MessageCase, MessageEvent, MessageTransfer
from core.messages.receiving import draw_code, next_number, store_case
from core.messages.reminders import tell_staff
from core.notifications.outbox import queue_notice
from core.notifications.templates import add_notice_template
from core.permissions import Actor
from core.tenancy.service import list_children, list_organs
from core.web.context import Context

_TOLD = "messages.passed_on"
add_notice_template(
    _TOLD, _l("Your message is now with %(place)s. Its number there is %(number)s.")
)


def list_destinations(session: Session, tenant: Tenant) -> list[Tenant]:
    """List the places that a message can be passed on to: those above, and directly below."""
    above = session.scalars(select(Tenant).where(Tenant.id.in_(tenant.chain[:-1])))
    portals = [place for place in above if place.has_portal and place.status == "active"]
    return [*sorted(portals, key=lambda place: -len(place.chain)), *list_children(session, tenant)]


def list_offices(session: Session, tenant: Tenant) -> list[tuple[str, str]]:
    """List the offices (站所) of the place directly above: what names one, and its name."""
    above = [place for place in list_destinations(session, tenant) if place.id == tenant.parent_id]
    return [
        (f"{place.division_code}/{organ.id}", f"{place.name}: {organ.name}")
        for place in above
        for organ in list_organs(session, place)
    ]


def transfer(ctx: Context, case: MessageCase, code: str, note: str) -> None:
    """Pass a message on; what its sender left goes with it, and stays at one place.

    `code` names a place, or an office of the one above (`list_offices`).

    Both places are written in one transaction of its own, since no scope reaches both. Raises
    `Conflict` and `Invalid`.
    """
    places = {place.division_code: place for place in list_destinations(ctx.session, ctx.tenant)}
    offices = dict(list_offices(ctx.session, ctx.tenant))
    code, _slash, office = code.partition("/")
    if code not in places or (office and f"{code}/{office}" not in offices):
        raise Invalid({"place": _("Choose one of the places of the list.")})
    if not note:
        raise Invalid({"note": _("Say why: the other place reads it.")})
    with open_session(Scope.platform("a message goes to another place")) as session:
        here = session.get_one(MessageCase, case.id)
        if here.version != case.version or here.state not in CASE_TABLE[CaseMove.TRANSFER]:
            raise Conflict(_("That is no longer possible: the message has changed."))
        organ_id = int(office) if office else None
        there = _receive(session, ctx.tenant, places[code], here, note, organ_id)
        _close(ctx.actor, here, places[code], there, note)


def _receive(  # noqa: PLR0913, PLR0917 - what one message takes along
    session: Session,
    sender: Tenant,
    place: Tenant,
    case: MessageCase,
    note: str,
    organ_id: int | None,
) -> MessageCase:
    """Store the message at the other place, with its own number and a term from today."""
    term = add_working_days(today(), find_term(session, sender, case))

    def build() -> MessageCase:
        passed = MessageCase(
            tenant_id=place.id,
            number=next_number(session, place),
            code=draw_code(),
            kind=case.kind,
            key=case.key,
            subject_tenant_id=case.subject_tenant_id or sender.id,
            subject=case.subject,
            text=case.text,
            name=case.name,
            phone=case.phone,
            phone_digest=case.phone_digest,
            may_be_published=case.may_be_published,
            channel=case.channel,
            row_number=case.row_number,
            organ_id=organ_id,
            due_on=term.end,
            is_provisional=term.is_provisional,
        )
        passed.history.append(
            MessageEvent(
                tenant_id=place.id,
                move=CaseMove.RECEIVE,
                note=note,
                actor_name=sender.name,
                due_on=passed.due_on,
            )
        )
        return passed

    passed = store_case(session, build)
    tell_staff(session, place, passed)
    facts = {"place": place.name, "number": passed.number}
    subject = f"messages.case:{passed.id}"
    queue_notice(session, place, _TOLD, passed.phone, facts, subject=subject)
    return passed


def _close(actor: Actor, case: MessageCase, place: Tenant, there: MessageCase, note: str) -> None:
    """Close the case here: the way to the other place stays, name and phone do not."""
    case.state = CASE_TABLE[CaseMove.TRANSFER][CaseState(case.state)]
    case.closed_at = now()
    case.name, case.phone = "", ""
    case.transfer = MessageTransfer(
        tenant_id=case.tenant_id,
        place_code=place.division_code,
        place_name=place.name,
        number=there.number,
        code=there.code,
    )
    case.history.append(
        MessageEvent(
            tenant_id=case.tenant_id,
            move=CaseMove.TRANSFER,
            note=note,
            organ_name=place.name,
            actor_id=actor.user_id,
            actor_name=actor.name,
        )
    )
