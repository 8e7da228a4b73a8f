"""Whom the office has told of its messages: numbers of the place, or of one of its organs."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.accounts.access import staff_page
from core.errors import NotFound
from core.messages.console.cases import blueprint
from core.messages.models import MessageContact
from core.permissions import Action
from core.tenancy.models import Organ
from core.tenancy.service import list_organs
from core.web.context import Context
from core.web.forms.fields import ChoiceField, PhoneField
from core.web.forms.form import Form
from core.web.urls import tenant_url

__all__ = ["blueprint"]

MOST_CONTACTS = 50


class ContactForm(Form):
    """A number, and whose messages it is told of; no organ: those of the place."""

    phone = PhoneField(required=_l("Enter the number that is to be told."))
    organ_id = ChoiceField(wrong=_l("Choose one of the organs of this place."))


def load_contact(ctx: Context, contact_id: int) -> MessageContact:
    """Load a number of the place; raises `NotFound`."""
    query = select(MessageContact).where(
        MessageContact.id == contact_id, MessageContact.tenant_id == ctx.tenant.id
    )
    contact = ctx.session.scalar(query)
    if contact is None:
        raise NotFound
    return contact


@blueprint.get("/<code>/console/messages/contacts/")
@staff_page(Action.ANSWER_MESSAGES, per_organ=True)
def contacts(ctx: Context) -> str:
    """List the numbers that are told, and the form of one more."""
    return _contacts_page(ctx, ContactForm.show({}), {})


@blueprint.post("/<code>/console/messages/contacts/")
@staff_page(Action.ANSWER_MESSAGES, per_organ=True)
def add_contact(ctx: Context) -> Any:
    """Have one more number told."""
    data = ContactForm.read(choices={"organ_id": [organ.id for organ in _organs(ctx)]})
    if not data.ok:
        return _contacts_page(ctx, data.typed, data.errors), 422
    organ_id = data.values["organ_id"] or None
    ctx.require(Action.ANSWER_MESSAGES, organ=organ_id)
    known = _list_contacts(ctx)
    if len(known) >= MOST_CONTACTS:
        errors = {"phone": _("There are enough numbers here: remove one first.")}
        return _contacts_page(ctx, data.typed, errors), 422
    if (organ_id, data.values["phone"]) not in {(one.organ_id, one.phone) for one in known}:
        ctx.session.add(
            MessageContact(
                tenant_id=ctx.tenant.id, organ_id=organ_id, phone=data.values["phone"]
            )
        )  # fmt: skip
        ctx.audit("messages.contact.add", str(organ_id or ""))
    flash(_("Saved."), "success")
    return redirect(tenant_url("messages_console.contacts"), 303)


@blueprint.post("/<code>/console/messages/contacts/<int:contact_id>/remove/")
@staff_page(Action.ANSWER_MESSAGES, contact=load_contact)
def remove_contact(ctx: Context, contact: MessageContact) -> Any:
    """Have a number told no more."""
    ctx.audit("messages.contact.remove", str(contact.organ_id or ""))
    ctx.session.delete(contact)
    flash(_("Removed."), "success")
    return redirect(tenant_url("messages_console.contacts"), 303)


def _organs(ctx: Context) -> list[Organ]:
    """List the organs for which the person answers messages."""
    scope = ctx.scope(Action.ANSWER_MESSAGES)
    return [organ for organ in list_organs(ctx.session, ctx.tenant) if organ.id in scope]


def _list_contacts(ctx: Context) -> list[MessageContact]:
    query = select(MessageContact).where(
        MessageContact.tenant_id == ctx.tenant.id,
        ctx.scope(Action.ANSWER_MESSAGES).condition(MessageContact.organ_id),
    )
    return list(ctx.session.scalars(query.order_by(MessageContact.id)))


def _contacts_page(ctx: Context, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template(
        "messages/console/contacts.html",
        contacts=_list_contacts(ctx),
        organs=[{"value": organ.id, "label": organ.name} for organ in _organs(ctx)],
        is_whole=ctx.may(Action.ANSWER_MESSAGES),
        typed=dict(typed),
        errors=dict(errors),
    )
