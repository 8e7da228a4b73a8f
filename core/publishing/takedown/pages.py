"""Staff pages of emergency takedowns: the form, the second person's decision, the to-do list."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from core.accounts.access import staff_page
from core.accounts.staff_menu import Task, contribute
from core.db.tree import Tenant
from core.errors import Invalid
from core.permissions import Action, Actor, organ_scope
from core.publishing.labels import GROUND_LABELS
from core.publishing.models import Publication
from core.publishing.queries import load_publication
from core.publishing.rules import WITHDRAWAL_GROUNDS
from core.publishing.takedown.models import PublicationTakedown
from core.publishing.takedown.service import (
    confirm,
    get_takedown,
    list_to_decide,
    load_choices,
    may_decide,
    restore,
    take_down,
)
from core.publishing.workflow.withdrawal import LONGEST_REASON
from core.web.context import Context
from core.web.forms.feature_pages import to_options
from core.web.forms.fields import ChoiceField, TextField, TickField
from core.web.forms.form import Form
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_takedown", "core.publishing", template_folder="templates")


class TakedownForm(Form):
    """Why a text is hidden at once, and that this one is meant."""

    reason = TextField(LONGEST_REASON, required=_l("Say why."))
    confirm = TickField()

    def check(self, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Ask for the tick."""
        if not values["confirm"]:
            yield "confirm", _("Tick this to say that you mean it.")


class TakedownDecisionForm(Form):
    """What a second person decides: it stays down, with a ground, or is shown again."""

    act = ChoiceField(("confirm", "restore"), required=_l("Choose what is to be done."))
    ground = ChoiceField(WITHDRAWAL_GROUNDS, default="other")
    note = TextField(LONGEST_REASON)


def load_takedown(ctx: Context, publication: Publication, number: int) -> PublicationTakedown:
    """Load a takedown of the publication; raises `NotFound`."""
    return get_takedown(ctx.session, publication, number)


@blueprint.get("/<code>/console/publications/<int:id>/take-down/")
@staff_page(Action.TAKE_DOWN_PUBLICATION, publication=load_publication)
def form(ctx: Context, publication: Publication) -> Any:
    """Show the form that hides a text at once."""
    if not load_choices(ctx.session, ctx.actor, publication).may_take_down:
        return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    return _form_page(publication, {}, {})


@blueprint.post("/<code>/console/publications/<int:id>/take-down/")
@staff_page(Action.TAKE_DOWN_PUBLICATION, publication=load_publication)
def submit(ctx: Context, publication: Publication) -> Any:
    """Hide a text at once."""
    typed = TakedownForm.read()
    try:
        reason = typed.require()["reason"]
        takedown = take_down(ctx.session, ctx.actor, publication, reason)
    except Invalid as error:
        return _form_page(publication, typed.typed, error.fields), error.status
    day = takedown.due_on.isoformat()
    flash(_("It is offline. A second person decides about it by %(day)s.", day=day), "success")
    return redirect(tenant_url("publishing_acts.detail", id=publication.id))


@blueprint.get("/<code>/console/publications/<int:id>/take-down/<int:number>/")
@staff_page(Action.REVIEW_PUBLICATION, publication=load_publication, takedown=load_takedown)
def decision(ctx: Context, publication: Publication, takedown: PublicationTakedown) -> Any:
    """Show the second person why a text was hidden, and what can be decided."""
    if takedown.outcome is not None or not may_decide(ctx.actor, takedown):
        return redirect(tenant_url("publishing_acts.detail", id=publication.id))
    return _decision_page(publication, takedown, {}, {})


@blueprint.post("/<code>/console/publications/<int:id>/take-down/<int:number>/")
@staff_page(Action.REVIEW_PUBLICATION, publication=load_publication, takedown=load_takedown)
def decide(ctx: Context, publication: Publication, takedown: PublicationTakedown) -> Any:
    """Confirm a takedown, which withdraws the text, or show the text again."""
    typed = TakedownDecisionForm.read()
    try:
        _decide(ctx, takedown, **typed.require())
    except Invalid as error:
        return _decision_page(publication, takedown, typed.typed, error.fields), error.status
    return redirect(tenant_url("publishing_acts.detail", id=publication.id))


def _decide(ctx: Context, takedown: PublicationTakedown, act: str, ground: str, note: str) -> None:
    if act == "confirm":
        confirm(ctx.session, ctx.actor, takedown, ground)
        flash(_("Withdrawn."), "success")
    else:
        restore(ctx.session, ctx.actor, takedown, note)
        flash(_("It is public again."), "success")


def _form_page(
    publication: Publication, typed: Mapping[str, Any], errors: Mapping[str, str]
) -> str:
    page = "publishing/takedown/form.html"
    return render_template(page, publication=publication, typed=typed, errors=errors)


def _decision_page(
    publication: Publication,
    takedown: PublicationTakedown,
    typed: Mapping[str, Any],
    errors: Mapping[str, str],
) -> str:
    return render_template(
        "publishing/takedown/decision.html",
        publication=publication,
        takedown=takedown,
        grounds=to_options(GROUND_LABELS),
        typed=typed,
        errors=errors,
    )


def list_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterator[Task]:
    """Yield what the person has to decide, with the first day that is due."""
    if not organ_scope(actor, Action.REVIEW_PUBLICATION, tenant):
        return
    found = list_to_decide(session, tenant, actor)
    if not found:
        return
    late = sum(takedown.is_overdue for takedown in found)
    yield Task(
        _("Taken offline in an emergency: to decide"),
        tenant_url("publishing_review.queue", tenant),
        len(found),
        note=_("%(n)s overdue", n=late) if late else "",
        due=found[0].due_on,
        urgent=True,
    )


contribute(blueprint, tasks=[list_tasks])
