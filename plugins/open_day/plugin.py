"""Open days (政务开放日): what the plugin is, and where it takes part."""

from collections.abc import Iterable

from core.sdk import PluginBlueprint, SearchKind, hookimpl

from . import demo as demonstration
from . import jobs as background
from . import search
from .console import navigation
from .manifest import MANIFEST
from .models import personal_data
from .public import blocks, events, followup, nominations, registration, ticket

__all__ = ["MANIFEST", "personal_data"]


@hookimpl
def blueprints() -> Iterable[PluginBlueprint]:
    public = (events, registration, ticket, nominations, followup)
    return (*(module.blueprint for module in public), *navigation.BLUEPRINTS)


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
demo = hookimpl(demonstration.load)
