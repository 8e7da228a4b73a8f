"""What features above the catalog show on the page of an item: its publications, for one.

They register when their blueprint is registered; the catalog knows none of them.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app
from flask.sansio.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import EffectiveItem
from core.db.tree import Tenant


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """A row of a panel: a title that leads somewhere, and what the list shows beside it."""

    title: str
    url: str
    organ: str = ""
    date: dt.date | None = None
    note: str = ""
    tag: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A block on the item's page; one without entries is left out unless it says why.

    `key` is the id of its heading; `empty` is said where there are no entries; `more_url` leads
    to the whole list.
    """

    key: str
    title: str
    entries: Sequence[PanelEntry] = ()
    more_url: str = ""
    empty: str = ""


PanelSource = Callable[[Session, Tenant, EffectiveItem], Panel | None]


def add_item_panel(blueprint: Blueprint, source: PanelSource) -> None:
    """Show a panel on item pages of every application that registers the blueprint.

    The source gets the session of the page (public scope) and must filter by state itself.
    """

    def add(state: BlueprintSetupState) -> None:
        _sources(state.app.extensions).append(source)

    blueprint.record_once(add)


def panels_for(session: Session, tenant: Tenant, item: EffectiveItem) -> list[Panel]:
    """The panels that have something to show for an item at a tenant."""
    made = (source(session, tenant, item) for source in _sources(current_app.extensions))
    return [panel for panel in made if panel is not None and (panel.entries or panel.empty)]


def _sources(extensions: dict[str, Any]) -> list[PanelSource]:
    sources: list[PanelSource] = extensions.setdefault("catalog_panels", [])
    return sources
