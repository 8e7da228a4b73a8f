"""Load the template of an item along the chain of levels, and say something about it here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.catalog.domain.inheritance import EffectiveItem
from core.db.transactions import after_commit
from core.db.tree import Tenant, ids_on
from core.errors import Invalid
from core.jobs.queue import wake
from core.permissions import Action, Actor, require
from core.publishing.lists.item_templates.defaults import find_default
from core.publishing.lists.item_templates.model import (
    ItemTemplate,
    fold_layers,
    list_differences,
)
from core.publishing.lists.models import ItemTemplateLayer

LONGEST_REASON = 300
#: What wakes jobs when rules change by which publications are looked at.
TEMPLATES_CHANGED = "publication_rules"


@dataclass(frozen=True, slots=True)
class TemplateHere:
    """A template as it holds at a place: with what is inherited, and who said what here."""

    template: ItemTemplate | None
    inherited: ItemTemplate | None
    history: Sequence[ItemTemplateLayer]


def load_template(session: Session, tenant: Tenant, item: EffectiveItem) -> ItemTemplate | None:
    """Return the template that holds for an item at a place, `None` where nobody has made one."""
    return load_template_here(session, tenant, item).template


def load_template_here(session: Session, tenant: Tenant, item: EffectiveItem) -> TemplateHere:
    """Load the words of the chain, the national default first, each level's newest one."""
    chain = ids_on(tenant.path)
    query = select(ItemTemplateLayer).where(
        ItemTemplateLayer.item_id == item.item_id, ItemTemplateLayer.tenant_id.in_(chain)
    )
    rows = list(session.scalars(query.order_by(ItemTemplateLayer.id)))
    newest = {row.tenant_id: row.fields for row in rows}
    above = list(_with_default(item, [newest.get(node, {}) for node in chain[:-1]]))
    own = newest.get(tenant.id, {})
    return TemplateHere(
        fold_layers([*above, own]),
        fold_layers(above),
        [row for row in reversed(rows) if row.tenant_id == tenant.id],
    )


def _with_default(
    item: EffectiveItem, layers: Sequence[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    default = find_default(item)
    if default is not None:
        yield default
    yield from layers


def save_template(  # noqa: PLR0913 - keyword-only facts of one row
    session: Session,
    actor: Actor,
    tenant: Tenant,
    item: EffectiveItem,
    wanted: ItemTemplate,
    *,
    reason: str,
) -> bool:
    """Store what differs from the levels above; returns whether anything was said anew.

    Raises `Forbidden`, and `Invalid` without a reason or with two columns of one name.
    """
    require(actor, Action.EDIT_CATALOG, tenant)
    here = load_template_here(session, tenant, item)
    said = list_differences(here.inherited, wanted)
    if said == (here.history[0].fields if here.history else {}):
        return False
    _check(wanted, reason)
    session.add(
        ItemTemplateLayer(
            tenant_id=tenant.id,
            item_id=item.item_id,
            fields=said,
            reason=reason,
            author_id=actor.user_id,
            author_name=actor.name,
        )
    )
    session.flush()
    after_commit(session, wake, TEMPLATES_CHANGED)
    record(session, actor, tenant, "item_template.save", item.item_id, fields=sorted(said))
    return True


def _check(wanted: ItemTemplate, reason: str) -> None:
    names = [column.name for column in wanted.columns]
    if len(set(names)) < len(names):
        raise Invalid({"columns": _("Two columns have one name.")})
    if not reason.strip():
        raise Invalid({"reason": _("Say why.")})
