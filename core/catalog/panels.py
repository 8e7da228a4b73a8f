"""Registry of panels on item pages, filled by features above the catalog (e.g. publications).

Features register with their blueprint; the catalog imports none of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app
from flask.sansio.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session

from core.catalog.domain.inheritance import EffectiveItem
from core.db.tree import Tenant


@dataclass(frozen=True, slots=True)
class Panel:
    """A block of the item page; one without entries is hidden unless it says why.

    Entries are rows of the component of lists: title and address, and what else it knows.
    `key` is the id of its heading; `empty` is said where there are no entries; `more_url` leads
    to the whole list.
    """

    key: str
    title: str
    entries: Sequence[Any] = ()
    more_url: str = ""
    empty: str = ""


PanelSource = Callable[[Session, Tenant, EffectiveItem], Sequence[Panel]]


def add_item_panels(blueprint: Blueprint, source: PanelSource) -> None:
    """Show panels on item pages of every application that registers the blueprint.

    The source gets the session of the page (public scope) and must filter by state itself.
    """

    def add(state: BlueprintSetupState) -> None:
        _sources(state.app.extensions).append(source)

    blueprint.record_once(add)


def panels_for(session: Session, tenant: Tenant, item: EffectiveItem) -> list[Panel]:
    """List the panels that have something to show for an item at a tenant."""
    return [
        panel
        for source in _sources(current_app.extensions)
        for panel in source(session, tenant, item)
        if panel.entries or panel.empty
    ]


def _sources(extensions: dict[str, Any]) -> list[PanelSource]:
    sources: list[PanelSource] = extensions.setdefault("catalog_panels", [])
    return sources
