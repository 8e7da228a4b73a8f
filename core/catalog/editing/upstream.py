"""Decide what to do with a refined field after the layer above has changed it."""

from collections.abc import Sequence
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.catalog.domain.changes import Change, Refine, Reset
from core.catalog.domain.upstream import UpstreamChange, upstream_changes
from core.catalog.effective import effective_catalog
from core.db.tree import Tenant
from core.errors import NotFound


class Decision(StrEnum):
    ACCEPT = "accept"
    KEEP = "keep"


def waiting_decisions(session: Session, tenant: Tenant) -> list[UpstreamChange]:
    """Refinements of a tenant's layer that the layers above have overtaken."""
    catalog = effective_catalog(session, tenant).catalog
    return upstream_changes(catalog, tenant.division_code)


def get_upstream_change(session: Session, tenant: Tenant, wanted: str) -> UpstreamChange:
    """The upstream change of this id; raises `NotFound` where none waits."""
    found = next((c for c in waiting_decisions(session, tenant) if c.id == wanted), None)
    if found is None:
        raise NotFound(_("There is no upstream change %(id)s to decide.", id=wanted), where=wanted)
    return found


def decision(change: UpstreamChange, decided: Decision) -> list[Change]:
    """Accept theirs (the local value goes), or keep ours (based on theirs from now on)."""
    if decided is Decision.ACCEPT:
        reason = _("Takes over the value from above.")
        return [Reset(change.item_id, change.field, reason=reason)]
    reason = _("Keeps the local value after the layer above has changed.")
    return [Refine(change.item_id, change.field, change.local, change.upstream, reason=reason)]


def decisions(changes: Sequence[UpstreamChange], decided: Decision) -> list[Change]:
    """The same decision on many upstream changes."""
    return [made for change in changes for made in decision(change, decided)]
