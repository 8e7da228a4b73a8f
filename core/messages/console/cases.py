"""Staff pages of messages: what waits, one message with its history, replies and their review."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, Task, contribute
from core.clock import today
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.messages import handling, transfers
from core.messages.domain.life import CaseMove, CaseState, Channel, Satisfaction
from core.messages.kinds import find_case_subject, find_message_kind, list_message_kinds
from core.messages.labels import CHANNELS, GRADES, MOVES, STATES, TONES
from core.messages.models import MessageCase
from core.messages.queries import (
    count_waiting,
    find_case,
    is_late,
    load_figures,
    select_cases,
)
from core.permissions import Action, Actor, organ_scope
from core.redaction import mask_phone, redact
from core.tenancy.models import Organ
from core.tenancy.service import publishing_organs
from core.web import params
from core.web.context import Context
from core.web.forms.fields import ChoiceField, LineField, TextField
from core.web.forms.form import Form, FormData
from core.web.forms.kept import require_version
from core.web.paging import paginate
from core.web.urls import tenant_url

blueprint = Blueprint("messages_console", "core.messages", template_folder="templates")

ROWS_ON_A_PAGE = 30
JUDGED = {CaseMove.REPLY, CaseMove.SEND_BACK, CaseMove.PUBLISH, CaseMove.UNPUBLISH}
TABS: dict[str, tuple[CaseState, ...]] = {
    "open": (CaseState.OPEN,),
    "review": (CaseState.IN_REVIEW,),
    "closed": (CaseState.REPLIED, CaseState.HANDED_OVER, CaseState.DISMISSED),
}
TAB_LABELS = {"open": _l("To be answered"), "review": _l("Reply in review"), "closed": _l("Closed")}


def list_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterator[Task]:
    """Yield the messages that wait for the person: to answer, and replies to review."""
    for action, tab, state, title in (
        (Action.ANSWER_MESSAGES, "open", CaseState.OPEN, _("Messages to answer")),
        (Action.REVIEW_PUBLICATION, "review", CaseState.IN_REVIEW, _("Replies to review")),
    ):
        scope = organ_scope(actor, action, tenant)
        if scope:
            count, due = count_waiting(session, tenant, scope, state)
            url = tenant_url("messages_console.index", tenant, tab=tab)
            yield Task(title, url, count, due=due, urgent=due is not None and due < today())


contribute(
    blueprint,
    tasks=[list_tasks],
    links=[
        StaffLink(
            "messages", _l("Publishing"), _l("Messages"), "messages_console.index",
            Action.READ_MESSAGES,
        )
    ],
)  # fmt: skip


class AnswerForm(Form):
    """What the organ does with a message; which fields count depends on the button."""

    act = ChoiceField(
        (
            CaseMove.DRAFT,
            CaseMove.FORWARD,
            CaseMove.TRANSFER,
            CaseMove.HAND_OVER,
            CaseMove.DISMISS,
            CaseMove.ACCEPT,
        )
    )
    reply = TextField(5_000)
    outcome = LineField(20)
    organ_id = ChoiceField(wrong=_l("Choose one of the organs of this place."))
    place = LineField(30)
    note = TextField(500)


class JudgeForm(Form):
    """What a second person does with a reply, and what everybody may read of it."""

    act = ChoiceField(tuple(JUDGED))
    note = TextField(500)
    public_text = TextField(2_000)
    public_reply = TextField(5_000)


def load_message(ctx: Context, number: str) -> MessageCase:
    """Load the message of the address; raises `NotFound`."""
    case = find_case(ctx, number)
    if case is None:
        raise NotFound
    return case


@blueprint.get("/<code>/console/messages/")
@staff_page(Action.READ_MESSAGES, per_organ=True)
def index(ctx: Context) -> str:
    """List messages by state, the earliest term first; of one kind where that is chosen."""
    tab = params.word("tab", TABS, "open")
    scope = ctx.scope(Action.READ_MESSAGES)
    kinds = {kind.key: kind.label for kind in list_message_kinds(ctx.tenant)}
    chosen = params.word("kind", kinds, "")
    query = select_cases(ctx.tenant, scope, TABS[tab], chosen)
    page = paginate(ctx.session, query, params.page_number(), ROWS_ON_A_PAGE)
    links = [
        {
            "key": key,
            "label": label,
            "url": tenant_url("messages_console.index", tab=key, kind=chosen or None),
        }
        for key, label in TAB_LABELS.items()
    ]
    return render_template(
        "messages/console/index.html",
        page=page, tab=tab, tabs=links, states=STATES, tones=TONES, is_late=is_late,
        kinds=[{"value": key, "label": label} for key, label in kinds.items()], kind=chosen,
        figures=load_figures(ctx.session, ctx.tenant, scope),
        may_answer=bool(ctx.scope(Action.ANSWER_MESSAGES)),
    )  # fmt: skip


@blueprint.get("/<code>/console/messages/<number>/")
@staff_page(Action.READ_MESSAGES, case=load_message)
def show(ctx: Context, case: MessageCase) -> str:
    """Show a message, its history, and what can be done with it now."""
    typed = JudgeForm.show(
        {
            "public_text": case.public_text or redact(case.text),
            "public_reply": case.public_reply or redact(case.reply),
        }
    )
    return _page(
        ctx, case, AnswerForm.show({"reply": case.reply, "outcome": case.outcome}) | typed, {}
    )


@blueprint.post("/<code>/console/messages/<number>/answer/")
@staff_page(Action.ANSWER_MESSAGES, case=load_message)
def answer(ctx: Context, case: MessageCase) -> Any:
    """Forward a message, hand in a reply, or close it."""
    organs = publishing_organs(ctx.session, ctx.tenant)
    data = AnswerForm.read(choices={"organ_id": [organ.id for organ in organs]})
    return _act(ctx, case, data, lambda: _answer(ctx, case, data.require(), organs))


@blueprint.post("/<code>/console/messages/<number>/review/")
@staff_page(Action.REVIEW_PUBLICATION, case=load_message)
def judge(ctx: Context, case: MessageCase) -> Any:
    """Let a reply go or send it back; publish it or take it off."""
    data = JudgeForm.read()
    return _act(ctx, case, data, lambda: _judge(ctx, case, data.require()))


def _act(ctx: Context, case: MessageCase, data: FormData, act: Callable[[], None]) -> Any:
    require_version(case.version, optional=True)
    try:
        act()
    except (Invalid, Conflict) as error:
        errors = error.fields if isinstance(error, Invalid) else {"note": error.message}
        return _page(ctx, case, data.typed, errors), error.status
    flash(_("Done: %(act)s.", act=str(MOVES[CaseMove(data.values["act"])])), "success")
    return redirect(tenant_url("messages_console.show", number=case.number), 303)


def _answer(
    ctx: Context, case: MessageCase, values: Mapping[str, Any], organs: list[Organ]
) -> None:
    note = values["note"]
    match values["act"]:
        case CaseMove.FORWARD:
            organ = next((one for one in organs if one.id == values["organ_id"]), None)
            if organ is None:
                raise Invalid({"organ_id": _("Choose one of the organs of this place.")})
            handling.forward(ctx, case, organ, note)
        case CaseMove.TRANSFER:
            transfers.transfer(ctx, case, values["place"], note)
        case CaseMove.ACCEPT:
            handling.accept(ctx, case)
        case CaseMove.HAND_OVER:
            handling.hand_over(ctx, case, note)
        case CaseMove.DISMISS:
            handling.dismiss(ctx, case, note)
        case _:
            handling.draft_reply(ctx, case, values["reply"], values["outcome"])


def _judge(ctx: Context, case: MessageCase, values: Mapping[str, Any]) -> None:
    match values["act"]:
        case CaseMove.REPLY:
            handling.approve_reply(ctx, case)
        case CaseMove.PUBLISH:
            handling.publish(ctx, case, values["public_text"], values["public_reply"])
        case CaseMove.UNPUBLISH:
            handling.unpublish(ctx, case, values["note"])
        case _:
            handling.send_back(ctx, case, values["note"])


def _page(
    ctx: Context, case: MessageCase, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    moves = handling.list_moves(ctx, case)
    organs = publishing_organs(ctx.session, ctx.tenant) if CaseMove.FORWARD in moves else []
    places = _list_places(ctx) if CaseMove.TRANSFER in moves else []
    state = CaseState(case.state)
    is_reviewed = state == CaseState.IN_REVIEW
    kind = find_message_kind(case.kind)
    outcomes = kind.outcomes if kind else {}
    return render_template(
        "messages/console/show.html",
        case=case,
        about=find_case_subject(ctx.session, ctx.tenant, case),
        kind=kind,
        outcomes=[{"value": word, "label": label} for word, label in outcomes.items()],
        outcome=outcomes.get(case.outcome or "", ""),
        channel=CHANNELS[Channel(case.channel)] if case.channel != Channel.WEB else "",
        places=places,
        phone=mask_phone(case.phone) if case.phone else "",
        may_call=ctx.may(Action.ANSWER_MESSAGES, organ=case.organ_id),
        state=STATES[state],
        tone=TONES.get(state),
        is_late=is_late(case),
        moves=moves,
        judged=moves & JUDGED,
        waits_for_another=is_reviewed and not handling.may_approve(ctx.actor, case),
        last=case.history[-1],
        last_act=MOVES[CaseMove(case.history[-1].move)],
        history=[(MOVES[CaseMove(event.move)], event) for event in case.history],
        grade=GRADES[Satisfaction(case.satisfaction)] if case.satisfaction else None,
        organs=[
            {"value": organ.id, "label": organ.name}
            for organ in organs
            if organ.id != case.organ_id
        ],
        typed=dict(typed),
        errors=dict(errors),
    )


def _list_places(ctx: Context) -> list[dict[str, str]]:
    """Offer places, then the offices of the one above."""
    places = transfers.list_destinations(ctx.session, ctx.tenant)
    offered = [(place.division_code, place.name) for place in places]
    offered += transfers.list_offices(ctx.session, ctx.tenant)
    return [{"value": value, "label": label} for value, label in offered]


@blueprint.get("/<code>/console/messages/<number>/letter/")
@staff_page(Action.READ_MESSAGES, case=load_message)
def letter(ctx: Context, case: MessageCase) -> str:
    """Show the reply as a letter, to be printed for whoever came in person or wrote on paper."""
    if case.state != CaseState.REPLIED:
        raise NotFound
    kind = find_message_kind(case.kind)
    return render_template(
        "messages/console/letter.html",
        case=case,
        outcome=kind.outcomes.get(case.outcome or "", "") if kind else "",
        sender=case.organ.name if case.organ else ctx.tenant.name,
    )
