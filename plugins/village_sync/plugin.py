"""Village and government lists (村务公开协同): what the plugin is, and where it takes part."""

from collections.abc import Iterable

import click
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.sdk import Job, Tenant, hookimpl

from .commands import sync as sync_commands
from .comparing.jobs import build_job, drop_ended_rows
from .console import pages
from .manifest import MANIFEST
from .models import sync
from .public import blocks

__all__ = ["MANIFEST"]

# Those that others point to come last.
TABLES_TO_ERASE = (
    sync.SyncEvent, sync.SyncComparison, sync.ReadPublication, sync.PairHistory, sync.PairRule,
)  # fmt: skip


@hookimpl
def blueprints() -> Iterable[str]:
    yield "public.compared:blueprint"
    yield from (f"console.{page}:blueprint" for page in ("cases", "pairs", "dashboard"))


@hookimpl
def commands() -> Iterable[click.Command]:
    return (sync_commands,)


@hookimpl
def jobs() -> Iterable[Job]:
    """Compare lists after each change of a publication."""
    return (build_job(),)


@hookimpl
def daily(session: Session, tenant: Tenant) -> None:
    """Delete rows about persons whose publicity period is over."""
    drop_ended_rows(session, tenant)


@hookimpl
def demo(session: Session, tenant: Tenant) -> None:
    """Compare the demonstration's lists; explain one difference."""
    from . import demo as demonstration  # needed once

    demonstration.load(session, tenant)


@hookimpl
def erase(session: Session, tenant: Tenant) -> None:
    """Delete everything that is kept of a place."""
    for model in TABLES_TO_ERASE:
        session.execute(delete(model).where(model.tenant_id == tenant.id))


publication_panels = hookimpl(blocks.publication_panels)
item_panels = hookimpl(blocks.item_panels)
staff_links = hookimpl(pages.staff_links)
staff_tasks = hookimpl(pages.staff_tasks)
