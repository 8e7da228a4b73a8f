"""Erase personal data when its time is over: a nightly job, in short transactions, on record.

It goes by the declared fields alone and runs at every place that has such rows, also where the
plugin is off: a term does not stop because nobody uses a feature any more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy import inspect as inspect_model
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.base import TenantScoped, utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.jobs.queue import Jobs, Schedule
from core.log.logger import get_logger
from core.permissions import OPERATOR
from core.retention.fields import ErasureAction, PersonalField, list_personal_fields

BATCH = 200
# What is left is done the next night.
LONGEST_NIGHT = 1800.0
NIGHTLY = Schedule(minute="45", hour="18")  # 02:45 in China

log = get_logger("gongkai.retention")


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields of one model whose time is over at the same moment; erased together."""

    feature: str
    fields: tuple[PersonalField, ...]

    @property
    def model(self) -> type[TenantScoped]:
        """The model they belong to."""
        return self.fields[0].model

    @property
    def names(self) -> list[str]:
        """Names of the columns, for the record."""
        return [field.column for field in self.fields]

    def select_due(
        self, session: Session, tenant: Tenant, now: datetime, *columns: Any
    ) -> Select[Any]:
        """Return the query for rows of a place whose time is over and that still hold something."""
        return select(*(columns or (self.model,))).where(
            self.model.tenant_id == tenant.id,
            self.fields[0].is_over(session, tenant, now),
            or_(*(field.has_value() for field in self.fields)),
        )


@dataclass(frozen=True, slots=True)
class ErasedRows:
    """How many rows of a place were erased."""

    tenant: Tenant
    group: FieldGroup
    rows: int


def define_jobs(jobs: Jobs) -> None:
    """Add the nightly erasure to the application's jobs."""
    jobs.define("retention_erase", run_retention, NIGHTLY)


def run_retention() -> None:
    """Erase what is due everywhere, and log how much that was."""
    for erased in erase_due():
        log.info(
            "personal data erased", tenant=erased.tenant.division_code,
            feature=erased.group.feature, rows=erased.rows,
        )  # fmt: skip


def list_groups() -> list[FieldGroup]:
    """List the declared fields by model and term, in the order of their declaration."""
    groups: dict[tuple[str, type[TenantScoped], int], list[PersonalField]] = {}
    for feature, field in list_personal_fields():
        groups.setdefault((feature, field.model, id(field.keep)), []).append(field)
    return [FieldGroup(feature, tuple(fields)) for (feature, *_), fields in groups.items()]


def list_tenants(group: FieldGroup) -> Sequence[Tenant]:
    """List the places that have rows of a group, whatever their state."""
    having = select(group.model.tenant_id).distinct()
    with open_session(Scope.platform("retention of personal data")) as session:
        return session.scalars(
            select(Tenant).where(Tenant.id.in_(having)).order_by(Tenant.id)
        ).all()


def erase_due(now: datetime | None = None) -> Iterator[ErasedRows]:
    """Erase what is due, place by place; one that fails stops no other and is tried again."""
    now, ends = now or utc_now(), monotonic() + LONGEST_NIGHT
    for group in list_groups():
        for tenant in list_tenants(group):
            if monotonic() > ends:
                log.warning("personal data is left for the next night", feature=group.feature)
                return
            try:
                rows = _erase_at(group, tenant, now, ends)
            except Exception:
                log.exception("personal data not erased", feature=group.feature, tenant=tenant.id)
                continue
            if rows:
                yield ErasedRows(tenant, group, rows)


def _erase_at(group: FieldGroup, tenant: Tenant, now: datetime, ends: float) -> int:
    total = 0
    while monotonic() <= ends:
        with open_session(Scope.own(tenant)) as session:
            key = inspect_model(group.model).primary_key[0]
            query = group.select_due(session, tenant, now).order_by(key).limit(BATCH)
            # On PostgreSQL a second worker takes other rows; SQLite has one writer anyway.
            query = query.with_for_update(skip_locked=True)
            rows = session.scalars(query).all()
            if not rows:
                break
            erase_rows(session, group.fields, rows, now)
            record(
                session, OPERATOR, tenant, "retention.erase", group.fields[0].table,
                feature=group.feature, fields=group.names, rows=len(rows),
            )  # fmt: skip
        total += len(rows)
    return total


def erase_rows(
    session: Session, fields: Sequence[PersonalField], rows: Sequence[Any], now: datetime
) -> None:
    """Apply the fields' actions to rows of their model; in the caller's transaction."""
    deleted = any(field.action is ErasureAction.DELETE for field in fields)
    for row in rows:
        if deleted:
            session.delete(row)
            continue
        for field in fields:
            field.apply(row, now)
    session.flush()
