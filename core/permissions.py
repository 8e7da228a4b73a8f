"""One function says who may do what where; views, lists, commands and search all ask it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from flask_babel import gettext as _

from core.errors import Forbidden


class Action(StrEnum):
    """What can be allowed. Every staff page and service names one."""

    VIEW_CONSOLE = "view_console"
    EDIT_CATALOG = "edit_catalog"
    APPROVE_CATALOG = "approve_catalog"
    WRITE_PUBLICATION = "write_publication"
    REVIEW_PUBLICATION = "review_publication"
    LINK_ITEMS = "link_items"
    MANAGE_TENANT = "manage_tenant"


class Role(StrEnum):
    """The roles of the field: 政务公开办, 联络员, 审核员, 村级信息员."""

    OFFICER = "officer"
    LIAISON = "liaison"
    REVIEWER = "reviewer"
    CLERK = "clerk"


GRANTS: dict[Role, frozenset[Action]] = {
    Role.OFFICER: frozenset(Action),
    Role.LIAISON: frozenset(
        {Action.VIEW_CONSOLE, Action.EDIT_CATALOG, Action.WRITE_PUBLICATION, Action.LINK_ITEMS}
    ),
    Role.REVIEWER: frozenset(
        {Action.VIEW_CONSOLE, Action.REVIEW_PUBLICATION, Action.APPROVE_CATALOG}
    ),
    Role.CLERK: frozenset({Action.VIEW_CONSOLE, Action.WRITE_PUBLICATION}),
}

# Down the tree a role may look, review and manage, but not write in another's name:
# village self-government matters are checked and returned from above, never rewritten.
REACHES_DOWN: dict[Role, frozenset[Action]] = {
    Role.OFFICER: frozenset(Action) - {Action.WRITE_PUBLICATION},
    Role.REVIEWER: frozenset({Action.VIEW_CONSOLE, Action.REVIEW_PUBLICATION}),
    Role.LIAISON: frozenset({Action.VIEW_CONSOLE}),
    Role.CLERK: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A role that an actor holds at the node of this path; `organ_id`: for this organ only."""

    role: Role
    path: str
    organ_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person with roles, the operator (command line), or nobody."""

    user_id: int | None
    name: str
    held: tuple[Held, ...] = ()
    operator: bool = False


NOBODY = Actor(None, "")
OPERATOR = Actor(None, "operator", operator=True)


@dataclass(frozen=True, slots=True)
class _Granted:
    """Roles that hold a plugin's permission, and whether they hold it below too."""

    roles: frozenset[str]
    reaches_down: bool

    def holds(self, role: Role) -> bool:
        """Whether people of this role have it at their own place."""
        return role.value in self.roles


# By key, e.g. `open_day.manage`: what the plugins of this process have declared.
_declared: dict[str, _Granted] = {}


def declare_permission(key: str, roles: Iterable[str], *, reaches_down: bool = False) -> None:
    """Make a plugin's permission known; what nobody declared is denied to everybody."""
    _declared[key] = _Granted(frozenset(roles), reaches_down)


def is_known(action: str) -> bool:
    """Whether this is one of the core's actions, or a plugin has declared it."""
    return action in set(Action) or action in _declared


class HasPath(Protocol):
    """Any tenant."""

    @property
    def path(self) -> str: ...


class HasCode(HasPath, Protocol):
    """Any tenant, and the code by which people know it."""

    @property
    def division_code(self) -> str: ...


def allowed(actor: Actor, action: str, tenant: HasPath, *, organ: int | None = None) -> bool:
    """Return whether the actor may do this at the tenant; deny by default.

    `action` is one of the core's (`Action`), or the key of a permission that a plugin declares.
    With the id of an organ, roles that were given for another organ do not count.
    """
    if actor.operator:
        return True
    return any(
        _grants(held, action, tenant.path)
        for held in actor.held
        if organ is None or held.organ_id in (None, organ)
    )


def _grants(held: Held, action: str, path: str) -> bool:
    declared = _declared.get(action)
    if held.path == path:
        return declared.holds(held.role) if declared else action in GRANTS[held.role]
    if not path.startswith(held.path):
        return False
    if declared:
        return declared.reaches_down and declared.holds(held.role)
    return action in REACHES_DOWN[held.role]


def require(actor: Actor, action: str, tenant: HasCode, *, organ: int | None = None) -> None:
    """Raise `Forbidden` unless allowed."""
    if not allowed(actor, action, tenant, organ=organ):
        code = tenant.division_code
        raise Forbidden(_("You may not do this at %(code)s.", code=code), where=code)
