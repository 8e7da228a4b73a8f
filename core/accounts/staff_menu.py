"""What features contribute to the staff's home: things to do, quick actions, the menu.

Features below the console's own package register here when their blueprint is registered; the
console asks for what the person may do at a tenant.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, current_app
from flask.sansio.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session

from core.accounts.access import may_open
from core.db.tree import Tenant
from core.permissions import Actor, organ_scope


@dataclass(frozen=True, slots=True)
class Task:
    """Things of one sort that wait for the person; the address leads to them.

    `urgent` puts it first and marks it; `due` is the earliest day, where there is one.
    """

    title: str
    url: str
    count: int
    note: str = ""
    due: date | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A page of the staff menu; a lazy label, an endpoint that takes `code`, who may see it.

    It is shown to those whom the page itself lets in. `quick` is the label of its button on the
    staff's home, for what is done every day; `quick_levels` are the places that have the button,
    where not all have.
    """

    key: str
    group: str
    label: str
    endpoint: str
    action: str
    quick: str = ""
    quick_levels: tuple[str, ...] = ()

    def is_open_to(self, actor: Actor, tenant: Tenant) -> bool:
        """Return whether the person may open the page here."""
        shown = bool(organ_scope(actor, self.action, tenant))
        return shown and may_open(self.endpoint, actor, tenant)

    def is_quick_at(self, tenant: Tenant) -> bool:
        """Return whether the staff's home of the place has a button for it."""
        return bool(self.quick) and (not self.quick_levels or tenant.level in self.quick_levels)


TaskSource = Callable[[Session, Tenant, Actor], Iterable[Task]]


@dataclass(slots=True)
class ConsoleParts:
    """Everything contributed to one application, in the order of registration."""

    sources: list[TaskSource] = field(default_factory=list)
    links: list[StaffLink] = field(default_factory=list)


def contribute(
    blueprint: Blueprint,
    *,
    tasks: Iterable[TaskSource] = (),
    links: Iterable[StaffLink] = (),
) -> None:
    """Let a feature add to the console of every application that registers its blueprint.

    A source of tasks gets the session of the console's home, which reads the tenant and all below
    it, and must itself leave out what the person may not do.
    """

    def add(state: BlueprintSetupState) -> None:
        parts = _parts(state.app.extensions)
        parts.sources.extend(tasks)
        parts.links.extend(links)

    blueprint.record_once(add)


def tasks_for(session: Session, tenant: Tenant, actor: Actor) -> list[Task]:
    """List what waits for the person: urgent things first, then by day; nothing that counts 0."""
    found = [
        task
        for source in _parts(current_app.extensions).sources
        for task in source(session, tenant, actor)
    ]
    return in_order(found)


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Urgent things first, then by day; nothing that counts 0."""
    some = (task for task in tasks if task.count)
    return sorted(some, key=lambda task: (not task.urgent, task.due or date.max))


def links_for(tenant: Tenant, actor: Actor) -> list[StaffLink]:
    """List the pages of the staff menu that the person may open here."""
    links = _parts(current_app.extensions).links
    return [link for link in links if link.is_open_to(actor, tenant)]


def _parts(extensions: dict[str, Any]) -> ConsoleParts:
    parts: ConsoleParts = extensions.setdefault("console", ConsoleParts())
    return parts
