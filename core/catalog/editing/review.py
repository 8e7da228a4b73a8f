"""Revisions of a layer: submitted by one person, approved or rejected by another.

“无充分理由不随意变更、删减”: refining, withdrawing and locking need a reason and a second person.
The operator's command line may do both and is recorded as the operator.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from core.audit.service import record
from core.catalog.domain.changes import Change, Layer
from core.catalog.domain.inheritance import ConflictKind, ResolutionConflict, resolve
from core.catalog.editing.item_scope import load_item_scope, require_own_changes
from core.catalog.effective import effective_catalog, forget_views
from core.catalog.layers.heads import load_heads
from core.catalog.layers.loading import load_layers
from core.catalog.models import CatalogRevision
from core.catalog.records import count_operations, needs_second_person, to_change, to_row
from core.catalog.schemas import is_text
from core.catalog.search.documents import touch_changed
from core.clock import today
from core.db.base import utc_now
from core.db.transactions import after_commit
from core.db.tree import Tenant
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.jobs.queue import enqueue
from core.permissions import Action, Actor, require

# The job of features above that runs after a revision was approved.
FOLLOW_UP = "catalog_follow_up"

_OBJECTIONS = {
    ConflictKind.DUPLICATE_ITEM: _l("The item %(item)s exists already."),
    ConflictKind.DUPLICATE_DOMAIN: _l("The domain %(value)s exists already."),
    ConflictKind.UNKNOWN_ITEM: _l("There is no item %(item)s in this catalog."),
    ConflictKind.UNKNOWN_DOMAIN: _l("The item %(item)s names a domain that does not exist."),
    ConflictKind.UNKNOWN_FIELD: _l("There is no field %(field)s."),
    ConflictKind.WITHDRAWN_ITEM: _l("The item %(item)s has been withdrawn."),
    ConflictKind.DOMAIN_NOT_APPLICABLE: _l(
        "The domain of the item %(item)s has been declared not applicable."
    ),
    ConflictKind.LOCKED_FIELD: _l(
        "The field %(field)s of the item %(item)s is locked by a layer above."
    ),
}


def submit_revision(  # noqa: PLR0913 - keyword-only columns of one row
    session: Session,
    actor: Actor,
    tenant: Tenant,
    changes: Sequence[Change],
    *,
    reason: str | None = None,
    effective_on: date | None = None,
) -> CatalogRevision:
    """Submit changes of a tenant's layer for review; nothing is in force yet.

    Raises `Forbidden`, `Invalid` (nothing changes, a reason is missing) and `Conflict` (the
    changes do not fit the catalog above, e.g. a field is locked).
    """
    scope = load_item_scope(session, actor, Action.EDIT_CATALOG, tenant)
    if not scope.everything:
        require_own_changes(scope, tenant, effective_catalog(session, tenant).catalog, changes)
    reason = (reason or "").strip() or None
    _check_reasons(changes, reason)
    check_changes(session, tenant, changes)
    revision = CatalogRevision(
        tenant_id=tenant.id,
        effective_on=effective_on,
        reason=reason,
        summary=count_operations(changes),
        two_people=needs_second_person(changes),
        author_id=actor.user_id,
        author_name=actor.name,
        changes=[to_row(change, tenant.id, n) for n, change in enumerate(changes)],
    )
    session.add(revision)
    session.flush()  # callers answer its id
    record(session, actor, tenant, "catalog.submit", str(revision.id), **revision.summary)
    return revision


def approve_revision(session: Session, actor: Actor, revision_id: int) -> CatalogRevision:
    """Approve a revision; raises `Forbidden` for its own author, `Conflict` if decided."""
    revision = get_revision(session, revision_id)
    tenant = revision.tenant
    require(actor, Action.APPROVE_CATALOG, tenant)
    if revision.two_people and actor.user_id is not None and actor.user_id == revision.author_id:
        raise Forbidden(_("A second person must approve this: you submitted it yourself."))
    # One approval of a tenant at a time; SQLite has one writer at a time anyway.
    session.execute(select(Tenant.id).where(Tenant.id == tenant.id).with_for_update())
    session.refresh(revision, ["state"])
    if revision.state != "in_review":
        raise _decided_already(revision)
    changes = [to_change(row, 0, revision.reason) for row in revision.changes]
    check_changes(session, tenant, changes)
    _decide(
        session,
        revision,
        state="approved",
        number=_next_number(tenant),
        effective_on=_day_in_force(session, actor, revision),
        approver_id=actor.user_id,
        approver_name=actor.name,
    )
    forget_views(session)
    touch_changed(session, tenant, changes, revision.effective_on or today())
    after_commit(session, enqueue, FOLLOW_UP)
    record(session, actor, tenant, "catalog.approve", str(revision.id), number=revision.number)
    return revision


def reject_revision(
    session: Session, actor: Actor, revision_id: int, *, note: str
) -> CatalogRevision:
    """Reject a revision for good, with a note to its author."""
    revision = get_revision(session, revision_id)
    require(actor, Action.APPROVE_CATALOG, revision.tenant)
    if not note.strip():
        raise Invalid({"note": _("Say why you reject it.")})
    _decide(
        session,
        revision,
        state="rejected",
        approver_id=actor.user_id,
        approver_name=actor.name,
        decision_note=note.strip(),
    )
    record(session, actor, revision.tenant, "catalog.reject", str(revision.id))
    return revision


def get_revision(session: Session, revision_id: int) -> CatalogRevision:
    """Return a revision with its changes; raises `NotFound`."""
    query = select(CatalogRevision).where(CatalogRevision.id == revision_id)
    revision = session.scalar(query.options(selectinload(CatalogRevision.changes)))
    if revision is None:
        message = _("There is no change %(id)s.", id=revision_id)
        raise NotFound(message, where=str(revision_id))
    return revision


def list_revisions(
    session: Session, tenant: Tenant, *, state: str | None = None
) -> list[CatalogRevision]:
    """List the revisions of a tenant's layer, latest first, of one state if given."""
    query = select(CatalogRevision).where(CatalogRevision.tenant_id == tenant.id)
    if state:
        query = query.where(CatalogRevision.state == state)
    return list(session.scalars(query.order_by(CatalogRevision.id.desc())))


def check_changes(session: Session, tenant: Tenant, changes: Sequence[Change]) -> None:
    """Raise `Conflict` if changes would not take effect on the catalog in force today."""
    conflicts = list_conflicts(session, tenant, changes)
    if conflicts:
        messages = dict.fromkeys(describe_conflict(conflict) for conflict in conflicts)
        raise Conflict(" ".join(messages), where=conflicts[0].item_id)


def list_conflicts(
    session: Session, tenant: Tenant, changes: Sequence[Change]
) -> list[ResolutionConflict]:
    """Resolve the chain of layers with the changes added; return the new conflicts.

    They are tried as if they held for every kind of tenant: what is limited to towns must fit too.
    """
    day = today()
    *above, own = load_layers(session, load_heads(session, tenant, day), day)
    number = max((change.revision for change in own.changes), default=0) + 1
    tried = [replace(change, revision=number, kinds=frozenset()) for change in changes]
    layer = Layer(own.tenant_code, own.level, [*own.changes, *tried], own.kind)
    return [
        conflict
        for conflict in resolve([*above, layer]).conflicts
        if conflict.source.tenant == own.tenant_code and conflict.source.revision == number
    ]


def describe_conflict(conflict: ResolutionConflict) -> str:
    """Describe a conflict in words."""
    return str(_OBJECTIONS[conflict.kind]) % {
        "item": conflict.item_id,
        "field": conflict.field,
        "value": conflict.value,
    }


def _check_reasons(changes: Sequence[Change], reason: str | None) -> None:
    if not changes:
        raise Invalid({"changes": _("Nothing would change.")})
    if reason is not None and not is_text(reason):
        raise Invalid({"reason": _("The reason is no text.")})
    if reason is None and needs_second_person([c for c in changes if not c.reason]):
        raise Invalid({"reason": _("Give the reason for the change.")})


def _decide(session: Session, revision: CatalogRevision, **values: object) -> None:
    """Close a revision in review with a conditional update; the loser of a race gets `Conflict`."""
    done = session.execute(
        update(CatalogRevision)
        .where(CatalogRevision.id == revision.id, CatalogRevision.state == "in_review")
        .values(decided_at=utc_now(), **values)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a cursor result
        raise _decided_already(revision)
    session.refresh(revision)


def _decided_already(revision: CatalogRevision) -> Conflict:
    return Conflict(_("This change has been decided already."), where=str(revision.id))


def _next_number(tenant: Tenant) -> object:
    return (
        select(func.coalesce(func.max(CatalogRevision.number), 0) + 1)
        .where(CatalogRevision.tenant_id == tenant.id)
        .scalar_subquery()
    )


def _day_in_force(session: Session, actor: Actor, revision: CatalogRevision) -> date:
    """Return the requested day, but never one in the past: history must not change.

    Only the operator may let a layer begin in the past, with its first revision: it takes over a
    catalog that was in force before this installation was.
    """
    day = today()
    wanted = revision.effective_on or day
    if wanted >= day or not actor.operator:
        return max(wanted, day)
    query = select(CatalogRevision.id).where(
        CatalogRevision.tenant_id == revision.tenant_id, CatalogRevision.state == "approved"
    )
    return day if session.scalar(query.limit(1)) else wanted
