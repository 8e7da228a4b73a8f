"""What a view and the services it calls need to know of a request: session, place and person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app
from sqlalchemy.orm import Session

from core.audit.service import record
from core.db.tree import Tenant
from core.permissions import Actor, OrganScope, allowed, is_known, organ_scope, require
from core.web.request import current_tenant, session


@dataclass(frozen=True, slots=True)
class Context:
    """One person's request at one tenant; handed to views as `ctx`, and on to services.

    `session` is the request's, in the scope that the access decorator opened. The request owns
    its transaction: it commits when the answer is no error, services neither commit nor roll back.
    """

    session: Session
    tenant: Tenant
    actor: Actor

    def may(self, action: str, *, organ: int | None = None) -> bool:
        """Return whether the person has the permission here for a thing of the organ.

        Without an organ it is a thing of the place as a whole, which roles for one organ do not
        cover. Raises `ValueError` for an action that nobody has declared.
        """
        if not is_known(action):
            raise ValueError(f"nobody has declared the action {action!r}")
        return allowed(self.actor, action, self.tenant, organ=organ)

    def require(self, action: str, *, organ: int | None = None) -> None:
        """Raise `Forbidden` unless the person has the permission here, see `may`."""
        require(self.actor, action, self.tenant, organ=organ)

    def scope(self, action: str) -> OrganScope:
        """Return for which organs of this place the person has the permission."""
        return organ_scope(self.actor, action, self.tenant)

    def audit(self, event: str, subject: str, **facts: Any) -> None:
        """Add an entry to the audit log, in the transaction of the request."""
        record(self.session, self.actor, self.tenant, event, subject, **facts)


@dataclass(frozen=True, slots=True)
class AccountContext:
    """A signed-in person's request to a page that belongs to no tenant.

    `session` reads and writes directory tables (accounts, the tree) only.
    """

    session: Session
    actor: Actor


_ACTOR_LOADER = "gongkai_actor"


def init_context(extensions: dict[str, Any], load_actor: Callable[[], Actor]) -> None:
    """Tell an application how to find out who sends a request (accounts stand above this)."""
    extensions[_ACTOR_LOADER] = load_actor


def current_context() -> Context:
    """Return the context of this request; its session must be open."""
    load_actor = cast("Callable[[], Actor]", current_app.extensions[_ACTOR_LOADER])
    return Context(session(), current_tenant(), load_actor())
