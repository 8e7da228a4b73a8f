"""Feeds (Atom) of what a place publishes: what it is, and which hooks it answers."""

from collections.abc import Iterable

from core.sdk import HeadLink, Link, Tenant, hookimpl, tenant_url

from .manifest import MANIFEST
from .text import _

__all__ = ["MANIFEST"]


@hookimpl
def blueprints() -> Iterable[str]:
    """Give the list of feeds, and the feeds themselves."""
    return ["views:blueprint"]


@hookimpl
def head_links(tenant: Tenant) -> Iterable[HeadLink]:
    """Let feed readers find the place's feed from any of its pages."""
    address = tenant_url("plugin_feeds.atom", tenant)
    title = _("New from %(place)s", place=tenant.name)
    return [HeadLink("alternate", "application/atom+xml", address, title)]


@hookimpl
def nav_links(tenant: Tenant) -> Iterable[Link]:
    """Link the list of feeds, for people."""
    return [Link("feeds", _("Subscribe"), tenant_url("plugin_feeds.index", tenant), weight=90)]
