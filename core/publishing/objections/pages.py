"""Staff pages of objections to a list: what came, one more keyed in, corrections, terms."""

import secrets
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, Task, contribute
from core.clock import today
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import Invalid
from core.messages.domain.life import CaseState, Channel
from core.messages.labels import CHANNELS, STATES, TONES
from core.messages.models import MessageCase
from core.messages.receiving import NewMessage
from core.permissions import Action, Actor, organ_scope
from core.publishing.models import Publication
from core.publishing.objections.domain.terms import (
    LONGEST,
    MOST_ANSWER_DAYS,
    ObjectionTerms,
    ObjectionWindow,
    read_terms,
)
from core.publishing.objections.kind import OBJECTION, REJECTED, UPHELD, count_numbers
from core.publishing.objections.service import (
    begin_correction,
    key_in,
    list_objections,
    list_uncorrected,
)
from core.publishing.objections.terms import (
    SETTING,
    find_publication_window,
    load_own_terms,
    load_terms,
    save_own_terms,
    save_place_terms,
)
from core.publishing.queries import load_publication
from core.web.context import Context
from core.web.forms.fields import (
    ChoiceField,
    DayField,
    LineField,
    NumberField,
    PhoneField,
    TextField,
)
from core.web.forms.form import Form
from core.web.forms.kept import require_version, shown_version
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_objections", "core.publishing", template_folder="templates")
#: What staff key in; the web's own form is the public one.
KEYED = (Channel.PHONE, Channel.PAPER, Channel.VISIT)
OUTCOME_LABELS = {UPHELD: _l("Upheld"), REJECTED: _l("Not upheld")}
OUTCOME_TONES = {UPHELD: "warn", REJECTED: "quiet"}


def list_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterator[Task]:
    """Yield lists that are to be corrected since an objection was upheld."""
    scope = organ_scope(actor, Action.WRITE_PUBLICATION, tenant)
    if not scope or not _has_objections(session, tenant):
        return
    with open_session(Scope.public(tenant)) as wide:
        found = sorted(set(list_uncorrected(wide, tenant, scope)))
    if found:
        url = tenant_url("publishing_objections.index", tenant, id=found[0])
        yield Task(_("Lists to correct after an objection"), url, len(found), urgent=True)


def _has_objections(session: Session, tenant: Tenant) -> bool:
    query = select(MessageCase.id).where(
        MessageCase.tenant_id == tenant.id, MessageCase.kind == OBJECTION
    )
    return session.scalar(query.limit(1)) is not None


contribute(
    blueprint,
    tasks=[list_tasks],
    links=[
        StaffLink(
            "objection-terms", _l("Administration"), _l("Objections to lists"),
            "publishing_objections.place_terms", Action.MANAGE_TENANT,
        )
    ],
)  # fmt: skip


class KeyedObjectionForm(Form):
    """What somebody said or wrote of a list, and how and when it came."""

    channel = ChoiceField(KEYED, required=_l("Say how it came."))
    came_on = DayField(required=_l("Say on which day it came."))
    row_number = NumberField(1, 10**6)
    text = TextField(2_000, required=_l("Write what is objected to."))
    name = LineField(50)
    phone = PhoneField()
    request_key = LineField(40)


class ObjectionTermsForm(Form):
    """Who receives objections, where and when, and by when they are answered."""

    office = LineField(LONGEST["office"])
    phone = LineField(LONGEST["phone"])
    address = LineField(LONGEST["address"])
    hours = LineField(LONGEST["hours"])
    answer_days = NumberField(1, MOST_ANSWER_DAYS)


@blueprint.get("/<code>/console/publications/<int:id>/objections/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def index(ctx: Context, publication: Publication) -> Any:
    """Show the objections to a list, and the forms of one more and of the terms."""
    if find_publication_window(publication) is ObjectionWindow.NONE:
        return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    return _page(ctx, publication)


@blueprint.post("/<code>/console/publications/<int:id>/objections/")
@staff_page(Action.ANSWER_MESSAGES, publication=load_publication)
def add(ctx: Context, publication: Publication) -> Any:
    """Key in an objection that came by telephone, on paper or in person."""
    form = KeyedObjectionForm.read()
    try:
        values = form.require()
        values["channel"] = Channel(values["channel"])
        message = NewMessage(**values | {"phone": values["phone"] or ""}, actor=ctx.actor)
        stored = key_in(ctx, publication, message)
    except Invalid as error:
        return _page(ctx, publication, form.typed, error.fields), error.status
    told = _("Stored as %(number)s, to be answered by %(day)s: tell the sender both.",
             number=stored.number, day=stored.due_on)  # fmt: skip
    flash(told, "success")
    return redirect(tenant_url("publishing_objections.index", id=publication.id), 303)


@blueprint.post("/<code>/console/publications/<int:id>/objections/<int:case_id>/correct/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def correct(ctx: Context, publication: Publication, case_id: int) -> Any:
    """Begin the correction that follows an upheld objection."""
    begin_correction(ctx, publication, case_id)
    flash(_("Correct the list, and say in the note that an objection was upheld: no name."))
    return redirect(tenant_url("publishing_console.edit", id=publication.id), 303)


@blueprint.get("/<code>/console/publications/<int:id>/objections/terms/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def terms(ctx: Context, publication: Publication) -> str:
    """Show who receives objections to this list, where it differs from the place."""
    own = load_own_terms(ctx.session, publication)
    return _terms_page(ctx, publication, ObjectionTermsForm.show(own), {})


@blueprint.post("/<code>/console/publications/<int:id>/objections/terms/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def save_terms(ctx: Context, publication: Publication) -> Any:
    """Set it; an empty form lets the place's terms hold."""
    require_version(_own_version(ctx, publication))
    form = ObjectionTermsForm.read()
    if not form.ok:
        return _terms_page(ctx, publication, form.typed, form.errors), 422
    save_own_terms(ctx, publication, ObjectionTerms(**form.values))
    flash(_("Saved."), "success")
    return redirect(tenant_url("publishing_objections.index", id=publication.id), 303)


@blueprint.get("/<code>/console/objection-terms/")
@staff_page(Action.MANAGE_TENANT)
def place_terms(ctx: Context) -> str:
    """Show who receives objections to the lists of this place and of those below."""
    return _place_page(ctx, ObjectionTermsForm.show(read_terms(_stored(ctx))), {})


@blueprint.post("/<code>/console/objection-terms/")
@staff_page(Action.MANAGE_TENANT)
def save_place(ctx: Context) -> Any:
    """Set them; an empty form lets those of the place above hold."""
    require_version(shown_version(_stored(ctx)))
    form = ObjectionTermsForm.read()
    if not form.ok:
        return _place_page(ctx, form.typed, form.errors), 422
    save_place_terms(ctx, ObjectionTerms(**form.values))
    flash(_("Saved."), "success")
    return redirect(tenant_url("publishing_objections.place_terms"), 303)


def _stored(ctx: Context) -> Any:
    return ctx.tenant.profile.get(SETTING)


def _own_version(ctx: Context, publication: Publication) -> str:
    own = load_own_terms(ctx.session, publication)
    return shown_version(ObjectionTermsForm.show(own))


def _place_page(ctx: Context, typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template(
        "publishing/objections/terms.html",
        publication=None,
        held=None,
        typed=typed,
        errors=dict(errors),
        version=shown_version(_stored(ctx)),
    )


def _terms_page(
    ctx: Context, publication: Publication, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    return render_template(
        "publishing/objections/terms.html",
        publication=publication,
        held=load_terms(ctx.session, publication),
        typed=typed,
        errors=dict(errors),
        version=_own_version(ctx, publication),
    )


def _page(
    ctx: Context,
    publication: Publication,
    typed: Mapping[str, Any] = MappingProxyType({}),
    errors: Mapping[str, str] = MappingProxyType({}),
) -> str:
    blank = {"came_on": today().isoformat(), "request_key": secrets.token_urlsafe(16)}
    return render_template(
        "publishing/objections/console.html",
        publication=publication,
        terms=load_terms(ctx.session, publication),
        is_open=find_publication_window(publication) is ObjectionWindow.OPEN,
        objections=list_objections(publication),
        states={state: STATES[state] for state in CaseState},
        tones=TONES,
        outcomes=OUTCOME_LABELS,
        outcome_tones=OUTCOME_TONES,
        channels=[{"value": channel.value, "label": CHANNELS[channel]} for channel in KEYED],
        rows=count_numbers(publication),
        writes=ctx.may(Action.WRITE_PUBLICATION, organ=publication.organ_id),
        answers=ctx.may(Action.ANSWER_MESSAGES, organ=publication.organ_id),
        typed={**blank, **typed},
        errors=dict(errors),
    )
