"""Staff pages of revisions: those in review, one revision, the history."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.access import staff_page
from core.accounts.service import people_who_may
from core.accounts.staff_menu import Task, contribute
from core.catalog.console.revision_page import (
    OP_LABELS,
    STATE_LABELS,
    RevisionReach,
    build_revision_rows,
    list_statements,
    person_name,
    preview_reach,
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
from core.permissions import Action, Actor, forbidden_at
from core.web.context import Context
from core.web.forms.fields import TextField
from core.web.forms.form import Form
from core.web.paging import paginate_rows
from core.web.params import page_number
from core.web.request import directory
from core.web.urls import tenant_url

blueprint = Blueprint("catalog_changes", "core.catalog", template_folder="templates")

STATEMENTS_ON_A_PAGE = 50
LONGEST_REASON = 5_000


def _tasks(opened: Session, tenant: Tenant, actor: Actor) -> list[Task]:
    count = count_to_approve(opened, tenant, actor)
    return [Task(_("Catalog changes to approve"), tenant_url("catalog_changes.index"), count)]


contribute(blueprint, tasks=[_tasks])


@blueprint.context_processor
def _template_labels() -> dict[str, Any]:
    """Provide the labels of statement kinds and revision states to the templates."""
    return {
        "op_labels": OP_LABELS,
        "state_labels": STATE_LABELS,
        "summary_words": summary_text,
        "person_name": person_name,
    }


class DecisionForm(Form):
    """Why a revision is rejected, or undone."""

    note = TextField(LONGEST_REASON)
    reason = TextField(LONGEST_REASON)


EMPTY = DecisionForm.show({})


def load_revision(ctx: Context, revision_id: int) -> CatalogRevision:
    """Load a revision of this tenant's layer; those of layers above are not decided here."""
    revision = get_revision(ctx.session, revision_id)
    if revision.tenant_id != ctx.tenant.id:
        raise NotFound(where=str(revision_id))
    return revision


def load_readable(ctx: Context, revision_id: int) -> CatalogRevision:
    """Load a revision to read; raises `Forbidden` for what another organ has not made public."""
    revision = load_revision(ctx, revision_id)
    if not _is_readable(ctx, revision):
        raise forbidden_at(ctx.tenant, of_another_organ=True)
    return revision


def _is_readable(ctx: Context, revision: CatalogRevision) -> bool:
    """Return whether it is in force, of the person's own, or all of the place's are readable."""
    own = revision.author_id == ctx.actor.user_id
    whole = ctx.scope(Action.READ_CATALOG_CHANGES).everything
    return whole or own or revision.state == "approved"


@blueprint.get("/<code>/console/catalog/changes/")
@staff_page(Action.READ_CATALOG_CHANGES, per_organ=True)
def index(ctx: Context) -> str:
    """List the revisions in review, those this person may approve first."""
    in_review = list_revisions(ctx.session, ctx.tenant, state="in_review")
    waiting = [revision for revision in in_review if _is_readable(ctx, revision)]
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    rows = build_revision_rows(ctx.session, waiting, catalog)
    return render_template(
        "catalog/console/revisions/changes.html",
        mine=[row for row in rows if not _may_decide(ctx, row.revision)],
        others=[row for row in rows if _may_decide(ctx, row.revision)],
    )


@blueprint.get("/<code>/console/catalog/history/")
@staff_page(Action.READ_CATALOG_CHANGES, per_organ=True)
def history(ctx: Context) -> str:
    """List every revision of the layer, latest first."""
    revisions = list_revisions(ctx.session, ctx.tenant)
    readable = [revision for revision in revisions if _is_readable(ctx, revision)]
    page = paginate_rows(readable, page_number(), 50)
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    return render_template(
        "catalog/console/items/history.html",
        page=page,
        rows=build_revision_rows(ctx.session, page.rows, catalog),
    )


@blueprint.get("/<code>/console/catalog/changes/<int:revision_id>/")
@staff_page(
    Action.READ_CATALOG_CHANGES, reach=Reach.SUBTREE, per_organ=True, revision=load_readable
)
def show(ctx: Context, revision: CatalogRevision) -> str:
    """Show a revision with its statements, and the possible actions."""
    reach = preview_reach(ctx.session, revision) if revision.state == "in_review" else None
    return _page(ctx, revision, {}, reach)


@blueprint.post("/<code>/console/catalog/changes/<int:revision_id>/approve/")
@staff_page(Action.APPROVE_CATALOG, revision=load_revision)
def approve(ctx: Context, revision: CatalogRevision) -> Any:
    """Approve a revision."""
    try:
        approve_revision(ctx.session, ctx.actor, revision.id)
    except (Conflict, Forbidden) as error:
        return _page(ctx, revision, {"approve": error.message}), error.status
    flash(_("Approved. It is in force from %(day)s.", day=revision.effective_on), "success")
    return redirect(tenant_url("catalog_changes.index"))


@blueprint.post("/<code>/console/catalog/changes/<int:revision_id>/reject/")
@staff_page(Action.APPROVE_CATALOG, revision=load_revision)
def reject(ctx: Context, revision: CatalogRevision) -> Any:
    """Reject a revision with a note to its author."""
    form = DecisionForm.read()
    try:
        reject_revision(ctx.session, ctx.actor, revision.id, note=form.require()["note"])
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {"note": error.message}
        return _page(ctx, revision, fields, typed=form.typed), error.status
    flash(_("Rejected; nothing of it takes effect."), "success")
    return redirect(tenant_url("catalog_changes.index"))


@blueprint.post("/<code>/console/catalog/changes/<int:revision_id>/undo/")
@staff_page(Action.EDIT_CATALOG, revision=load_revision)
def undo(ctx: Context, revision: CatalogRevision) -> Any:
    """Submit a new revision that undoes this one, as if it had never been made."""
    if revision.number is None:
        raise NotFound(where=str(revision.id))
    form = DecisionForm.read()
    try:
        submitted = submit_revision(
            ctx.session,
            ctx.actor,
            ctx.tenant,
            [Undo(revision.number)],
            reason=form.require()["reason"],
        )
    except (Invalid, Conflict) as error:
        fields = error.fields if isinstance(error, Invalid) else {"reason": error.message}
        return _page(ctx, revision, fields, typed=form.typed), error.status
    flash(_("Handed in for review. It takes effect once a second person approves it."))
    return redirect(tenant_url("catalog_changes.show", revision_id=submitted.id))


def _page(
    ctx: Context,
    revision: CatalogRevision,
    errors: dict[str, str],
    reach: RevisionReach | None = None,
    typed: Mapping[str, Any] = EMPTY,
) -> str:
    catalog = effective_catalog(ctx.session, ctx.tenant).catalog
    statements = list_statements(revision, catalog)
    return render_template(
        "catalog/console/revisions/revision.html",
        revision=revision,
        page=paginate_rows(statements, page_number(), STATEMENTS_ON_A_PAGE),
        reach=reach,
        may_decide=_may_decide(ctx, revision),
        second_person=must_leave_to_another(revision, ctx.actor),
        approvers=_approvers(ctx, revision),
        errors=errors,
        typed=typed,
    )


def _may_decide(ctx: Context, revision: CatalogRevision) -> bool:
    return ctx.may(Action.APPROVE_CATALOG) and not must_leave_to_another(revision, ctx.actor)


def _approvers(ctx: Context, revision: CatalogRevision) -> list[str]:
    """List the names of others who may approve, while the revision waits for that."""
    if revision.state != "in_review":
        return []
    people = people_who_may(directory(), Action.APPROVE_CATALOG, ctx.tenant)
    return [
        user.name for user in people if not revision.two_people or user.id != revision.author_id
    ]
