"""Plugins out of use at a tenant after repeated failure, their last faults, and their release."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.tree import Tenant
from core.errors import Conflict
from core.permissions import Action, Actor, require
from core.plugins.activation.cache import bump_version, notify_listeners
from core.plugins.models import PluginFault, PluginQuarantine

FAULTS_SHOWN = 10


def find_quarantine(session: Session, name: str, tenant: Tenant) -> PluginQuarantine | None:
    """Find the quarantine of a plugin at a tenant."""
    query = select(PluginQuarantine).where(
        PluginQuarantine.tenant_id == tenant.id, PluginQuarantine.plugin == name
    )
    return session.scalar(query)


def count_quarantines(session: Session) -> dict[str, int]:
    """Count the tenants in the session's scope where each plugin is quarantined."""
    query = select(PluginQuarantine.plugin, func.count()).group_by(PluginQuarantine.plugin)
    counted = session.execute(query.order_by(PluginQuarantine.plugin))
    return {str(plugin): int(count) for plugin, count in counted}


def list_quarantines(session: Session) -> list[tuple[Tenant, PluginQuarantine]]:
    """List every quarantine in the session's scope with its tenant, by division code."""
    query = select(Tenant, PluginQuarantine).join(
        PluginQuarantine, PluginQuarantine.tenant_id == Tenant.id
    )
    found = session.execute(query.order_by(Tenant.division_code, PluginQuarantine.plugin))
    return [(tenant, quarantine) for tenant, quarantine in found]


def list_last_faults(session: Session, name: str, tenant: Tenant) -> Sequence[PluginFault]:
    """List the newest failures of a plugin at a tenant, newest first."""
    query = select(PluginFault).where(
        PluginFault.tenant_id == tenant.id, PluginFault.plugin == name
    )
    return session.scalars(query.order_by(PluginFault.id.desc()).limit(FAULTS_SHOWN)).all()


def release_quarantine(session: Session, actor: Actor, name: str, tenant: Tenant) -> None:
    """End a quarantine; the failures so far count no more.

    Raises `Conflict` where it is in no quarantine.
    """
    require(actor, Action.MANAGE_TENANT, tenant)
    bump_version(session)
    found = find_quarantine(session, name, tenant)
    if found is None:
        message = _("“%(name)s” is not quarantined at %(place)s.", name=name, place=tenant.name)
        raise Conflict(message, where=name)
    session.delete(found)
    past = (PluginFault.tenant_id == tenant.id, PluginFault.plugin == name)
    session.execute(update(PluginFault).where(*past).values(settled=True))
    record(session, actor, tenant, "plugin.release", name, since=found.since.isoformat())
    notify_listeners(session, tenant.id, name)
