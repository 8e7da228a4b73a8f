"""Copies of the request context and of stored objects, for plugins that run in another thread."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from flask import Flask, Request, current_app, g, has_request_context
from flask.ctx import RequestContext
from flask.globals import request_ctx
from flask_babel import force_locale, get_locale
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.tree import Tenant

T = TypeVar("T")


class _MatchedContext(RequestContext):
    """A request context for an address that was matched already."""

    def match_request(self) -> None:
        """Keep the match of the original request."""


@dataclass(frozen=True, slots=True)
class RequestSnapshot:
    """A copy of the request context: taken by the request's thread, activated by a plugin's.

    Nothing mutable is shared: neither the request's sessions, nor their objects.
    """

    app: Flask
    locale: str
    request: "_RequestCopy | None"
    tenant: Tenant
    chain: tuple[Tenant, ...]
    county: Tenant | None

    @contextmanager
    def activate(self) -> Iterator[None]:
        """Push the copied application and request context for the present thread."""
        with ExitStack() as stack:
            stack.enter_context(self.app.app_context())
            if self.request is not None:
                stack.enter_context(self.request.rebuild(self.app))
            g.tenant, g.chain, g.county = self.tenant, list(self.chain), self.county
            stack.enter_context(force_locale(self.locale))
            yield


@dataclass(frozen=True, slots=True)
class _RequestCopy:
    """A request without its body, which belongs to the page's own view."""

    environ: dict[str, Any]
    request: Request
    cookie: Any

    def rebuild(self, app: Flask) -> RequestContext:
        """Build a second context for the same request."""
        request = app.request_class(dict(self.environ), shallow=True)
        request.json_module = app.json
        request.url_rule = self.request.url_rule
        request.view_args = dict(self.request.view_args or {})
        return _MatchedContext(
            app, request.environ, request=request, session=copy.copy(self.cookie)
        )


def take_snapshot(tenant: Tenant) -> RequestSnapshot:
    """Copy the caller's application and request context, for a tenant."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    request = None
    if has_request_context():
        here: RequestContext = request_ctx._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        request = _RequestCopy(here.request.environ, here.request, here.session)
    carrier = Session()
    chain = tuple(_merge_detached(carrier, node) for node in g.get("chain", ()))
    here_again = next((node for node in chain if node.id == tenant.id), None)
    return RequestSnapshot(
        app=app,
        locale=str(get_locale()),
        request=request,
        tenant=here_again or _merge_detached(carrier, tenant),
        chain=chain,
        county=next((node for node in chain if node.level == "county"), None),
    )


def to_detached(value: T) -> T:
    """Copy a value; a stored object becomes one that is bound to no session."""
    if not isinstance(value, Base):
        return cast(T, _copy_data(value))
    return _merge_detached(Session(), value)


def _merge_detached(carrier: Session, value: T) -> T:
    found = carrier.merge(value, load=False)
    carrier.expunge(found)
    return found


def _copy_data(value: Any) -> Any:
    """Copy plain data as deep as it is mutable."""
    if isinstance(value, Mapping):
        return {key: _copy_data(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_copy_data(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _copy_data(getattr(value, f.name)) for f in fields(value)})
    return value


def to_attached(session: Session, values: Mapping[str, Any]) -> dict[str, Any]:
    """Copy values for a session: stored objects become objects of that session."""
    return {
        name: session.merge(value, load=False) if isinstance(value, Base) else value
        for name, value in values.items()
    }
