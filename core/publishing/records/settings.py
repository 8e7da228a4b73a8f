"""Which records a place demands: the nearest setting along its chain, and how it is changed."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.permissions import Action
from core.publishing.records.rules import (
    DEFAULT_LEVELS,
    SETTING,
    RecordDemand,
    demand_at,
    read_levels,
    to_stored,
)
from core.tenancy.service import load_chain
from core.web.context import Context


def load_levels(session: Session, tenant: Tenant) -> Mapping[str, frozenset[str]]:
    """Load at which levels each record is demanded, as it holds at the place."""
    for node in reversed(load_chain(session, tenant)):
        levels = read_levels(node.profile)
        if levels is not None:
            return levels
    return DEFAULT_LEVELS


def load_demand(session: Session, tenant: Tenant) -> RecordDemand:
    """Load which records a text of the place needs."""
    return demand_at(load_levels(session, tenant), tenant.level)


def save_levels(ctx: Context, levels: Mapping[str, Iterable[str]] | None) -> None:
    """Set it for the place and those below that set nothing; `None`: as the place above.

    Raises `Forbidden` without the permission to manage the place.
    """
    ctx.require(Action.MANAGE_TENANT)
    tenant = ctx.session.get_one(Tenant, ctx.tenant.id)  # the request's own may be read only
    profile = {name: value for name, value in tenant.profile.items() if name != SETTING}
    stored = to_stored(levels) if levels is not None else {}
    tenant.profile = profile | ({SETTING: stored} if stored else {})
    ctx.audit("publication.records_setting", ctx.tenant.division_code, levels=stored)
