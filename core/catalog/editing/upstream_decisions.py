"""Decide about refinements whose upstream value has changed: accept it or keep the local one."""

from collections.abc import Sequence
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.catalog.domain.changes import Change, Refine, Reset
from core.catalog.domain.upstream import UpstreamChange, list_upstream_changes
from core.catalog.effective import effective_catalog
from core.db.tree import Tenant
from core.errors import NotFound


class UpstreamDecision(StrEnum):
    ACCEPT = "accept"
    KEEP = "keep"


def list_waiting_decisions(session: Session, tenant: Tenant) -> list[UpstreamChange]:
    """List the refinements of a tenant's layer whose upstream value changed since."""
    catalog = effective_catalog(session, tenant).catalog
    return list_upstream_changes(catalog, tenant.division_code)


def get_upstream_change(session: Session, tenant: Tenant, change_id: str) -> UpstreamChange:
    """Return the upstream change with this id; raises `NotFound` if none waits."""
    found = next((c for c in list_waiting_decisions(session, tenant) if c.id == change_id), None)
    if found is None:
        raise NotFound(
            _("There is no upstream change %(id)s to decide.", id=change_id), where=change_id
        )
    return found


def build_decision(change: UpstreamChange, decided: UpstreamDecision) -> list[Change]:
    """Build the changes that accept the upstream value or rebase the local one on it."""
    if decided is UpstreamDecision.ACCEPT:
        reason = _("Takes over the value from above.")
        return [Reset(change.item_id, change.field, reason=reason)]
    reason = _("Keeps the local value after the layer above has changed.")
    return [Refine(change.item_id, change.field, change.local, change.upstream, reason=reason)]


def build_decisions(changes: Sequence[UpstreamChange], decided: UpstreamDecision) -> list[Change]:
    """Build the changes of one decision on many upstream changes."""
    return [made for change in changes for made in build_decision(change, decided)]
