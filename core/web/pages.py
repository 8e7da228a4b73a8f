"""What every template can use: tenant, county, site, addresses, assets, choices, messages."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, request
from flask_babel import get_translations
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from core.clock import local_day, stamp
from core.tenancy.domain import short_name
from core.tenancy.service import scope_names
from core.web.reading.preferences import preferences
from core.web.site.origin import site_origin
from core.web.urls import asset, plugin_asset, tenant_url, with_parameter


def init_pages(app: Flask) -> None:
    """Add the names that layouts expect (frontend/README.md)."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset,
        plugin_asset=plugin_asset,
        scope_names=scope_names,
        tenant_url=tenant_url,
        address_with=with_parameter,
    )
    app.jinja_env.filters.update(
        short_name=short_name, date=_date, moment=stamp, filesize=_filesize
    )
    # Plurals are rare, and stay with the library's own.
    app.jinja_env.globals["_"] = _message
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    chosen = preferences()
    county = g.get("county")
    chain = [node for node in g.get("chain", ()) if node.has_portal]
    return {
        "tenant": g.get("tenant"),
        "county": county,
        "chain": chain,
        "site": {**county.profile} if county else {},
        "locale": chosen.lang,
        "elder": chosen.elder,
        "variant": chosen.variant,
        "current_user": current_user,
        "here": request.full_path.rstrip("?") if request else "/",
        "script_root": request.script_root,
        "site_domain": urlsplit(site_origin()).netloc if request else "",
    }


def _date(value: date | None) -> str:
    """Format a date, or the local day of a moment, as YYYY-MM-DD; empty for `None`."""
    day = local_day(value) if isinstance(value, datetime) else value
    return day.isoformat() if day else ""


KILOBYTE = 1024


def _filesize(size: int) -> str:
    """Write a file's size for people, e.g. 12 KB, 1.4 MB."""
    if size < KILOBYTE**2:
        return f"{max(1, round(size / KILOBYTE))} KB"
    return f"{size / KILOBYTE**2:.1f} MB"


@pass_eval_context
def _message(context: EvalContext, text: str, /, **values: Any) -> str:
    """Translate a message for the reader, its values escaped where the template is HTML."""
    translated: str = get_translations().ugettext(text)
    if context.autoescape:
        # What the catalogs say is written by us, as the templates are.
        translated = Markup(translated)  # noqa: S704
    # As the library does it, a percent sign is doubled in every message.
    return translated % values if values or "%" in translated else translated
