"""What an open day's form offers to choose from: organs, kinds of registration, catalog items."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core.sdk import Tenant, domain_name, effective_catalog, item_title, listed_items, organs_of
from plugins.open_day.staff_labels import MODES as MODE_LABELS
from plugins.open_day.words import _

Options = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Choices:
    """Options of the form's lists."""

    organs: Options
    items: Options
    modes: Options


def choices_for(session: Session, tenant: Tenant, kept: str | None = None) -> Choices:
    """What can be chosen at a place; an item that a day has already stays among its choices."""
    organs = [{"value": organ.id, "label": organ.name} for organ in organs_of(session, tenant)]
    modes = [{"value": key, "label": label} for key, label in MODE_LABELS.items()]
    return Choices(organs, _items(session, tenant, kept), modes)


def _items(session: Session, tenant: Tenant, kept: str | None) -> Options:
    """Items of the place's effective catalog, domain after domain."""
    catalog = effective_catalog(session, tenant).catalog
    found: Options = [
        {
            "value": item.item_id,
            "label": item_title(item),
            "group": domain_name(catalog, item.domain),
        }
        for item in listed_items(catalog, tenant.level)
    ]
    if kept and kept not in {option["value"] for option in found}:
        item = catalog.items.get(kept)
        label = item_title(item) if item else kept
        found.append({"value": kept, "label": label, "group": _("Not in the list of this place")})
    return found
