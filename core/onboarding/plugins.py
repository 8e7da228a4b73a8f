"""Decide about plugins as a pack says."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.models import AuditEntry
from core.db.tree import Tenant
from core.log.logger import get_logger
from core.onboarding.counts import Counts
from core.permissions import Actor
from core.plugins.activation.decisions import INHERIT, store_policy
from core.plugins.activation.rules import Policy
from core.plugins.loading.host import installed
from core.tenancy.packs import Pack
from core.tenancy.service import get_tenant

_ACTS = [f"plugin.{act}" for act in (*Policy, INHERIT)]

log = get_logger("gongkai.onboarding")


def apply_plugins(session: Session, actor: Actor, pack: Pack) -> Counts:
    """Say each word once: where anything was ever decided about the plugin, that stands.

    A plugin that is not installed is left out, so that a pack fits every installation.
    """
    counts = Counts()
    for entry in pack.plugins:
        if entry.name not in installed():
            log.warning("plugin of the pack is not installed", plugin=entry.name, pack=pack.code)
            continue
        tenant = get_tenant(session, entry.tenant)
        if _was_decided(session, entry.name, tenant):
            counts.add("unchanged")
            continue
        word = Policy(entry.decision)
        store_policy(session, actor, entry.name, word, [tenant], reason=entry.reason)
        counts.add("created")
    return counts


def _was_decided(session: Session, name: str, tenant: Tenant) -> bool:
    query = select(AuditEntry.id).where(
        AuditEntry.tenant_id == tenant.id,
        AuditEntry.subject == name,
        AuditEntry.action.in_(_ACTS),
    )
    return session.scalar(query.limit(1)) is not None
