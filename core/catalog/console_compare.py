"""Staff pages that compare: changes from above to decide, and who below differs from us."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.access import current_actor, staff_page
from core.accounts.console import Task, contribute
from core.accounts.permissions import Action, Actor, allowed
from core.catalog.comparison import drift_under
from core.catalog.deciding import Decision, decisions, waiting_decisions
from core.catalog.drift_page import domain_drifts
from core.catalog.effective import effective_catalog
from core.catalog.inheritance import EffectiveCatalog
from core.catalog.labels import FIELD_LABELS, item_title, shown
from core.catalog.outline import domains_in_order
from core.catalog.review import submit_revision
from core.catalog.upstream import UpstreamChange
from core.db.scope import Reach
from core.db.tree import Tenant
from core.errors import Conflict, Invalid
from core.tenancy.service import list_tenants
from core.web.request import current_tenant, directory, session
from core.web.urls import tenant_url

blueprint = Blueprint("catalog_compare", __name__, template_folder="templates")


def _tasks(opened: Session, tenant: Tenant, actor: Actor) -> list[Task]:
    if not allowed(actor, Action.EDIT_CATALOG, tenant):
        return []
    waiting = len(waiting_decisions(opened, tenant))
    return [
        Task(_("Changes from above to decide"), tenant_url("catalog_compare.upstream"), waiting)
    ]


contribute(blueprint, tasks=[_tasks])


@blueprint.get("/<code>/console/catalog/upstream/")
@staff_page(Action.EDIT_CATALOG)
def upstream() -> str:
    """Fields we refined whose value above has changed since: before, now, ours."""
    return _upstream_page({})


@blueprint.post("/<code>/console/catalog/upstream/")
@staff_page(Action.EDIT_CATALOG)
def decide() -> Any:
    """Accept theirs or keep ours, for as many as were ticked."""
    chosen = set(request.form.getlist("change"))
    waiting = waiting_decisions(session(), current_tenant())
    decided = [change for change in waiting if change.id in chosen]
    if not decided:
        return _upstream_page({"change": _("Tick at least one of them.")}), 422
    answer = Decision.ACCEPT if "accept" in request.form else Decision.KEEP
    try:
        revision = submit_revision(
            session(), current_actor(), current_tenant(), decisions(decided, answer)
        )
    except (Invalid, Conflict) as error:
        return _upstream_page({"change": error.message}), error.status
    flash(_("Handed in. Nothing changes before it is approved."), "success")
    return redirect(tenant_url("catalog_changes.show", revision_id=revision.id))


@blueprint.get("/<code>/console/catalog/drift/")
@staff_page(Action.VIEW_CONSOLE, reach=Reach.SUBTREE)
def drift() -> str:
    """Items of the same id that differ below, with who, what and why."""
    tenant = current_tenant()
    catalog = effective_catalog(session(), tenant).catalog
    domain = request.args.get("domain", "")
    names = {below.division_code: below.name for below in list_tenants(directory(), under=tenant)}
    drifts = domain_drifts(drift_under(session(), tenant), catalog, tenant.division_code, names)
    return render_template(
        "catalog/console/drift.html",
        drifts=[found for found in drifts if domain in {"", found.key}],
        domains=domains_in_order(catalog),
        domain=domain,
    )


def _upstream_page(errors: dict[str, str]) -> str:
    catalog = effective_catalog(session(), current_tenant()).catalog
    waiting = waiting_decisions(session(), current_tenant())
    return render_template(
        "catalog/console/upstream.html",
        changes=[_three_values(change, catalog) for change in waiting],
        chosen=request.form.getlist("change"),
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
        "base": shown(change.field, change.base),
        "upstream": shown(change.field, change.upstream),
        "local": shown(change.field, change.local),
    }
