"""Staff pages of the register of withheld items: what is due, entries, evaluations, the file."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from core.accounts.access import staff_page
from core.accounts.staff_menu import StaffLink, Task, contribute
from core.clock import today
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.permissions import Action, Actor, organ_scope
from core.publishing.models import Publication
from core.publishing.queries import get_publication
from core.publishing.records.labels import GROUND_LABELS, NATURE_LABELS
from core.publishing.records.rules import Ground, Nature
from core.publishing.records.service import load_records
from core.publishing.withheld.labels import OUTCOME_LABELS, TAB_LABELS, THIRD_PARTY_LABELS
from core.publishing.withheld.models import WithheldItem
from core.publishing.withheld.queries import list_register, send_register
from core.publishing.withheld.rules import (
    LONGEST_REFERENCE,
    USUAL_MONTHS,
    Outcome,
    OwnerAnswer,
    add_months,
)
from core.publishing.withheld.service import (
    count_due,
    enter_item,
    evaluate_item,
    get_item,
    list_evaluations,
)
from core.tenancy.models import Organ
from core.tenancy.service import list_organs
from core.web import params
from core.web.context import Context
from core.web.forms.fields import ChoiceField, DayField, LineField, NumberField
from core.web.forms.form import Form
from core.web.forms.kept import require_version
from core.web.urls import tenant_url

blueprint = Blueprint("publishing_withheld", "core.publishing", template_folder="templates")
# A village is no organ of the 条例: it withholds nothing by it.
LEVELS = ("county", "township")
WRITE = Action.WRITE_PUBLICATION


def tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterator[Task]:
    """Yield what has to be evaluated by today (条例 art 18)."""
    scope = organ_scope(actor, WRITE, tenant)
    if not scope or tenant.level not in LEVELS:
        return
    count, first = count_due(session, tenant, scope)
    url = tenant_url("publishing_withheld.index", tenant, tab="due")
    yield Task(_("Withheld items to evaluate again"), url, count, due=first, urgent=True)


contribute(
    blueprint,
    tasks=[tasks],
    links=[
        StaffLink(
            "withheld", _l("Publishing"), _l("Withheld items"), "publishing_withheld.index", WRITE
        )
    ],
)


class EntryForm(Form):
    """What is entered: numbers, ground, days. There is no field for words about it."""

    organ_id = ChoiceField(required=_l("Choose one of the organs of this place."))
    reference = LineField(LONGEST_REFERENCE)
    nature = ChoiceField([Nature.WITHHELD.value, Nature.PARTLY.value], default="withheld")
    ground = ChoiceField([ground.value for ground in Ground])
    third_party = ChoiceField([answer.value for answer in OwnerAnswer])
    decided_by = LineField(64)
    decided_on = DayField()
    next_on = DayField()
    publication = NumberField(1, 10**9 - 1)


class EvaluationForm(Form):
    """The result of a re-evaluation."""

    outcome = ChoiceField([outcome.value for outcome in Outcome])
    ground = ChoiceField([ground.value for ground in Ground])
    evaluated_on = DayField()
    decided_by = LineField(64)
    next_on = DayField()


def load_item(ctx: Context, id: int) -> WithheldItem:  # noqa: A002 - as addresses name it
    """Load an item of the register; raises `NotFound`."""
    return get_item(ctx.session, ctx.tenant, id)


@blueprint.get("/<code>/console/withheld/")
@staff_page(WRITE, levels=LEVELS, per_organ=True)
def index(ctx: Context) -> str:
    """List what is withheld, what is to be evaluated first."""
    tab = params.word("tab", TAB_LABELS, "withheld")
    tabs = [
        {"key": key, "label": label, "url": tenant_url("publishing_withheld.index", tab=key)}
        for key, label in TAB_LABELS.items()
    ]
    return render_template(
        "publishing/withheld/index.html",
        page=list_register(ctx, tab, params.page_number()),
        tab=tab,
        tabs=tabs,
        today=today(),
        ground_labels=GROUND_LABELS,
        nature_labels=NATURE_LABELS,
    )


@blueprint.get("/<code>/console/withheld/new/")
@staff_page(WRITE, levels=LEVELS, per_organ=True)
def new(ctx: Context) -> str:
    """Show the form of a new entry, with what was decided about a draft."""
    organs = _list_own_organs(ctx)
    shown: dict[str, Any] = {
        "organ_id": organs[0].id if len(organs) == 1 else None,
        "nature": Nature.WITHHELD.value,
        "decided_on": today(),
        "next_on": add_months(today(), USUAL_MONTHS),
    }
    publication = _find_publication(ctx, params.number("publication", most=10**9 - 1))
    if publication is not None:
        decision = load_records(ctx.session, publication).decision
        shown |= {"organ_id": publication.organ_id, "publication": publication.id}
        names = ("nature", "ground", "decided_by", "decided_on")
        shown |= {name: getattr(decision, name) for name in names} if decision else {}
    return _entry_page(ctx, EntryForm.show(shown), publication, {})


@blueprint.post("/<code>/console/withheld/")
@staff_page(WRITE, levels=LEVELS, per_organ=True)
def create(ctx: Context) -> Any:
    """Enter an item; the draft that it was is deleted for good."""
    form = EntryForm.read(choices={"organ_id": [organ.id for organ in _list_own_organs(ctx)]})
    publication = _find_publication(ctx, form.values["publication"])
    try:
        values = {name: value for name, value in form.require().items() if name != "publication"}
        item = enter_item(ctx.session, ctx.actor, ctx.tenant, values, publication)
    except (Invalid, Conflict) as error:
        errors = error.fields if isinstance(error, Invalid) else {"nature": error.message}
        return _entry_page(ctx, form.typed, publication, errors), error.status
    flash(_("Entered as %(number)s.", number=item.number), "success")
    return redirect(tenant_url("publishing_withheld.show", id=item.id))


@blueprint.get("/<code>/console/withheld/<int:id>/")
@staff_page(WRITE, levels=LEVELS, item=load_item)
def show(ctx: Context, item: WithheldItem) -> str:
    """Show an item with its evaluations, and the form of the next one."""
    shown = {
        "ground": item.ground,
        "evaluated_on": today(),
        "next_on": add_months(today(), USUAL_MONTHS),
    }
    return _item_page(ctx, item, EvaluationForm.show(shown))


@blueprint.post("/<code>/console/withheld/<int:id>/")
@staff_page(WRITE, levels=LEVELS, item=load_item)
def evaluate(ctx: Context, item: WithheldItem) -> Any:
    """Record a re-evaluation; what may be public now is written as a publication."""
    require_version(item.version)
    form = EvaluationForm.read()
    try:
        draft = evaluate_item(ctx.session, ctx.actor, item, form.require())
    except Invalid as error:
        return _item_page(ctx, item, form.typed, error.fields), error.status
    if draft is not None:
        flash(_("It may be public. Write it now, or later: it is among your drafts."), "success")
        return redirect(tenant_url("publishing_console.edit", id=draft.id))
    flash(_("Saved."), "success")
    return redirect(tenant_url("publishing_withheld.show", id=item.id))


@blueprint.get("/<code>/console/withheld/export/")
@staff_page(WRITE, levels=LEVELS, per_organ=True)
def export(ctx: Context) -> Response:
    """Send the register as a file: numbers, grounds, days."""
    return send_register(ctx, params.word("format", ("xlsx", "csv"), "xlsx"))


def _list_own_organs(ctx: Context) -> list[Organ]:
    scope = ctx.scope(WRITE)
    return [organ for organ in list_organs(ctx.session, ctx.tenant) if organ.id in scope]


def _find_publication(ctx: Context, number: int | None) -> Publication | None:
    """Find the publication that an entry is about; one of another organ counts as none."""
    if not number:
        return None
    found = get_publication(ctx.session, ctx.tenant, number)
    ctx.require(WRITE, organ=found.organ_id)
    return found


def _to_options(labels: Mapping[Any, Any], keys: Any = None) -> list[dict[str, Any]]:
    return [{"value": str(key), "label": labels[key]} for key in keys or labels]


def _entry_page(
    ctx: Context,
    typed: Mapping[str, Any],
    publication: Publication | None,
    errors: Mapping[str, str],
) -> str:
    return render_template(
        "publishing/withheld/form.html",
        typed=typed,
        errors=errors,
        publication=publication,
        organs=[{"value": organ.id, "label": organ.name} for organ in _list_own_organs(ctx)],
        natures=_to_options(NATURE_LABELS, (Nature.WITHHELD, Nature.PARTLY)),
        grounds=_to_options(GROUND_LABELS),
        answers=_to_options(THIRD_PARTY_LABELS),
    )


def _item_page(
    ctx: Context,
    item: WithheldItem,
    typed: Mapping[str, Any],
    errors: Mapping[str, str] = MappingProxyType({}),
) -> str:
    return render_template(
        "publishing/withheld/show.html",
        item=item,
        typed=typed,
        errors=errors,
        evaluations=list_evaluations(ctx.session, item),
        outcomes=_to_options(OUTCOME_LABELS),
        grounds=_to_options(GROUND_LABELS),
        ground_labels=GROUND_LABELS,
        nature_labels=NATURE_LABELS,
        outcome_labels=OUTCOME_LABELS,
        third_party_labels=THIRD_PARTY_LABELS,
        is_due=item.next_on is not None and item.next_on <= today(),
    )
