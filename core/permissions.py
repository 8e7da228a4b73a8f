"""One function says who may do what where; views, lists, commands and search all ask it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, true

from core.errors import Forbidden


class Action(StrEnum):
    """What can be allowed. Every staff page and service names one."""

    VIEW_CONSOLE = "view_console"
    READ_DRAFTS = "read_drafts"
    READ_CATALOG_CHANGES = "read_catalog_changes"
    EDIT_CATALOG = "edit_catalog"
    APPROVE_CATALOG = "approve_catalog"
    WRITE_PUBLICATION = "write_publication"
    REVIEW_PUBLICATION = "review_publication"
    TAKE_DOWN_PUBLICATION = "take_down_publication"
    LINK_ITEMS = "link_items"
    READ_MESSAGES = "read_messages"
    ANSWER_MESSAGES = "answer_messages"
    MANAGE_TENANT = "manage_tenant"
    MANAGE_PEOPLE = "manage_people"


class Role(StrEnum):
    """The roles of the field: 政务公开办, 联络员, 审核员, 村级信息员."""

    OFFICER = "officer"
    LIAISON = "liaison"
    REVIEWER = "reviewer"
    CLERK = "clerk"


GRANTS: dict[Role, frozenset[Action]] = {
    Role.OFFICER: frozenset(Action),
    Role.LIAISON: frozenset(
        {
            Action.VIEW_CONSOLE,
            Action.READ_DRAFTS,
            Action.READ_CATALOG_CHANGES,
            Action.EDIT_CATALOG,
            Action.WRITE_PUBLICATION,
            Action.LINK_ITEMS,
            Action.READ_MESSAGES,
            Action.ANSWER_MESSAGES,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            Action.VIEW_CONSOLE,
            Action.READ_DRAFTS,
            Action.READ_CATALOG_CHANGES,
            Action.REVIEW_PUBLICATION,
            Action.TAKE_DOWN_PUBLICATION,
            Action.APPROVE_CATALOG,
            Action.READ_MESSAGES,
        }
    ),
    Role.CLERK: frozenset(
        {
            Action.VIEW_CONSOLE,
            Action.READ_DRAFTS,
            Action.WRITE_PUBLICATION,
            Action.READ_MESSAGES,
            Action.ANSWER_MESSAGES,
        }
    ),
}

# Down the tree a role may look, review and manage, but not write in another's name:
# village self-government matters are checked and returned from above, never rewritten. Drafts,
# withdrawn texts and reasons are read below by those who review there, and by nobody else.
REACHES_DOWN: dict[Role, frozenset[Action]] = {
    Role.OFFICER: frozenset(Action) - {Action.WRITE_PUBLICATION, Action.ANSWER_MESSAGES},
    Role.REVIEWER: frozenset(
        {
            Action.VIEW_CONSOLE,
            Action.READ_DRAFTS,
            Action.REVIEW_PUBLICATION,
            Action.TAKE_DOWN_PUBLICATION,
            Action.READ_MESSAGES,
        }
    ),
    Role.LIAISON: frozenset({Action.VIEW_CONSOLE}),
    Role.CLERK: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A role that an actor holds at the node of this path; `organ_id`: for this organ only.

    A role for one organ ends at its own node: the organs of places below are others.
    """

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


class HasName(HasPath, Protocol):
    """Any tenant, its code, and the name by which people know it."""

    @property
    def division_code(self) -> str: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class OrganScope:
    """For which organs of a place somebody may do something: all that is there, some, or none.

    `organ_id in scope` asks for a thing of this organ, `None in scope` for one of the place as a
    whole, which roles for one organ never cover. An empty scope is false.
    """

    everything: bool = False
    ids: frozenset[int] = frozenset()

    def __contains__(self, organ_id: int | None) -> bool:
        return self.everything or organ_id in self.ids

    def __bool__(self) -> bool:
        return self.everything or bool(self.ids)

    def __or__(self, other: "OrganScope") -> "OrganScope":
        return OrganScope(self.everything or other.everything, self.ids | other.ids)

    def condition(self, organ_id: Any) -> ColumnElement[bool]:
        """Build the condition that a column of organ ids lies in the scope."""
        return true() if self.everything else organ_id.in_(self.ids)


def organ_scope(actor: Actor, action: str, tenant: HasPath) -> OrganScope:
    """Return for which organs the actor may do this at the tenant; none by default.

    `action` is one of the core's (`Action`), or the key of a permission that a plugin declares.
    """
    if actor.operator:
        return OrganScope(everything=True)
    held = [each for each in actor.held if _grants(each, action, tenant.path)]
    ids = frozenset(each.organ_id for each in held if each.organ_id is not None)
    return OrganScope(any(each.organ_id is None for each in held), ids)


def allowed(actor: Actor, action: str, tenant: HasPath, *, organ: int | None = None) -> bool:
    """Return whether the actor may do this with a thing of the organ; deny by default.

    Without an organ it is a thing of the place as a whole: roles for one organ do not count.
    """
    return organ in organ_scope(actor, action, tenant)


def reaches_down(actor: Actor, action: str, tenant: HasPath) -> bool:
    """Return whether the actor may do this at every place below the tenant, too."""
    anywhere = f"{tenant.path}0/"  # no tenant has this id
    return actor.operator or any(_grants(each, action, anywhere) for each in actor.held)


def _grants(held: Held, action: str, path: str) -> bool:
    declared = _declared.get(action)
    if held.path == path:
        return declared.holds(held.role) if declared else action in GRANTS[held.role]
    if held.organ_id is not None or not path.startswith(held.path):
        return False
    if declared:
        return declared.reaches_down and declared.holds(held.role)
    return action in REACHES_DOWN[held.role]


def require(actor: Actor, action: str, tenant: HasName, *, organ: int | None = None) -> None:
    """Raise `Forbidden` unless allowed."""
    scope = organ_scope(actor, action, tenant)
    if organ not in scope:
        raise forbidden_at(tenant, of_another_organ=bool(scope))


def forbidden_at(tenant: HasName, *, of_another_organ: bool = False) -> Forbidden:
    """Return the refusal that people are shown, which names the place and says why."""
    message = _("You may not do this at %(place)s.", place=tenant.name)
    if of_another_organ:
        message += " " + _("Your role is for one organ there, and this is not its own.")
    return Forbidden(message, where=tenant.division_code)
