"""Public pages of messages: write one, find it again, rate the reply, read what is published."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import Conflict, NotFound
from core.messages.domain.life import CaseState, Satisfaction
from core.messages.handling import rate
from core.messages.kinds import (
    MessageTopic,
    find_case_subject,
    find_message_kind,
    get_topic,
)
from core.messages.labels import GRADES, STATES, TONES
from core.messages.models import MessageCase, MessageTransfer
from core.messages.queries import find_case, select_published
from core.messages.receiving import NewMessage, find_by_code, find_by_phone, receive
from core.web import params, rate_limit
from core.web.access import public_form, public_page
from core.web.context import Context
from core.web.forms.fields import (
    ChoiceField,
    ChoicesField,
    LineField,
    NumberField,
    PhoneField,
    TextField,
    TickField,
)
from core.web.forms.form import Form
from core.web.paging import paginate
from core.web.urls import tenant_url

blueprint = Blueprint("messages", "core.messages", template_folder="templates")

ROWS_ON_A_PAGE = 20
_WINDOW = timedelta(minutes=10)
#: Generous: a whole village may share one network address.
_MOST_SENT, _MOST_LOOKED_UP = 20, 10


class MessageForm(Form):
    """What a sender writes; whether a phone is needed is the kind's affair.

    `website` is seen by programs only, which fill in what they find.
    """

    row_number = NumberField(1, 10**6)
    text = TextField(2_000)
    aspects = ChoicesField()
    name = LineField(50)
    phone = PhoneField()
    may_be_published = TickField()
    request_key = LineField(40)
    website = LineField(200)


class MessageLookUpForm(Form):
    """With what a message is found again."""

    number = LineField(20, required=_l("Enter the number of the message, e.g. 2026-00017."))
    phone = PhoneField(required=_l("Enter the phone that you left with the message."))


class RatingForm(Form):
    """What the sender thinks of the reply."""

    grade = ChoiceField(tuple(Satisfaction), required=_l("Choose one of the list."))
    remark = TextField(500)


def load_topic(ctx: Context, kind: str, key: str) -> MessageTopic:
    """Load what a message of the address would be about; raises `NotFound`."""
    return get_topic(ctx.session, ctx.tenant, kind, key)


def load_sent(ctx: Context, ticket: str) -> MessageCase:
    """Load the message whose sender's page this is; raises `NotFound`."""
    case = find_by_code(ctx.session, ctx.tenant, ticket)
    if case is None:
        raise NotFound
    return case


def load_published(ctx: Context, number: str) -> MessageCase:
    """Load a published message; raises `NotFound`."""
    case = find_case(ctx, number)
    if case is None or case.published_at is None:
        raise NotFound
    return case


@blueprint.get("/<code>/messages/")
@public_page
def index(ctx: Context) -> str:
    """List published messages with their replies, and the way to one's own."""
    page = paginate(ctx.session, select_published(ctx.tenant), params.page_number(), ROWS_ON_A_PAGE)
    return render_template("messages/index.html", page=page)


@blueprint.get("/<code>/messages/<number>/")
@public_page(case=load_published)
def show(ctx: Context, case: MessageCase) -> str:
    """Show a published message and its reply, in the office's wording."""
    del ctx
    return render_template("messages/show.html", case=case)


@blueprint.get("/<code>/messages/new/<kind>/<key>/")
@public_page(topic=load_topic)
def form(ctx: Context, topic: MessageTopic) -> str:
    """Show the empty form."""
    del ctx
    return _form_page(topic, MessageForm.show({"request_key": secrets.token_urlsafe(16)}), {})


@blueprint.post("/<code>/messages/new/<kind>/<key>/")
@public_form(topic=load_topic)
def send(ctx: Context, topic: MessageTopic) -> Any:
    """Take the message in, and lead to the sender's page."""
    aspects = [str(aspect) for aspect in topic.kind.aspects]
    data = MessageForm.read(choices={"aspects": aspects})
    if rate_limit.is_exceeded(_limit_key(ctx, "send"), _MOST_SENT):
        sorry = _("Very many messages come from your network. Try again in ten minutes.")
        return _form_page(topic, data.typed, {"text": sorry}), 429
    if topic.about.closed:
        return _form_page(topic, data.typed, {}), 409
    if data.values["website"]:
        data.errors["text"] = _(
            "This looks like a program. Send the form again as it is shown now."
        )
        data.typed["website"] = ""
    if (data.values["row_number"] or 0) > topic.about.rows:
        data.errors["row_number"] = _("The list has %(n)s rows.", n=topic.about.rows)
    if topic.kind.phone_required and "phone" not in data.errors and not data.values["phone"]:
        data.errors["phone"] = _("Leave a phone: otherwise nobody can answer you.")
    if not (data.values["text"] or data.values["aspects"] or "text" in data.errors):
        data.errors["text"] = (
            _("Tick what is wrong, or write it in your own words.")
            if topic.kind.aspects
            else _("Write what you want to say.")
        )
    if not data.ok:
        return _form_page(topic, data.typed, data.errors), 422
    rate_limit.hit(_limit_key(ctx, "send"), _MOST_SENT, _WINDOW)
    message = _to_message(topic, data.values)
    case = receive(ctx.session, ctx.tenant, topic, message)
    return redirect(tenant_url("messages.sent", ticket=case.code), 303)


def _to_message(topic: MessageTopic, values: Mapping[str, Any]) -> NewMessage:
    """Build the message: what was chosen stands above what was written."""
    chosen = "、".join(values["aspects"])
    return NewMessage(
        text="\n".join(filter(None, (chosen, values["text"]))),
        name=values["name"],
        phone=values["phone"] or "",
        may_be_published=values["may_be_published"] and topic.kind.publishable,
        request_key=values["request_key"],
        row_number=values["row_number"],
    )


@blueprint.get("/<code>/messages/look-up/")
@public_page
def look_up(ctx: Context) -> str:
    """Show where a sender finds a message again."""
    del ctx
    return _look_up_page(MessageLookUpForm.show({"number": params.text("number", 20)}), {})


@blueprint.post("/<code>/messages/look-up/")
@public_form
def find(ctx: Context) -> Any:
    """Open a message by number and phone; failures are counted, guessing is slow."""
    data = MessageLookUpForm.read()
    if rate_limit.is_exceeded(_limit_key(ctx, "look_up"), _MOST_LOOKED_UP):
        sorry = _("Too many attempts from your network. Try again in ten minutes.")
        return _look_up_page(data.typed, {"number": sorry}), 429
    if not data.ok:
        return _look_up_page(data.typed, data.errors), 422
    case = find_by_phone(ctx.session, ctx.tenant, data.values["number"], data.values["phone"])
    if case is None:
        rate_limit.hit(_limit_key(ctx, "look_up"), _MOST_LOOKED_UP, _WINDOW)
        nothing = _("No message has this number and phone. Check both.")
        return _look_up_page(data.typed, {"number": nothing}), 422
    return redirect(tenant_url("messages.sent", ticket=case.code), 303)


@blueprint.get("/<code>/messages/sent/<ticket>/")
@public_page(case=load_sent)
def sent(ctx: Context, case: MessageCase) -> Any:
    """Show a sender where the message stands, and the reply; lead to where it was passed on to."""
    if case.transfer:
        return redirect(to_page_there(case.transfer), 303)
    return _sent_page(ctx, case, RatingForm.show({}), {})


@blueprint.post("/<code>/messages/sent/<ticket>/rating/")
@public_form(case=load_sent)
def rating(ctx: Context, case: MessageCase) -> Any:
    """Take the sender's grade of the reply, once."""
    data = RatingForm.read()
    if not data.ok:
        return _sent_page(ctx, case, data.typed, data.errors), 422
    try:
        rate(ctx, case, Satisfaction(data.values["grade"]), data.values["remark"])
    except Conflict as error:
        return _sent_page(ctx, case, data.typed, {"grade": error.message}), error.status
    return redirect(tenant_url("messages.sent", ticket=case.code), 303)


def to_page_there(transfer: MessageTransfer) -> str:
    """Build the address of the sender's page at the place that a message was passed on to."""
    return url_for("messages.sent", code=transfer.place_code, ticket=transfer.code)


def _limit_key(ctx: Context, act: str) -> str:
    return f"messages.{act}:{ctx.tenant.id}:{request.remote_addr or ''}"


def _form_page(topic: MessageTopic, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template(
        "messages/form.html",
        kind=topic.kind,
        aspects=[{"value": str(each), "label": each} for each in topic.kind.aspects],
        key=topic.key,
        about=topic.about,
        typed=typed,
        errors=dict(errors),
    )


def _look_up_page(typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template("messages/look_up.html", typed=typed, errors=dict(errors))


def _sent_page(
    ctx: Context, case: MessageCase, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    kind = find_message_kind(case.kind)
    return render_template(
        "messages/sent.html",
        case=case,
        outcome=kind.outcomes.get(case.outcome or "", "") if kind else "",
        about=find_case_subject(ctx.session, ctx.tenant, case),
        state=STATES[CaseState(case.state)],
        tone=TONES.get(CaseState(case.state)),
        is_answered=case.state == CaseState.REPLIED,
        closing_note=case.history[-1].note if case.closed_at and not case.replied_at else "",
        grades=[{"value": grade.value, "label": label} for grade, label in GRADES.items()],
        grade=GRADES.get(Satisfaction(case.satisfaction)) if case.satisfaction else None,
        typed=typed,
        errors=dict(errors),
    )
