"""One function says who may do what where; views, lists, commands and search all ask it."""

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
    """A role that an actor holds at the node of this path."""

    role: Role
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person with roles, the operator (command line), or nobody."""

    user_id: int | None
    name: str
    held: tuple[Held, ...] = ()
    operator: bool = False


NOBODY = Actor(None, "")
OPERATOR = Actor(None, "operator", operator=True)


class HasPath(Protocol):
    """Any tenant."""

    @property
    def path(self) -> str: ...


class HasCode(HasPath, Protocol):
    """Any tenant, and the code by which people know it."""

    @property
    def division_code(self) -> str: ...


def allowed(actor: Actor, action: Action, tenant: HasPath) -> bool:
    """Whether the actor may do this at the tenant; default deny."""
    if actor.operator:
        return True
    return any(_grants(held, action, tenant.path) for held in actor.held)


def _grants(held: Held, action: Action, path: str) -> bool:
    if held.path == path:
        return action in GRANTS[held.role]
    return path.startswith(held.path) and action in REACHES_DOWN[held.role]


def require(actor: Actor, action: Action, tenant: HasCode) -> None:
    """Raise `Forbidden` unless allowed."""
    if not allowed(actor, action, tenant):
        code = tenant.division_code
        raise Forbidden(_("You may not do this at %(code)s.", code=code), where=code)
