"""What plugins add to every page of a kind, asked for once in a request and only where shown."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, g

from core.accounts.staff_menu import StaffLink
from core.plugins.api.contributions import HeadLink, Link
from core.plugins.calls.tenant_hooks import TenantHooks

_KEPT = ("plugin_links", "plugin_staff_links", "plugin_waited", "plugin_spent")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Places in the navigation and links in the head."""

    nav: tuple[Link, ...] = ()
    head: tuple[HeadLink, ...] = ()


def init_plugin_pages(app: Flask) -> None:
    """Give layouts the links of plugins."""
    app.jinja_env.globals["plugin_links"] = page_links
    app.teardown_request(_forget)


def page_links() -> PageLinks:
    """Return the links of the plugins that are on at the page's tenant; cached for the request."""
    if "plugin_links" not in g:
        nav, head = TenantHooks(g.tenant).page_links()
        g.plugin_links = PageLinks(tuple(nav), tuple(head))
    return cast(PageLinks, g.plugin_links)


def staff_links() -> list[StaffLink]:
    """Return the pages that plugins add to the staff menu here, whoever asks."""
    if "plugin_staff_links" not in g:
        g.plugin_staff_links = TenantHooks(g.tenant).staff_links()
    return cast(list[StaffLink], g.plugin_staff_links)


def _forget(error: BaseException | None) -> None:
    """Clear the cache after each request: in tests, requests share an application context."""
    del error
    for name in _KEPT:
        g.pop(name, None)
