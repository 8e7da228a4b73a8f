"""Erase what a plugin keeps of tenants: apart from switching it off, confirmed, on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.audit.service import record
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.errors import Conflict, Forbidden, Invalid
from core.permissions import Action, Actor, require
from core.plugins.activation.decisions import acts_for_county, get_plugin
from core.plugins.activation.rules import State
from core.plugins.admin.overview import load_statuses
from core.plugins.api.manifest import Manifest
from core.plugins.calls.tenant_hooks import TenantHooks
from core.plugins.loading.host import get_host
from core.plugins.models import PluginErasure

ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Erased:
    """Where the data is gone, and where the plugin failed and kept it."""

    done: tuple[Tenant, ...]
    failed: tuple[Tenant, ...]


def can_erase(name: str) -> bool:
    """Whether a plugin knows how to delete what it keeps."""
    return name in get_host().implementations(ERASE)


def check_erasure(  # noqa: PLR0913 - who erases what where, and what they typed
    session: Session,
    actor: Actor,
    name: str,
    tenants: Sequence[Tenant],
    *,
    typed: str,
    reason: str,
) -> None:
    """Raise unless this can be done: by the county, of a plugin that is off, with a reason.

    `typed` is the plugin's name or title, typed by whoever confirms.
    """
    manifest = get_plugin(name)
    for tenant in tenants:
        require(actor, Action.MANAGE_TENANT, tenant)
        if not acts_for_county(session, actor, tenant):
            raise Forbidden(_("Only the county erases what a feature keeps."))
    if not can_erase(name):
        raise Conflict(_("This feature has no means to erase its data."), where=name)
    _refuse_running(session, manifest, tenants)
    faults = {}
    if typed.strip() not in {name, str(manifest.title)}:
        faults["typed"] = _("Type “%(title)s” to confirm.", title=manifest.title)
    if not reason.strip():
        faults["reason"] = _("Say why; it is kept on record.")
    if faults:
        raise Invalid(faults)


def _refuse_running(session: Session, manifest: Manifest, tenants: Sequence[Tenant]) -> None:
    report = load_statuses(session, tenants)
    running = [t for t in tenants if report.state(t, manifest.name) is not State.OFF]
    if running:
        places = "、".join(tenant.name for tenant in running[:5])
        message = _("Switch it off first. It is on at: %(places)s.", places=places)
        raise Conflict(message, where=manifest.name)


def erase_data(actor: Actor, name: str, tenants: Sequence[Tenant], *, reason: str) -> Erased:
    """Have the plugin delete what it keeps, tenant by tenant, and record each that is done.

    Each tenant is a transaction of its own: what is done is done and on record, whatever fails
    afterwards. Call `check_erasure` before, and hold no changes.
    """
    done, failed = [], []
    for tenant in tenants:
        if TenantHooks(tenant).erase(name):
            _record(actor, name, tenant, reason)
            done.append(tenant)
        else:
            failed.append(tenant)
    return Erased(tuple(done), tuple(failed))


def _record(actor: Actor, name: str, tenant: Tenant, reason: str) -> None:
    with open_session(Scope.own(tenant)) as session:
        session.add(
            PluginErasure(
                tenant_id=tenant.id, plugin=name, user_id=actor.user_id, reason=reason.strip()
            )
        )
        record(session, actor, tenant, "plugin.erase", name, reason=reason.strip())


def list_erasures(session: Session, name: str, tenant: Tenant) -> Sequence[PluginErasure]:
    """When a plugin's data of a tenant was erased, newest first."""
    query = select(PluginErasure).where(
        PluginErasure.plugin == name, PluginErasure.tenant_id == tenant.id
    )
    newest = query.options(selectinload(PluginErasure.user)).order_by(PluginErasure.id.desc())
    return session.scalars(newest).all()
