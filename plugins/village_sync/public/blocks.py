"""What everybody sees beside a list or an item: the other side's list, and how both compare."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from core.sdk import Block, Publication, Row, Tenant, tenant_url

from ..comparing.queries import PublishedSide, find_phone, list_public
from ..labels import FACTS, PUBLIC_STATES, REASONS, _, say_batch
from ..manifest import NAME
from ..models.sync import SyncComparison

KEY = "both-sides"
MOST_ROWS = 20


def publication_panels(
    session: Session, tenant: Tenant, publication: Publication
) -> Iterator[Block]:
    """Show beside a list what the other side says of the same batch."""
    if tenant.level == "village":
        conditions = [
            SyncComparison.tenant_id == tenant.id,
            SyncComparison.village_publication_id == publication.id,
        ]
    else:
        conditions = [SyncComparison.government_publication_id == publication.id]
    yield from _build_block(session, tenant, conditions)


def item_panels(session: Session, tenant: Tenant, item: Any) -> Iterator[Block]:
    """Show on an item's page how the lists of both sides compare, batch by batch."""
    if tenant.level == "village":
        own = SyncComparison.tenant_id == tenant.id
        pair = (SyncComparison.village_item, SyncComparison.government_item)
        conditions = [own, (pair[0] == item.item_id) | (pair[1] == item.item_id)]
    else:
        conditions = [
            SyncComparison.government_tenant_id == tenant.id,
            SyncComparison.government_item == item.item_id,
        ]
    yield from _build_block(session, tenant, conditions)


def _build_block(
    session: Session, tenant: Tenant, conditions: Iterable[ColumnElement[bool]]
) -> Iterator[Block]:
    found = list_public(session, conditions, MOST_ROWS)
    rows = tuple(_build_row(session, tenant, row, sides) for row, sides in found)
    if rows:
        yield Block(KEY, _("The village and the government on the same matter"), rows)


def _build_row(
    session: Session, tenant: Tenant, row: SyncComparison, sides: dict[str, PublishedSide]
) -> Row:
    """Build the row of a comparison: it leads to both sides."""
    village = session.get_one(Tenant, row.tenant_id)
    other = sides["government" if tenant.level == "village" else "village"]
    tag, tone = PUBLIC_STATES[row.state]
    return Row(
        other.title,
        tenant_url(f"plugin_{NAME}_compared.show", village, comparison_id=row.id),
        organ=other.organ,
        note=say_facts(row),
        tag=str(tag),
        tone=tone,
        phone=find_phone(village, sides) if row.state == "open" else "",
    )


def say_facts(row: SyncComparison) -> str:
    """Say in a line what both sides say; of a difference that is looked into only the batch."""
    parts = [say_batch(row.batch)]
    if row.state == "explained":
        parts.append(f"{REASONS[row.reason]} ({row.reason_on})")
    if row.state != "open":
        parts += [
            _(
                "%(fact)s: village %(ours)s, government %(theirs)s",
                fact=FACTS[fact["key"]],
                ours=fact["village"],
                theirs=fact["government"],
            )
            for fact in row.facts
            if fact["agrees"] is not None
        ]
    return "; ".join(parts)
