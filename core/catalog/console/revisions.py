"""Staff pages of revisions: those in review, one revision, the history."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.access import current_actor, may, staff_page
from core.accounts.permissions import Action, Actor
from core.accounts.service import people_who_may
from core.accounts.staff_menu import Task, contribute
from core.catalog.console.revision_page import (
    OP_LABELS,
    STATE_LABELS,
    RevisionReach,
    list_statements,
    person_name,
    preview_reach,
    revision_rows,
    summary_text,
)
from core.catalog.domain.changes import Undo
from core.catalog.editing.in_review import count_to_approve, must_leave_to_another
from core.catalog.editing.review import (
    approve_revision,
    get_revision,
    list_revisions,
    reject_revision,
    submit_revision,
)
from core.catalog.effective import effective_catalog
from core.catalog.models import CatalogRevision
from core.db.scope import Reach
from core.db.tree import Tenant
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.web.paging import page_of
from core.web.request import current_tenant, directory, session
from core.web.urls import tenant_url

blueprint = Blueprint("catalog_changes", "core.catalog", template_folder="templates")

STATEMENTS_ON_A_PAGE = 50


def _tasks(opened: Session, tenant: Tenant, actor: Actor) -> list[Task]:
    count = count_to_approve(opened, tenant, actor)
    return [Task(_("Catalog changes to approve"), tenant_url("catalog_changes.index"), count)]


contribute(blueprint, tasks=[_tasks])


@blueprint.context_processor
def _words() -> dict[str, Any]:
    """Provide the labels of statement kinds and revision states to the templates."""
    return {
        "op_labels": OP_LABELS,
        "state_labels": STATE_LABELS,
        "summary_words": summary_text,
        "person_name": person_name,
    }


@blueprint.get("/<code>/console/catalog/changes/")
@staff_page(Action.VIEW_CONSOLE)
def index() -> str:
    """List the revisions in review, those this person may approve first."""
    waiting = list_revisions(session(), current_tenant(), state="in_review")
    catalog = effective_catalog(session(), current_tenant()).catalog
    rows = revision_rows(session(), waiting, catalog)
    return render_template(
        "catalog/console/changes.html",
        mine=[row for row in rows if not _may_decide(row.revision)],
        others=[row for row in rows if _may_decide(row.revision)],
    )


@blueprint.get("/<code>/console/catalog/history/")
@staff_page(Action.VIEW_CONSOLE)
def history() -> str:
    """List every revision of the layer, latest first."""
    page = page_of(list_revisions(session(), current_tenant()), request.args, size=50)
    catalog = effective_catalog(session(), current_tenant()).catalog
    return render_template(
        "catalog/console/history.html",
        page=page,
        rows=revision_rows(session(), page.rows, catalog),
    )


@blueprint.get("/<code>/console/catalog/changes/<int:revision_id>/")
@staff_page(Action.VIEW_CONSOLE, reach=Reach.SUBTREE)
def show(revision_id: int) -> str:
    """Show a revision with its statements, and the possible actions."""
    revision = _own(revision_id)
    reach = preview_reach(session(), revision) if revision.state == "in_review" else None
    return _page(revision, {}, reach)


@blueprint.post("/<code>/console/catalog/changes/<int:revision_id>/approve/")
@staff_page(Action.APPROVE_CATALOG)
def approve(revision_id: int) -> Any:
    """Approve a revision."""
    revision = _own(revision_id)
    try:
        approve_revision(session(), current_actor(), revision_id)
    except (Conflict, Forbidden) as error:
        return _page(revision, {"approve": error.message}), error.status
    flash(_("Approved. It is in force from %(day)s.", day=revision.effective_on), "success")
    return redirect(tenant_url("catalog_changes.index"))


@blueprint.post("/<code>/console/catalog/changes/<int:revision_id>/reject/")
@staff_page(Action.APPROVE_CATALOG)
def reject(revision_id: int) -> Any:
    """Reject a revision with a note to its author."""
    revision = _own(revision_id)
    try:
        note = request.form.get("note", "")
        reject_revision(session(), current_actor(), revision_id, note=note)
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {"note": error.message}
        return _page(revision, fields), error.status
    flash(_("Rejected; nothing of it takes effect."), "success")
    return redirect(tenant_url("catalog_changes.index"))


@blueprint.post("/<code>/console/catalog/changes/<int:revision_id>/undo/")
@staff_page(Action.EDIT_CATALOG)
def undo(revision_id: int) -> Any:
    """Submit a new revision that undoes this one, as if it had never been made."""
    revision = _own(revision_id)
    if revision.number is None:
        raise NotFound(where=str(revision_id))
    try:
        submitted = submit_revision(
            session(),
            current_actor(),
            current_tenant(),
            [Undo(revision.number)],
            reason=request.form.get("reason"),
        )
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {"reason": error.message}
        return _page(revision, fields), error.status
    flash(_("Handed in for review. It takes effect once a second person approves it."))
    return redirect(tenant_url("catalog_changes.show", revision_id=submitted.id))


def _own(revision_id: int) -> CatalogRevision:
    """Return a revision of this tenant's layer; those of layers above are not decided here."""
    revision = get_revision(session(), revision_id)
    if revision.tenant_id != current_tenant().id:
        raise NotFound(where=str(revision_id))
    return revision


def _page(
    revision: CatalogRevision, errors: dict[str, str], reach: RevisionReach | None = None
) -> str:
    catalog = effective_catalog(session(), current_tenant()).catalog
    statements = list_statements(revision, catalog)
    return render_template(
        "catalog/console/revision.html",
        revision=revision,
        page=page_of(statements, request.args, size=STATEMENTS_ON_A_PAGE),
        reach=reach,
        may_decide=_may_decide(revision),
        second_person=must_leave_to_another(revision, current_actor()),
        approvers=_approvers(revision),
        errors=errors,
        typed=request.form,
    )


def _may_decide(revision: CatalogRevision) -> bool:
    return may(Action.APPROVE_CATALOG) and not must_leave_to_another(revision, current_actor())


def _approvers(revision: CatalogRevision) -> list[str]:
    """List the names of others who may approve, while the revision waits for that."""
    if revision.state != "in_review":
        return []
    people = people_who_may(directory(), Action.APPROVE_CATALOG, current_tenant())
    return [
        user.name for user in people if not revision.two_people or user.id != revision.author_id
    ]
