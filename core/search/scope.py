"""Search scope: whose documents a search may return, and how near each is to the asker."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.search.document import SearchDocument


class SearchArea(StrEnum):
    """Whose documents are searched: all that hold for this place, or one whole subtree."""

    HERE = "here"
    OWN = "own"
    TOWNSHIP = "township"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class SearchScope:
    """The subtree that is searched, and whether public documents of those above it count too.

    `asker` and `base` are chains of tenant ids from the root: of the tenant on whose page the
    query was typed, and of the tenant whose subtree is searched (the same, or one above). Never
    made from what a client sends.
    """

    asker: tuple[int, ...]
    base: tuple[int, ...]
    with_above: bool = True

    def admits(self, document: SearchDocument, now: datetime) -> bool:
        """Return whether a document may be returned; every engine's filter follows this rule."""
        if document.expires_at is not None and document.expires_at <= now:
            return False
        if set(document.excluded) & set(self.base):
            return False
        if document.scope[: len(self.base)] == self.base:
            return True
        above = document.scope == self.base[: len(document.scope)]
        return above and (self.with_above or document.inherits)

    def distance(self, document: SearchDocument) -> int:
        """Return the steps in the tree from the asker to the owner, weighted (`up_and_down`)."""
        common = shared_depth(self.asker, document.scope)
        return up_and_down(len(self.asker) - common, len(document.scope) - common)


# A step up costs less than one down: of two documents as many steps away, a county's rule comes
# before the post of a sister village.
UP, DOWN = 9, 10


def up_and_down(up: int, down: int) -> int:
    """Return the weighted length of a way through the tree."""
    return up * UP + down * DOWN


def shared_depth(left: tuple[int, ...], right: tuple[int, ...]) -> int:
    """Count the ids that two chains have in common, from the root."""
    depth = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        depth += 1
    return depth


def scope_for(session: Session, tenant: Tenant, area: SearchArea) -> tuple[SearchScope, Tenant]:
    """Return the scope of a search on a tenant's page, and the tenant at the top of it."""
    if area is SearchArea.HERE:
        return SearchScope(tenant.chain, tenant.chain), tenant
    base = tenant
    if area is not SearchArea.OWN:
        query = select(Tenant).where(Tenant.id.in_(tenant.chain), Tenant.level == area.value)
        base = session.scalar(query) or tenant
    return SearchScope(tenant.chain, base.chain, with_above=False), base
