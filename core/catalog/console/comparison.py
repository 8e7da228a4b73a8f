"""Staff pages that compare: upstream changes to decide, and drift of the tenants below."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import LazyString
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.access import staff_page
from core.accounts.staff_menu import Task, contribute
from core.catalog.comparison import list_drift
from core.catalog.domain.changes import JsonValue
from core.catalog.domain.drift import FieldDrift, ItemDrift
from core.catalog.domain.inheritance import EffectiveCatalog, EffectiveItem
from core.catalog.domain.upstream import UpstreamChange
from core.catalog.editing.item_scope import load_item_scope
from core.catalog.editing.review import submit_revision
from core.catalog.editing.upstream_decisions import (
    UpstreamDecision,
    build_decisions,
    list_waiting_decisions,
)
from core.catalog.effective import effective_catalog
from core.catalog.labels import FIELD_LABELS, Shown, domain_name, format_value, item_title
from core.catalog.public_list import list_domains
from core.db.scope import Reach
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.permissions import Action, Actor, organ_scope
from core.tenancy.domain import Level
from core.tenancy.service import list_tenants
from core.web import params
from core.web.context import Context
from core.web.forms.fields import ButtonField, TickedField
from core.web.forms.form import Form
from core.web.request import directory
from core.web.urls import tenant_url

# More names than this in a cell help nobody; the rest is counted.
_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DriftedItem:
    """An item with its name and link."""

    item_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """A value that tenants below have instead of ours, with their reason."""

    item: DriftedItem
    label: str | LazyString
    ours: Shown
    theirs: Shown
    places: str
    reason: str


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Items withdrawn by the same tenants for the same reason, e.g. a whole domain."""

    items: tuple[DriftedItem, ...]
    places: str
    reason: str


@dataclass(frozen=True, slots=True)
class DomainDrift:
    """A domain with everything that differs below."""

    key: str
    name: str
    deviations: Sequence[Deviation]
    taken_out: Sequence[TakenOut]


def group_drift_by_domain(
    found: Iterable[ItemDrift], catalog: EffectiveCatalog, here: str, names: Mapping[str, str]
) -> list[DomainDrift]:
    """Group the differences from the catalog of the tenant `here` by domain, in catalog order.

    `names` are the names of tenants by code. Fields that differ only in who said the same are
    left out.
    """
    by_domain: dict[str, list[ItemDrift]] = {}
    for drift in found:
        by_domain.setdefault(_ours(drift, catalog).domain, []).append(drift)
    drifts = [
        DomainDrift(
            key,
            domain_name(catalog, key),
            [d for drift in items for d in _deviations(drift, catalog, here, names)],
            _taken_out(items, catalog, names),
        )
        for key, items in by_domain.items()
    ]
    return [drift for drift in drifts if drift.deviations or drift.taken_out]


def _ours(drift: ItemDrift, catalog: EffectiveCatalog) -> EffectiveItem:
    return catalog.items.get(drift.item.item_id, drift.item)


def _link(drift: ItemDrift, catalog: EffectiveCatalog) -> DriftedItem:
    item = _ours(drift, catalog)
    return DriftedItem(item.item_id, item_title(item))


def _deviations(
    drift: ItemDrift, catalog: EffectiveCatalog, here: str, names: Mapping[str, str]
) -> Iterable[Deviation]:
    for field in drift.fields:
        ours = _value_at(field, here)
        for variant in field.variants:
            if here not in variant.tenants and variant.value != ours:
                yield Deviation(
                    _link(drift, catalog),
                    FIELD_LABELS[field.field],
                    format_value(field.field, ours),
                    format_value(field.field, variant.value),
                    _places(variant.tenants, names),
                    variant.source.reason or "",
                )


def _value_at(field: FieldDrift, code: str) -> JsonValue:
    return next((v.value for v in field.variants if code in v.tenants), None)


def _taken_out(
    drifts: Iterable[ItemDrift], catalog: EffectiveCatalog, names: Mapping[str, str]
) -> list[TakenOut]:
    groups: dict[tuple[tuple[str, ...], str], list[DriftedItem]] = {}
    for drift in drifts:
        for absence in drift.withdrawn:
            key = (absence.tenants, absence.source.reason or "")
            groups.setdefault(key, []).append(_link(drift, catalog))
    return [
        TakenOut(tuple(items), _places(tenants, names), reason)
        for (tenants, reason), items in groups.items()
    ]


def _places(codes: Sequence[str], names: Mapping[str, str]) -> str:
    listed = str(_(", ")).join(names.get(code, code) for code in codes[:_NAMES_SHOWN])
    if len(codes) <= _NAMES_SHOWN:
        return listed
    return str(_("%(names)s and others, %(n)s places", names=listed, n=len(codes)))


blueprint = Blueprint("catalog_compare", "core.catalog", template_folder="templates")


class DecideForm(Form):
    """The changes from above that were ticked, and whether they are accepted."""

    change = TickedField()
    accept = ButtonField()


def _tasks(opened: Session, tenant: Tenant, actor: Actor) -> list[Task]:
    if not organ_scope(actor, Action.EDIT_CATALOG, tenant):
        return []
    waiting = len(_list_waiting(opened, tenant, actor))
    return [
        Task(_("Changes from above to decide"), tenant_url("catalog_compare.upstream"), waiting)
    ]


contribute(blueprint, tasks=[_tasks])


def _list_waiting(opened: Session, tenant: Tenant, actor: Actor) -> list[UpstreamChange]:
    """List the decisions that are the person's: all of the place, or on items of their organ."""
    scope = load_item_scope(opened, actor, Action.EDIT_CATALOG, tenant)
    waiting = list_waiting_decisions(opened, tenant)
    if scope.everything:
        return waiting
    items = effective_catalog(opened, tenant).catalog.items
    return [change for change in waiting if scope.covers(items[change.item_id].fields)]


@blueprint.get("/<code>/console/catalog/upstream/")
@staff_page(Action.EDIT_CATALOG, per_organ=True)
def upstream(ctx: Context) -> str:
    """Show refined fields whose upstream value changed since: base, upstream, local."""
    return _upstream_page(ctx, {})


@blueprint.post("/<code>/console/catalog/upstream/")
@staff_page(Action.EDIT_CATALOG, per_organ=True)
def decide(ctx: Context) -> Any:
    """Accept upstream or keep the local value, for every change that was ticked."""
    form = DecideForm.read()
    chosen = set(form.values["change"])
    waiting = _list_waiting(ctx.session, ctx.tenant, ctx.actor)
    decided = [change for change in waiting if change.id in chosen]
    if not decided:
        return _upstream_page(ctx, {"change": _("Tick at least one of them.")}, []), 422
    answer = UpstreamDecision.ACCEPT if form.values["accept"] else UpstreamDecision.KEEP
    try:
        revision = submit_revision(
            ctx.session, ctx.actor, ctx.tenant, build_decisions(decided, answer)
        )
    except (Invalid, Conflict) as error:
        return _upstream_page(ctx, {"change": error.message}, form.typed["change"]), error.status
    flash(_("Handed in. Nothing changes before it is approved."), "success")
    return redirect(tenant_url("catalog_changes.show", revision_id=revision.id))


@blueprint.get("/<code>/console/catalog/drift/")
@staff_page(Action.READ_CATALOG_CHANGES, reach=Reach.SUBTREE, levels=(Level.COUNTY, Level.TOWNSHIP))
def drift(ctx: Context) -> str:
    """Show the items that differ below, with tenant, value and reason."""
    tenant = ctx.tenant
    catalog = effective_catalog(ctx.session, tenant).catalog
    domain = params.text("domain")
    names = {below.division_code: below.name for below in list_tenants(directory(), under=tenant)}
    drifts = group_drift_by_domain(
        list_drift(ctx.session, tenant), catalog, tenant.division_code, names
    )
    return render_template(
        "catalog/console/revisions/drift.html",
        drifts=[found for found in drifts if domain in {"", found.key}],
        domains=list_domains(catalog),
        domain=domain,
    )


def _upstream_page(ctx: Context, errors: dict[str, str], chosen: Sequence[str] = ()) -> str:
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    waiting = _list_waiting(ctx.session, ctx.tenant, ctx.actor)
    return render_template(
        "catalog/console/revisions/upstream.html",
        changes=[_three_values(change, catalog) for change in waiting],
        chosen=chosen,
        errors=errors,
    )


def _three_values(change: UpstreamChange, catalog: EffectiveCatalog) -> dict[str, Any]:
    return {
        "id": change.id,
        "item_id": change.item_id,
        "field": change.field,
        "title": item_title(catalog.items[change.item_id]),
        "redundant": change.redundant,
        "label": FIELD_LABELS[change.field],
        "base": format_value(change.field, change.base),
        "upstream": format_value(change.field, change.upstream),
        "local": format_value(change.field, change.local),
    }
