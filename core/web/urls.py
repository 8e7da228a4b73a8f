"""Addresses of tenants' pages and of built files."""

import json
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import request
from flask.globals import app_ctx

from core.bounds import has_controls
from core.db.tree import Tenant
from core.settings import resource

STATIC = "static"


def tenant_url(endpoint: str, tenant: Tenant | None = None, **values: Any) -> str:
    """Address of a page of a tenant (of the current one by default)."""
    # Each access to a proxy costs as much as the rest; a page has dozens of addresses.
    context = app_ctx._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy's own method
    code = (tenant or context.g.tenant).division_code
    address: str = context.app.url_for(endpoint, code=code, **values)
    return address


def place_url(endpoint: str, code: str, **values: Any) -> str:
    """Address of a page of the place that has this code."""
    context = app_ctx._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy's own method
    address: str = context.app.url_for(endpoint, code=code, **values)
    return address


def with_parameter(name: str, value: object) -> str:
    """Address of this very page with one query parameter changed, every other kept."""
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != name]
    return f"{request.script_root}{request.path}?{urlencode([*kept, (name, value)])}"


def asset(name: str) -> str:
    """Address of a built file by its source name, e.g. `main.css`."""
    built = _manifest().get(name, name)
    return f"{request.script_root}/{STATIC}/{built}"


def plugin_asset(plugin: str, name: str) -> str:
    """Address of a file in a plugin's `static` folder."""
    return f"{request.script_root}/{STATIC}/plugins/{plugin}/{name}"


@cache
def _manifest() -> dict[str, str]:
    path = resource("frontend", "dist", "manifest.json")
    if not path.exists():
        return {}
    names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names


def safe_next(target: str | None, fallback: str) -> str:
    """Return a local address to go on to; anything that leaves this site becomes the fallback."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    # Line breaks end a header, which is refused; browsers leave them and tabs out of an address.
    if has_controls(target) or "\n" in target or "\t" in target:
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc else target
