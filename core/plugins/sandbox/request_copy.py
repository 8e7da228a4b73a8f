"""What a plugin finds around it in a thread of its own: the page it works for, and copies."""

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


class _SamePage(RequestContext):
    """The request's page a second time; its address has been understood already."""

    def match_request(self) -> None:
        """Leave the address as it is."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Taken by the thread that answers the request, entered by the one that asks plugins.

    Nothing is shared that could be changed: not the request's sessions, nor their objects.
    """

    app: Flask
    locale: str
    page: "_Page | None"
    tenant: Tenant
    chain: tuple[Tenant, ...]
    county: Tenant | None

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be on that page."""
        with ExitStack() as stack:
            stack.enter_context(self.app.app_context())
            if self.page is not None:
                stack.enter_context(self.page.again(self.app))
            g.tenant, g.chain, g.county = self.tenant, list(self.chain), self.county
            stack.enter_context(force_locale(self.locale))
            yield


@dataclass(frozen=True, slots=True)
class _Page:
    """The request, without its body: that belongs to the page's own view."""

    environ: dict[str, Any]
    request: Request
    cookie: Any

    def again(self, app: Flask) -> RequestContext:
        asked = app.request_class(dict(self.environ), shallow=True)
        asked.json_module = app.json
        asked.url_rule = self.request.url_rule
        asked.view_args = dict(self.request.view_args or {})
        return _SamePage(app, asked.environ, request=asked, session=copy.copy(self.cookie))


def surroundings(tenant: Tenant) -> Surroundings:
    """What is around the caller now."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    page = None
    if has_request_context():
        here: RequestContext = request_ctx._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        page = _Page(here.request.environ, here.request, here.session)
    carrier = Session()
    chain = tuple(_detached(carrier, node) for node in g.get("chain", ()))
    here_again = next((node for node in chain if node.id == tenant.id), None)
    return Surroundings(
        app=app,
        locale=str(get_locale()),
        page=page,
        tenant=here_again or _detached(carrier, tenant),
        chain=chain,
        county=next((node for node in chain if node.level == "county"), None),
    )


def detached(value: T) -> T:
    """A copy: of a stored object as it is now, bound to no session; of any other value."""
    if not isinstance(value, Base):
        return cast(T, _copied(value))
    return _detached(Session(), value)


def _detached(carrier: Session, value: T) -> T:
    found = carrier.merge(value, load=False)
    carrier.expunge(found)
    return found


def _copied(value: Any) -> Any:
    """A copy of plain data as far down as it can be changed."""
    if isinstance(value, Mapping):
        return {key: _copied(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_copied(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _copied(getattr(value, f.name)) for f in fields(value)})
    return value


def attached(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """Copies of stored objects that belong to this session."""
    return {
        name: session.merge(value, load=False) if isinstance(value, Base) else value
        for name, value in given.items()
    }
