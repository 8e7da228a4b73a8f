"""Whose documents a search may answer, and which of them are near. Made by the server only."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.search.document import SearchDocument


class SearchArea(StrEnum):
    """What the asker chose: everything for this place, or one whole subtree."""

    HERE = "here"
    OWN = "own"
    TOWNSHIP = "township"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class SearchScope:
    """The subtree that is asked, and whether the public documents of those above it answer too.

    `asker` and `base` are chains of tenant ids from the root: of the tenant on whose page the
    question was typed, and of the tenant whose subtree is asked (the same, or one above).
    """

    asker: tuple[int, ...]
    base: tuple[int, ...]
    with_above: bool = True

    def admits(self, document: SearchDocument, now: datetime) -> bool:
        """Say whether a document may be answered: the rule that every engine's filter follows."""
        if document.expires_at is not None and document.expires_at <= now:
            return False
        if set(document.excluded) & set(self.base):
            return False
        if document.scope[: len(self.base)] == self.base:
            return True
        above = document.scope == self.base[: len(document.scope)]
        return above and (self.with_above or document.inherits)

    def distance(self, document: SearchDocument) -> int:
        """Steps in the tree from the asker to the owner; a step up counts a little less."""
        common = shared_depth(self.asker, document.scope)
        return up_and_down(len(self.asker) - common, len(document.scope) - common)


UP, DOWN = 9, 10


def up_and_down(up: int, down: int) -> int:
    """Weigh a way: a county's rule stands before the post of a sister as many steps away."""
    return up * UP + down * DOWN


def shared_depth(left: tuple[int, ...], right: tuple[int, ...]) -> int:
    """Count the ids that two chains have in common, from the root."""
    depth = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        depth += 1
    return depth


def scope_for(session: Session, tenant: Tenant, width: SearchArea) -> tuple[SearchScope, Tenant]:
    """Whose documents answer somebody who asks on a tenant's page, and the tenant at their top."""
    if width is SearchArea.HERE:
        return SearchScope(tenant.chain, tenant.chain), tenant
    base = tenant
    if width is not SearchArea.OWN:
        query = select(Tenant).where(Tenant.id.in_(tenant.chain), Tenant.level == width.value)
        base = session.scalar(query) or tenant
    return SearchScope(tenant.chain, base.chain, with_above=False), base
