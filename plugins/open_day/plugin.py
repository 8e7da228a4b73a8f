"""Open days (政务开放日): what the plugin is, and where it takes part."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core.sdk import (
    Actor,
    AnswerCard,
    Asked,
    Block,
    HeadLink,
    Job,
    Link,
    PluginBlueprint,
    SearchKind,
    StaffLink,
    Task,
    Tenant,
    hookimpl,
)

from . import jobs as background
from . import search
from .console import navigation
from .demo import load
from .manifest import MANIFEST
from .public import blocks, events, followup, nominations, registration, ticket

__all__ = ["MANIFEST"]


@hookimpl
def blueprints() -> Iterable[PluginBlueprint]:
    public = (events, registration, ticket, nominations, followup)
    return (*(module.blueprint for module in public), *navigation.BLUEPRINTS)


@hookimpl
def jobs() -> Iterable[Job]:
    return background.jobs()


@hookimpl
def search_kinds() -> Iterable[SearchKind]:
    return (search.search_kind(),)


@hookimpl
def home_blocks(session: Session, tenant: Tenant) -> Iterable[Block]:
    return blocks.home_blocks(session, tenant)


@hookimpl
def item_panels(session: Session, item: object) -> Iterable[Block]:
    return blocks.item_panels(session, item)


@hookimpl
def publication_panels(session: Session, tenant: Tenant, publication: object) -> Iterable[Block]:
    return blocks.publication_panels(session, tenant, publication)


@hookimpl
def nav_links(tenant: Tenant) -> Iterable[Link]:
    return blocks.nav_links(tenant)


@hookimpl
def head_links(tenant: Tenant) -> Iterable[HeadLink]:
    return blocks.head_links(tenant)


@hookimpl
def staff_links() -> Iterable[StaffLink]:
    return navigation.staff_links()


@hookimpl
def staff_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    return navigation.staff_tasks(session, tenant, actor)


@hookimpl
def answer_cards(session: Session, asked: Asked) -> Iterable[AnswerCard]:
    return blocks.answer_cards(session, asked)


@hookimpl
def daily(session: Session, tenant: Tenant) -> None:
    background.daily(session, tenant)


@hookimpl
def demo(session: Session, tenant: Tenant) -> None:
    load(session, tenant)


@hookimpl
def erase(session: Session, tenant: Tenant) -> None:
    background.erase(session, tenant)
