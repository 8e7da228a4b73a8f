"""Staff pages that submit a revision of the tenant's layer: refine, lock, withdraw, define.

A refused form is shown again with what was typed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core.accounts.access import staff_page
from core.catalog.console.fields import (
    ControlOption,
    Typed,
    build_control,
    build_controls,
    read_typed,
    to_typed,
    to_value,
)
from core.catalog.domain.changes import Change, JsonValue, Reset
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.domain.naming import item_names
from core.catalog.editing.changes import (
    base_for,
    build_definitions,
    build_domain_withdrawal,
    build_locks,
    build_refinements,
    build_withdrawal,
    get_domain,
    get_item,
)
from core.catalog.editing.item_scope import load_item_scope
from core.catalog.editing.review import submit_revision
from core.catalog.effective import effective_catalog
from core.catalog.labels import FIELD_LABELS, ITEM_FIELDS, KIND_LABELS, format_value
from core.catalog.public_list import list_domains
from core.errors import Conflict, Invalid, NotFound
from core.permissions import Action, forbidden_at
from core.tenancy.domain import KINDS, ORDER, Level
from core.web import params
from core.web.context import Context
from core.web.forms.fields import ButtonField, LineField, TextField, TickedField
from core.web.forms.form import Form, FormData
from core.web.forms.kept import require_version, shown_version
from core.web.urls import tenant_url

blueprint = Blueprint("catalog_forms", "core.catalog", template_folder="templates")

FORM = ("GET", "POST")
LONGEST_REASON = 5_000
NEW_ITEM_FIELDS = ("level1", "level2", "level3", *ITEM_FIELDS)

Errors = Mapping[str, str]


@blueprint.context_processor
def _template_labels() -> dict[str, Any]:
    """Provide the labels of fields, modes and kinds to the templates."""
    return {"field_labels": FIELD_LABELS, "item_names": item_names}


class ChangeForm(Form):
    """What every change of the layer asks for: why, for which kinds of tenants; and buttons."""

    reason = TextField(LONGEST_REASON)
    kind = TickedField()
    locked = TickedField(name="fields")
    domain = LineField(100)
    reset = ButtonField()


def read_change() -> FormData:
    """Read the posted change; empty before anybody typed."""
    return ChangeForm.read() if request.method == "POST" else ChangeForm.blank()


def load_item(ctx: Context, item_id: str) -> EffectiveItem:
    """Load an item to change; raises `NotFound`, `Forbidden` for a matter of other organs."""
    item = get_item(_catalog(ctx), item_id)
    scope = load_item_scope(ctx.session, ctx.actor, Action.EDIT_CATALOG, ctx.tenant)
    if not scope.covers(item.fields):
        raise forbidden_at(ctx.tenant, of_another_organ=True)
    return item


@blueprint.route("/<code>/console/catalog/items/<item_id>/refine/<field>/", methods=FORM)
@staff_page(Action.EDIT_CATALOG, per_organ=True, item=load_item)
def refine(ctx: Context, item: EffectiveItem, field: str) -> Any:
    """Refine one field here and below, beside the upstream value."""
    if field not in ITEM_FIELDS:
        raise NotFound(where=field)
    now = to_typed(field, item.fields.get(field))
    version = shown_version(now, base_for(item, field, ctx.tenant))
    if request.method == "POST":
        require_version(version, optional=True)
    form = read_change()
    typed = read_typed({field: field})[field] if request.method == "POST" else now

    def page(errors: Errors) -> str:
        return render_template(
            "catalog/console/items/refine.html",
            item=item,
            version=version,
            above=format_value(field, base_for(item, field, ctx.tenant)),
            control=build_control(field, typed, error=errors.get(field) or errors.get("changes")),
            refined_here=_refined_here(ctx, item, field),
            errors=_placed(errors, changes=field),
            **_shared(ctx, form),
        )

    def plan() -> Sequence[Change]:
        if form.values["reset"] and _refined_here(ctx, item, field):
            return [Reset(item.item_id, field)]
        meant = item.fields.get(field) if typed == now else to_value(field, typed)
        return build_refinements(
            ctx.session, ctx.tenant, item.item_id, {field: meant}, kinds=form.values["kind"]
        )

    return _answer(ctx, form, page, plan)


@blueprint.route("/<code>/console/catalog/items/<item_id>/lock/", methods=FORM)
@staff_page(Action.EDIT_CATALOG, per_organ=True, item=load_item)
def lock(ctx: Context, item: EffectiveItem) -> Any:
    """Choose the fields that those below may not refine."""
    form = read_change()

    def page(errors: Errors) -> str:
        return render_template(
            "catalog/console/items/lock.html",
            item=item,
            options=_lockable(item),
            chosen=form.typed["fields"],
            errors=_placed(errors, changes="fields"),
            **_shared(ctx, form),
        )

    def plan() -> Sequence[Change]:
        known = [name for name in ITEM_FIELDS if name in form.values["locked"]]
        kinds = form.values["kind"]
        return build_locks(ctx.session, ctx.tenant, item.item_id, known, kinds=kinds)

    return _answer(ctx, form, page, plan)


@blueprint.route("/<code>/console/catalog/items/<item_id>/withdraw/", methods=FORM)
@staff_page(Action.EDIT_CATALOG, per_organ=True, item=load_item)
def withdraw(ctx: Context, item: EffectiveItem) -> Any:
    """Withdraw an item here and below."""
    form = read_change()

    def page(errors: Errors) -> str:
        return render_template(
            "catalog/console/items/withdraw.html", item=item, errors=errors, **_shared(ctx, form)
        )

    def plan() -> Sequence[Change]:
        return build_withdrawal(ctx.session, ctx.tenant, item.item_id, kinds=form.values["kind"])

    return _answer(ctx, form, page, plan)


@blueprint.route("/<code>/console/catalog/domains/<domain_key>/withdraw/", methods=FORM)
@staff_page(Action.EDIT_CATALOG)
def withdraw_domain(ctx: Context, domain_key: str) -> Any:
    """Declare a domain not applicable here and below; the reason is published."""
    form, catalog = read_change(), _catalog(ctx)
    domain = get_domain(catalog, domain_key)
    items = [item for item in catalog.items.values() if item.domain == domain.key]

    def page(errors: Errors) -> str:
        return render_template(
            "catalog/console/items/withdraw_domain.html",
            domain=domain,
            count=len(items),
            errors=errors,
            **_shared(ctx, form),
        )

    def plan() -> Sequence[Change]:
        kinds = form.values["kind"]
        return build_domain_withdrawal(ctx.session, ctx.tenant, domain.key, kinds=kinds)

    return _answer(ctx, form, page, plan)


@blueprint.route("/<code>/console/catalog/define/", methods=FORM)
@staff_page(Action.EDIT_CATALOG, per_organ=True)
def define(ctx: Context) -> Any:
    """Define an item of the tenant's own."""
    form, catalog = read_change(), _catalog(ctx)
    typed, domain = {"levels": Typed(chosen=(ctx.tenant.level,))}, params.text("domain")
    if request.method == "POST":
        typed = read_typed({name: name for name in NEW_ITEM_FIELDS})
        domain = form.values["domain"]

    def page(errors: Errors) -> str:
        return render_template(
            "catalog/console/items/define.html",
            controls=build_controls(NEW_ITEM_FIELDS, typed, errors),
            domain=domain,
            domains=_domain_options(catalog),
            errors=errors,
            **_shared(ctx, form),
        )

    def plan() -> Sequence[Change]:
        values: dict[str, JsonValue] = {name: to_value(name, typed[name]) for name in typed}
        return build_definitions(
            ctx.session, ctx.tenant, [values | {"domain": domain}], kinds=form.values["kind"]
        )

    return _answer(ctx, form, page, plan)


def _refined_here(ctx: Context, item: EffectiveItem, field: str) -> bool:
    """Return whether this tenant refines a value from above, so that it could be reset."""
    here = ctx.tenant.division_code
    return item.origin(field).tenant == here != item.defined.tenant


def _answer(
    ctx: Context,
    form: FormData,
    page: Callable[[Errors], str],
    plan: Callable[[], Sequence[Change]],
) -> Any:
    """Show the form; on POST submit its changes and redirect to the revision."""
    if request.method == "GET":
        return page({})
    try:
        revision = submit_revision(
            ctx.session,
            ctx.actor,
            ctx.tenant,
            plan(),
            reason=form.require()["reason"],
        )
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        return page(fields or {"reason": error.message}), error.status
    if revision.two_people:
        flash(_("Handed in for review. It takes effect once a second person approves it."))
    else:
        flash(_("Handed in. Look it over once more; you may approve it yourself."))
    return redirect(tenant_url("catalog_changes.show", revision_id=revision.id))


def _placed(errors: Errors, **places: str) -> dict[str, str]:
    """Move errors to the names of the form fields they are shown at."""
    return {places.get(name, name): message for name, message in errors.items()}


def _shared(ctx: Context, form: FormData) -> dict[str, Any]:
    """Return what every form shows: the reason as typed, and the choice of tenant kinds."""
    return {
        "reason": form.typed["reason"],
        "kinds": _kind_options(ctx),
        "chosen_kinds": form.typed["kind"],
    }


def _kind_options(ctx: Context) -> list[ControlOption]:
    """List the kinds of tenants here and below; a village has none below to choose from."""
    levels = ORDER[ORDER.index(Level(ctx.tenant.level)) :]
    kinds = [kind for level in levels for kind in KINDS[level]]
    return [ControlOption(kind, KIND_LABELS[kind]) for kind in kinds] if len(levels) > 1 else []


def _lockable(item: EffectiveItem) -> list[ControlOption]:
    return [
        ControlOption(name, FIELD_LABELS[name])
        for name in ITEM_FIELDS
        if name not in item.locked and (name != "extra" or item.fields.get("extra"))
    ]


def _domain_options(catalog: EffectiveCatalog) -> list[ControlOption]:
    return [
        ControlOption(domain.key, domain.name)
        for domain in list_domains(catalog)
        if domain.key not in catalog.not_applicable
    ]


def _catalog(ctx: Context) -> EffectiveCatalog:
    return effective_catalog(ctx.session, ctx.tenant).catalog
