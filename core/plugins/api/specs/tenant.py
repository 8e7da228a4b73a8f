"""Tenant hooks: asked for one tenant, of the plugins that are on there, through `TenantHooks`.

An implementation may leave out arguments that it does not need. What it gives is data, checked
and limited, and shown by the core. A session is the plugin's own for the call and is closed after
it; one given for a page reads in the tenant's public scope.

Specifications are never run: pluggy reads their names and arguments.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.permissions import Actor
from core.plugins.api.contributions import (
    AnswerCard,
    Asked,
    Block,
    HeadLink,
    Link,
    MeasuredValue,
    Message,
    Problem,
    StaffLink,
    Task,
)
from core.plugins.api.markers import hookspec


@hookspec
def home_blocks(session: Session, tenant: Tenant) -> Iterable[Block]:
    """Give blocks of the tenant's home page; they stand below the core's."""
    raise NotImplementedError


@hookspec
def item_panels(session: Session, tenant: Tenant, item: Any) -> Iterable[Block]:
    """Give panels of the page of a catalog item (`item` is the effective item)."""
    raise NotImplementedError


@hookspec
def publication_panels(session: Session, tenant: Tenant, publication: Any) -> Iterable[Block]:
    """Give panels below a published text."""
    raise NotImplementedError


@hookspec
def nav_links(tenant: Tenant) -> Iterable[Link]:
    """Give places in the public navigation and on the site map; asked on every public page."""
    raise NotImplementedError


@hookspec
def head_links(tenant: Tenant) -> Iterable[HeadLink]:
    """Give links in the head of public pages, e.g. feeds; asked on every public page."""
    raise NotImplementedError


@hookspec
def staff_links(tenant: Tenant) -> Iterable[StaffLink]:
    """Give pages of the staff menu; each is shown to those who hold its permission."""
    raise NotImplementedError


@hookspec
def staff_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    """Give what waits for the person; the session reads the tenant and all below it."""
    raise NotImplementedError


@hookspec
def answer_cards(session: Session, tenant: Tenant, asked: Asked) -> Iterable[AnswerCard]:
    """Give direct answers to what was typed into the search box."""
    raise NotImplementedError


@hookspec
def search_synonyms(tenant: Tenant) -> Mapping[str, Iterable[str]]:
    """Give words that mean the same at this tenant: `{"开放日": ["政务开放", "参观"]}`."""
    raise NotImplementedError


@hookspec
def notify(tenant: Tenant, message: Message) -> bool:
    """Deliver a message (SMS, WeChat …); true where it was taken, and nobody else is asked."""
    raise NotImplementedError


@hookspec
def check_config(tenant: Tenant, settings: Mapping[str, Any]) -> Iterable[Problem]:
    """Say what is wrong with the plugin's settings at the tenant, each with a remedy."""
    raise NotImplementedError


@hookspec
def objective_measures(
    session: Session, tenant: Tenant, first: date, last: date
) -> Iterable[MeasuredValue]:
    """Give what was counted of organs and townships from one day to another, for evaluations."""
    raise NotImplementedError


@hookspec
def daily(session: Session, tenant: Tenant) -> None:
    """Do the tenant's work of the night; the session writes the tenant's rows and is committed."""
    raise NotImplementedError


@hookspec
def demo(session: Session, tenant: Tenant) -> None:
    """Put in something to see at a place of the demonstration; asked at each of its loads.

    What is there already stays as it is. The session writes the tenant's rows and is committed.
    """
    raise NotImplementedError


@hookspec
def erase(session: Session, tenant: Tenant) -> None:
    """Delete everything that the plugin keeps of the tenant; the session is committed."""
    raise NotImplementedError
