"""The staff's home: what waits for the person, quick actions, the places where they work."""

from typing import Any

from flask import Blueprint, current_app, g, render_template, request
from flask_babel import gettext as _

from core.accounts.access import current_actor, may_open, staff_page
from core.accounts.service import list_workplaces
from core.accounts.staff_menu import StaffLink, Task, in_order, links_for, tasks_for
from core.db.scope import Reach
from core.db.tree import Tenant
from core.permissions import Action, Actor, allowed
from core.plugins.calls.page_links import staff_links
from core.plugins.calls.tenant_hooks import TenantHooks
from core.tenancy.service import list_children
from core.web.context import Context
from core.web.request import current_tenant, directory
from core.web.urls import tenant_url

blueprint = Blueprint("console", __name__, template_folder="templates")


@blueprint.get("/<code>/console/")
@staff_page(Action.VIEW_CONSOLE, reach=Reach.SUBTREE)
def home(ctx: Context) -> str:
    """Show things to do first; then buttons for what is done every day, and other places."""
    tasks = [
        *tasks_for(ctx.session, ctx.tenant, ctx.actor),
        *TenantHooks(ctx.tenant).staff_tasks(ctx.session, ctx.actor),
    ]
    return render_template(
        "console/home.html",
        tasks=[_task_row(task) for task in in_order(tasks)],
        quick=[link for link in _list_links(ctx.tenant, ctx.actor) if link.is_quick_at(ctx.tenant)],
        workplaces=[_place(place) for place in list_workplaces(directory(), ctx.actor)],
        below=[_place(place) for place in _list_below(ctx)],
    )


def _list_links(tenant: Tenant, actor: Actor) -> list[StaffLink]:
    """List the pages of the menu that the person may open: the core's, then those of plugins."""
    of_plugins = (link for link in staff_links() if link.is_open_to(actor, tenant))
    return [*links_for(tenant, actor), *of_plugins]


def _list_below(ctx: Context) -> list[Tenant]:
    return [
        child
        for child in list_children(directory(), ctx.tenant)
        if allowed(ctx.actor, Action.VIEW_CONSOLE, child)
    ]


def _place(tenant: Tenant) -> dict[str, Any]:
    return {
        "key": tenant.division_code,
        "name": tenant.name,
        "url": tenant_url("console.home", tenant),
    }


def _task_row(task: Task) -> dict[str, Any]:
    return {
        "title": task.title,
        "url": task.url,
        "due": task.due,
        "tag": _("%(n)s to do", n=task.count),
        "tone": "bad" if task.urgent else "solid",
        "note": task.note,
    }


@blueprint.app_context_processor
def _menu() -> dict[str, Any]:
    """Give staff pages (and their error pages) their menu; public pages cost nothing."""
    view = current_app.view_functions.get(request.endpoint or "") if request else None
    if not getattr(view, "access", "").startswith("staff:") or g.get("tenant") is None:
        return {}
    if not may_open("console.home", current_actor(), current_tenant()):
        return {}  # a refusal at a foreign place
    home_link = {"key": "home", "label": _("To do"), "url": tenant_url("console.home")}
    groups: dict[str, list[dict[str, str]]] = {"": [home_link]}
    for link in _list_links(current_tenant(), current_actor()):
        groups.setdefault(str(link.group), []).append(_menu_link(link))
    return {"console_nav": [{"label": name, "links": links} for name, links in groups.items()]}


def _menu_link(link: StaffLink) -> dict[str, str]:
    return {"key": link.key, "label": str(link.label), "url": tenant_url(link.endpoint)}
