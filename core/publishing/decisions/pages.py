"""Staff pages of decisions: what lacks its result, one pair with its links, more time."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, Task, contribute
from core.clock import local_day, today
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.permissions import Action, Actor, organ_scope
from core.publishing.decisions.domain.pairs import USUAL_TERM, PairState
from core.publishing.decisions.models import LONGEST_STAGE, PublicationDecision
from core.publishing.decisions.queries import (
    DecisionPair,
    list_unmarked,
    load_decision_pairs,
    search_results,
    suggest_results,
    to_pair,
)
from core.publishing.decisions.service import (
    LONGEST_REASON,
    drop_decision,
    expect_result,
    extend,
    find_decision,
    link_result,
    unlink_result,
)
from core.publishing.labels import state_tags
from core.publishing.models import Publication
from core.publishing.queries import load_publication
from core.publishing.rules import LIVE
from core.web import params
from core.web.context import Context
from core.web.forms.fields import ChoiceField, DayField, LineField, NumberField, TickField
from core.web.forms.form import Form
from core.web.forms.kept import require_version
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_decisions", "core.publishing", template_folder="templates")
STATE_LABELS = {
    PairState.WAITING: _l("Waits for its result"),
    PairState.DUE: _l("Due within a week"),
    PairState.LATE: _l("Late"),
    PairState.DONE: _l("Result published"),
}
STATE_TONES = {PairState.DUE: "warn", PairState.LATE: "bad", PairState.DONE: "good"}
OPEN = (PairState.LATE, PairState.DUE, PairState.WAITING)


def list_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterator[Task]:
    """Yield decisions that lack their results, due ones and late ones, and unmarked resolutions."""
    scope = organ_scope(actor, Action.WRITE_PUBLICATION, tenant)
    if not scope:
        return
    url = tenant_url("publishing_decisions.index", tenant)
    pairs = load_decision_pairs(session, [tenant], scope)
    for state, title in (
        (PairState.LATE, _("Results of decisions that are late")),
        (PairState.DUE, _("Results of decisions that are due")),
    ):
        found = [pair for pair in pairs if pair.state is state]
        due = found[0].due_on if found else None
        yield Task(title, url, len(found), due=due, urgent=state is PairState.LATE)
    unmarked = len(list_unmarked(session, tenant, scope))
    yield Task(_("Resolutions without a day for their result"), url, unmarked)


contribute(
    blueprint,
    tasks=[list_tasks],
    links=[
        StaffLink(
            "decisions", _l("Publishing"), _l("Decisions and results"),
            "publishing_decisions.index", Action.READ_DRAFTS,
        )
    ],
)  # fmt: skip


class ExpectForm(Form):
    """By when the result is to be public."""

    due_on = DayField(required=_l("Say by when the result is to be public."))


class PairForm(Form):
    """What is done with a pair; which fields count depends on the button."""

    act = ChoiceField(
        ("link", "extend", "unlink", "drop"), required=_l("Choose what is to be done.")
    )
    result = NumberField(1, 10**9 - 1)
    stage = LineField(LONGEST_STAGE)
    is_stage = TickField()
    extended_to = DayField()
    reason = LineField(LONGEST_REASON)


def load_marked(ctx: Context, publication: Publication) -> PublicationDecision:
    """Load what is expected of a decision; raises `NotFound` of what is none."""
    found = find_decision(ctx.session, publication)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/<code>/console/decisions/")
@staff_page(Action.READ_DRAFTS, per_organ=True)
def index(ctx: Context) -> str:
    """List decisions: those that lack their results, the earliest term first, or those done."""
    scope = ctx.scope(Action.READ_DRAFTS)
    pairs = load_decision_pairs(ctx.session, [ctx.tenant], scope)
    tabs = {"open": _l("Without result"), "done": _l("With result")}
    tab = params.word("tab", tabs, "open")
    shown = {"open": [pair for pair in pairs if pair.state in OPEN]}
    shown["done"] = [pair for pair in reversed(pairs) if pair.state is PairState.DONE]
    writes = ctx.scope(Action.WRITE_PUBLICATION)
    return render_template(
        "publishing/decisions/index.html",
        pairs=shown[tab],
        tab=tab,
        tabs=[
            {
                "key": key,
                "label": label,
                "url": tenant_url("publishing_decisions.index", tab=key),
                "count": len(shown[key]),
            }
            for key, label in tabs.items()
        ],
        states=STATE_LABELS,
        tones=STATE_TONES,
        unmarked=list_unmarked(ctx.session, ctx.tenant, writes) if writes else [],
    )


@blueprint.get("/<code>/console/publications/<int:id>/decision/")
@staff_page(Action.READ_DRAFTS, publication=load_publication)
def show(ctx: Context, publication: Publication) -> str:
    """Show a decision with its results and what may be one; or the form that makes it one."""
    return _page(ctx, publication)


@blueprint.post("/<code>/console/publications/<int:id>/decision/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication)
def expect(ctx: Context, publication: Publication) -> Any:
    """Say that a publication is a decision that waits for its result."""
    form = ExpectForm.read()
    try:
        expect_result(ctx.session, ctx.actor, publication, form.require()["due_on"])
    except Invalid as error:
        return _page(ctx, publication, form.typed, error.fields), error.status
    flash(_("It waits for its result now."), "success")
    return redirect(tenant_url("publishing_decisions.show", id=publication.id), 303)


@blueprint.post("/<code>/console/publications/<int:id>/decision/pair/")
@staff_page(Action.WRITE_PUBLICATION, publication=load_publication, decision=load_marked)
def change(ctx: Context, publication: Publication, decision: PublicationDecision) -> Any:
    """Link a result or take a link away, give more time, or say that it is no decision."""
    require_version(decision.version)
    form = PairForm.read()
    try:
        said = _change(ctx, decision, form.require())
    except (Conflict, Invalid) as error:
        errors = error.fields if isinstance(error, Invalid) else {"reason": error.message}
        return _page(ctx, publication, form.typed, errors), error.status
    flash(said, "success")
    return redirect(tenant_url("publishing_decisions.show", id=publication.id), 303)


def _change(ctx: Context, decision: PublicationDecision, values: Mapping[str, Any]) -> str:
    session, actor, reason = ctx.session, ctx.actor, values["reason"]
    if values["act"] == "link":
        link_result(
            session, actor, decision, values["result"] or 0,
            stage=values["stage"], is_final=not values["is_stage"],
        )  # fmt: skip
        return str(_("Linked. Both pages show it once both are public."))
    if values["act"] == "unlink":
        unlink_result(session, actor, decision, values["result"] or 0, reason)
        return str(_("The link was taken away."))
    if values["act"] == "drop":
        drop_decision(session, actor, decision, reason)
        return str(_("It is no decision any more."))
    if values["extended_to"] is None:
        raise Invalid({"extended_to": _("Say until when.")})
    extend(session, actor, decision, values["extended_to"], reason)
    return str(_("Saved."))


def _page(
    ctx: Context,
    publication: Publication,
    typed: Mapping[str, Any] = MappingProxyType({}),
    errors: Mapping[str, str] = MappingProxyType({}),
) -> str:
    decision = find_decision(ctx.session, publication)
    pair = to_pair(decision) if decision else None
    words = params.text("q", 80)
    return render_template(
        "publishing/decisions/show.html",
        publication=publication,
        decision=decision,
        pair=pair,
        state=STATE_LABELS[pair.state] if pair else "",
        tone=STATE_TONES.get(pair.state) if pair else None,
        words=words,
        choices=[_to_choice(each) for each in _list_choices(ctx, pair, words)] if pair else [],
        writes=ctx.may(Action.WRITE_PUBLICATION, organ=publication.organ_id),
        usual=(today() + USUAL_TERM).isoformat(),
        typed=typed,
        errors=dict(errors),
    )


def _list_choices(ctx: Context, pair: DecisionPair, words: str) -> list[Publication]:
    if not words:
        return suggest_results(ctx.session, ctx.tenant, pair)
    taken = {pair.publication_id, *(each.publication_id for each in pair.results)}
    return search_results(ctx.session, ctx.tenant, words, taken)


def _to_choice(publication: Publication) -> dict[str, Any]:
    """Name a publication with its day, or its state while it is not public."""
    at = publication.published_at if publication.state in LIVE else None
    note = local_day(at) if at else state_tags(publication)[0][0]
    return {"value": publication.id, "label": f"{publication.title} ({note})"}
