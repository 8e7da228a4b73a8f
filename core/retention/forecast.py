"""The dry run: how much personal data would go, where, and by when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.clock import local_day
from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.retention.service import FieldGroup, list_groups, list_tenants

# Now, in a week, in a month, in a quarter.
HORIZONS = (0, 7, 30, 90)
GRACE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class RetentionForecast:
    """Rows of one group at a place that go until each of some days (each counts those before)."""

    tenant: Tenant
    group: FieldGroup
    due: tuple[tuple[date, int], ...]


def list_forecasts(
    tenants: Sequence[Tenant] | None = None, horizons: Sequence[int] = HORIZONS
) -> Iterator[RetentionForecast]:
    """List what would be erased, in days from now; of some places or of all. Changes nothing."""
    now = utc_now()
    wanted = None if tenants is None else {tenant.id for tenant in tenants}
    for group in list_groups():
        for tenant in list_tenants(group):
            if wanted is not None and tenant.id not in wanted:
                continue
            with open_session(Scope.own(tenant)) as session:
                due = tuple(
                    (local_day(then), _count(session, group, tenant, then))
                    for then in (now + timedelta(days=days) for days in horizons)
                )
            if any(rows for _day, rows in due):
                yield RetentionForecast(tenant, group, due)


def list_overdue() -> Iterator[tuple[Tenant, FieldGroup, int]]:
    """List rows that should have gone two nights ago: the nightly job does not run, or fails."""
    then = utc_now() - GRACE
    for group in list_groups():
        for tenant in list_tenants(group):
            with open_session(Scope.own(tenant)) as session:
                if rows := _count(session, group, tenant, then):
                    yield tenant, group, rows


def _count(session: Session, group: FieldGroup, tenant: Tenant, then: datetime) -> int:
    key = func.count()
    return session.scalar(group.select_due(session, tenant, then, key)) or 0
