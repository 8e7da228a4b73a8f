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
from plugins.open_day import (
    contributions,
    demonstration,
    findability,
    nightly,
    registration_pages,
    staff,
    ticket_pages,
    unit_pages,
    views,
)
from plugins.open_day.manifest import MANIFEST

__all__ = ["MANIFEST"]


@hookimpl
def blueprints() -> Iterable[PluginBlueprint]:
    public = (views, registration_pages, ticket_pages, unit_pages)
    return (*(module.blueprint for module in public), *staff.BLUEPRINTS)


@hookimpl
def jobs() -> Iterable[Job]:
    return nightly.jobs()


@hookimpl
def search_kinds() -> Iterable[SearchKind]:
    return (findability.search_kind(),)


@hookimpl
def home_blocks(session: Session, tenant: Tenant) -> Iterable[Block]:
    return contributions.home_blocks(session, tenant)


@hookimpl
def item_panels(session: Session, item: object) -> Iterable[Block]:
    return contributions.item_panels(session, item)


@hookimpl
def publication_panels(session: Session, tenant: Tenant, publication: object) -> Iterable[Block]:
    return contributions.publication_panels(session, tenant, publication)


@hookimpl
def nav_links(tenant: Tenant) -> Iterable[Link]:
    return contributions.nav_links(tenant)


@hookimpl
def head_links(tenant: Tenant) -> Iterable[HeadLink]:
    return contributions.head_links(tenant)


@hookimpl
def staff_links() -> Iterable[StaffLink]:
    return staff.staff_links()


@hookimpl
def staff_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterable[Task]:
    return staff.staff_tasks(session, tenant, actor)


@hookimpl
def answer_cards(session: Session, asked: Asked) -> Iterable[AnswerCard]:
    return contributions.answer_cards(session, asked)


@hookimpl
def daily(session: Session, tenant: Tenant) -> None:
    nightly.daily(session, tenant)


@hookimpl
def demo(session: Session, tenant: Tenant) -> None:
    demonstration.load(session, tenant)


@hookimpl
def erase(session: Session, tenant: Tenant) -> None:
    nightly.erase(session, tenant)
