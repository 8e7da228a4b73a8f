"""Open days (政务开放日): what the plugin is, and where it takes part."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core.sdk import SearchKind, Tenant, hookimpl

from . import jobs as background
from . import search
from .console import navigation
from .manifest import MANIFEST
from .models import personal_data
from .public import blocks

__all__ = ["MANIFEST", "personal_data"]

PUBLIC = ("events", "registration", "ticket", "nominations", "followup")
CONSOLE = (
    "events", "program", "approval", "participants", "decisions", "entry", "nominations", "checkin",
    "followup", "surveys", "exports", "annual_plan",
)  # fmt: skip


@hookimpl
def blueprints() -> Iterable[str]:
    yield from (f"public.{page}:blueprint" for page in PUBLIC)
    yield from (f"console.{page}:blueprint" for page in CONSOLE)


@hookimpl
def search_kinds() -> Iterable[SearchKind]:
    return (search.search_kind(),)


home_blocks = hookimpl(blocks.home_blocks)
item_panels = hookimpl(blocks.item_panels)
publication_panels = hookimpl(blocks.publication_panels)
nav_links = hookimpl(blocks.nav_links)
head_links = hookimpl(blocks.head_links)
answer_cards = hookimpl(blocks.answer_cards)
staff_links = hookimpl(navigation.staff_links)
staff_tasks = hookimpl(navigation.staff_tasks)
jobs = hookimpl(background.jobs)
daily = hookimpl(background.daily)
erase = hookimpl(background.erase)


@hookimpl
def demo(session: Session, tenant: Tenant) -> None:
    """Put in the days of one place, once."""
    from . import demo as demonstration  # needed once

    demonstration.load(session, tenant)
