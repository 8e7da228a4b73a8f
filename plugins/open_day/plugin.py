"""Open days (政务开放日): what the plugin is, and where it takes part."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from core import sdk
from core.sdk import PluginBlueprint

from . import jobs as background
from . import search
from .console import navigation
from .demo import load
from .manifest import MANIFEST
from .models import personal_data
from .public import blocks, events, followup, nominations, registration, ticket

__all__ = ["MANIFEST", "personal_data"]


@sdk.hookimpl
def blueprints() -> Iterable[PluginBlueprint]:
    public = (events, registration, ticket, nominations, followup)
    return (*(module.blueprint for module in public), *navigation.BLUEPRINTS)


@sdk.hookimpl
def jobs() -> Iterable[sdk.Job]:
    return background.jobs()


@sdk.hookimpl
def search_kinds() -> Iterable[sdk.SearchKind]:
    return (search.search_kind(),)


@sdk.hookimpl
def home_blocks(session: Session, tenant: sdk.Tenant) -> Iterable[sdk.Block]:
    return blocks.home_blocks(session, tenant)


@sdk.hookimpl
def item_panels(session: Session, item: object) -> Iterable[sdk.Block]:
    return blocks.item_panels(session, item)


@sdk.hookimpl
def publication_panels(
    session: Session, tenant: sdk.Tenant, publication: object
) -> Iterable[sdk.Block]:
    return blocks.publication_panels(session, tenant, publication)


@sdk.hookimpl
def nav_links(tenant: sdk.Tenant) -> Iterable[sdk.Link]:
    return blocks.nav_links(tenant)


@sdk.hookimpl
def head_links(tenant: sdk.Tenant) -> Iterable[sdk.HeadLink]:
    return blocks.head_links(tenant)


@sdk.hookimpl
def staff_links() -> Iterable[sdk.StaffLink]:
    return navigation.staff_links()


@sdk.hookimpl
def staff_tasks(session: Session, tenant: sdk.Tenant, actor: sdk.Actor) -> Iterable[sdk.Task]:
    return navigation.staff_tasks(session, tenant, actor)


@sdk.hookimpl
def answer_cards(session: Session, asked: sdk.Asked) -> Iterable[sdk.AnswerCard]:
    return blocks.answer_cards(session, asked)


@sdk.hookimpl
def daily(session: Session, tenant: sdk.Tenant) -> None:
    background.daily(session, tenant)


@sdk.hookimpl
def demo(session: Session, tenant: sdk.Tenant) -> None:
    load(session, tenant)


@sdk.hookimpl
def erase(session: Session, tenant: sdk.Tenant) -> None:
    background.erase(session, tenant)
