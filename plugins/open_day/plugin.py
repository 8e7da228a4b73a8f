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

from . import demo as demonstration
from . import jobs as nightly
from . import search
from .console import navigation
from .manifest import MANIFEST
from .public import blocks, nominations, ticket
from .public import events as views
from .public import registration as registration_pages

__all__ = ["MANIFEST"]


@hookimpl
def blueprints() -> Iterable[PluginBlueprint]:
    public = (views, registration_pages, ticket, nominations)
    return (*(module.blueprint for module in public), *navigation.BLUEPRINTS)


@hookimpl
def jobs() -> Iterable[Job]:
    return nightly.jobs()


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
    nightly.daily(session, tenant)


@hookimpl
def demo(session: Session, tenant: Tenant) -> None:
    demonstration.load(session, tenant)


@hookimpl
def erase(session: Session, tenant: Tenant) -> None:
    nightly.erase(session, tenant)
