"""Whom a staff page lets in: by action, level of the place, and the organ of the things on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from core.db.tree import Tenant
from core.errors import NotFound
from core.permissions import Actor, forbidden_at, organ_scope
from core.web.context import Context

_NO_OWNER: Any = object()


@dataclass(frozen=True, slots=True)
class StaffGate:
    """The conditions of one staff page; the menu asks the same gate as the page itself."""

    action: str
    levels: frozenset[str] = frozenset()
    per_organ: bool = False
    has_objects: bool = False

    def is_at(self, tenant: Tenant) -> bool:
        """Return whether places of this level have the page."""
        return not self.levels or tenant.level in self.levels

    def admits(self, actor: Actor, tenant: Tenant) -> bool:
        """Return whether a role opens the page here; a role for one organ only where it may."""
        scope = organ_scope(actor, self.action, tenant)
        return bool(scope) if self.per_organ or self.has_objects else scope.everything

    def enter(self, actor: Actor, tenant: Tenant) -> None:
        """Raise `Forbidden` or `NotFound` before anything of the page is read."""
        if not self.admits(actor, tenant):
            raise forbidden_at(tenant)
        if not self.is_at(tenant):
            raise NotFound

    def check(self, ctx: Context, loaded: Sequence[Any]) -> None:
        """Raise `Forbidden` for things of organs that the person's roles do not cover."""
        owners = {owner for thing in loaded if (owner := _find_owner(thing)) is not _NO_OWNER}
        if not owners and not self.per_organ:
            owners = {None}
        for organ in owners:
            ctx.require(self.action, organ=organ)


def _find_owner(thing: Any) -> int | None:
    """Return the organ that a thing belongs to, `None` for one of the place as a whole.

    Where a model's `organ_id` says something else, its `owner_organ_id` is asked.
    """
    organ_id = getattr(thing, "organ_id", _NO_OWNER)
    return cast("int | None", getattr(thing, "owner_organ_id", organ_id))
