"""Link the village items and government items that a pack says speak of the same thing."""

from sqlalchemy.orm import Session

from core.onboarding.counts import Counts
from core.permissions import Actor
from core.publishing.item_links import link_items, list_links
from core.tenancy.packs import Pack
from core.tenancy.service import get_tenant


def apply_links(session: Session, actor: Actor, pack: Pack) -> Counts:
    """Confirm the pack's links; what people have confirmed or rejected since stands."""
    counts = Counts()
    if not pack.links:
        return counts
    county = get_tenant(session, pack.code)
    states = {
        (link.village_item, link.government_item): link.state
        for link in list_links(session, county)
    }
    for entry in pack.links:
        state = states.get((entry.village_item, entry.government_item))
        if state in {"confirmed", "rejected"}:
            counts.add("unchanged")
            continue
        link_items(
            session,
            actor,
            county,
            entry.village_item,
            entry.government_item,
            reason=entry.reason or "",
        )
        counts.add("updated" if state else "created")
    return counts
