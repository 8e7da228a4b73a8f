"""The request's tenant, session and county: resolved once, from the address and the host."""

from functools import cache
from typing import Any, cast

from flask import Flask, abort, g, redirect, request
from sqlalchemy import Select, bindparam, select, union_all
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased
from werkzeug.wrappers import Response

from core.db.reading import columns_of, read_objects
from core.db.scope import Scope, new_session, set_scope
from core.db.tree import Tenant
from core.tenancy.service import find_successor
from core.web.site.hosts import requested_name, require_known_host

LONGEST_CODE = 12


@cache
def _county_and_all_above() -> Select[*tuple[Any, ...]]:
    """Select the county of a host, the tenant of a code, and all above that one.

    Executed with every page, so it is built once.
    """
    tenant = select(Tenant.id, Tenant.parent_id).where(Tenant.division_code == bindparam("code"))
    chain = tenant.cte("chain", recursive=True)
    above = aliased(Tenant)
    chain = chain.union_all(
        select(above.id, above.parent_id).join(chain, above.id == chain.c.parent_id)
    )
    county = select(Tenant.id).where(Tenant.hostname == bindparam("host"))
    found = union_all(select(chain.c.id), county)
    return select(*columns_of(Tenant)).where(Tenant.id.in_(found))


def current_tenant() -> Tenant:
    """Return the tenant of the address; only pages below `/<code>/` have one."""
    return cast(Tenant, g.tenant)


def current_chain() -> list[Tenant]:
    """Tenants from the root (nation) to the current one."""
    return cast(list[Tenant], g.chain)


def current_county() -> Tenant | None:
    """Return the county whose site this is."""
    return cast("Tenant | None", g.get("county"))


def session() -> Session:
    """Return the request's session, in the scope that the page declared."""
    return cast(Session, g.session)


def directory() -> Session:
    """Return a session for directory tables (tree, accounts): the request's, once that is open.

    Before, it reads no tenant's rows.
    """
    known = vars(g._get_current_object())  # noqa: SLF001 - the proxy's own method
    opened: Session | None = known.get("session") or known.get("directory")
    if opened is None:
        opened = known["directory"] = new_session(None)
    return opened


def open_request_session(scope: Scope) -> Session:
    """Open the request's session; its scope never changes afterwards."""
    if "session" in g:
        msg = "the request's session is already open"
        raise RuntimeError(msg)
    g.session = new_session(scope)
    return session()


def open_reading_session(scope: Scope) -> Session:
    """Open the session of a request that writes nothing: the one that has read its place.

    A request that writes has another, so that the place stays known where that is rolled back.
    """
    opened = directory()
    set_scope(opened, scope)
    g.session = g.pop("directory")
    return opened


def init_request(app: Flask) -> None:
    """Resolve the tenant before every request and close the sessions after it."""
    app.before_request(_resolve_tenant)
    app.teardown_request(_close)


def _resolve_tenant() -> Response | None:
    """Set tenant, chain and county; redirect former codes; 404 outside the host's county."""
    # Taken out here, so that views of a tenant need not name it.
    code = g.code = (request.view_args or {}).pop("code", None)
    # Anything else cannot be a code: do not ask the database.
    valid = code if code and code.isdigit() and len(code) <= LONGEST_CODE else None
    host_county, chain = _load_county_and_chain(valid)
    require_known_host(host_county)
    if code is None:
        g.county = host_county
        return None
    if valid is None:
        abort(404)
    if not chain:
        return _redirect_former(code)
    tenant = chain[-1]
    if not tenant.has_portal or tenant.status != "active":
        abort(404)
    g.tenant = tenant
    g.chain = chain
    g.county = next(node for node in g.chain if node.level == "county")
    if g.county.status != "active" or (host_county and host_county.id != g.county.id):
        abort(404)
    return None


def forget_tenant() -> None:
    """Drop the tenant of this request, so that its error page looks as at an unknown address."""
    for name in ("tenant", "chain"):
        g.pop(name, None)
    g.county, _ = _load_county_and_chain(None)


def reload_place() -> None:
    """Load the place of this request anew for its error page; none where there is no database.

    What was loaded before belongs to a session that was rolled back.
    """
    for name in ("tenant", "chain", "county", "actor", "_login_user"):
        g.pop(name, None)
    try:
        g.county, chain = _load_county_and_chain(g.get("code"))
    except SQLAlchemyError:
        close_sessions()
        return
    if chain and chain[-1].has_portal:
        g.tenant, g.chain = chain[-1], chain
        g.county = next(node for node in chain if node.level == "county")


def _load_county_and_chain(code: str | None) -> tuple[Tenant | None, list[Tenant]]:
    """Load the county of this host, and the tenant of a code behind all above it, in one go."""
    host = requested_name()
    # No tenant has an empty code.
    values = {"host": host, "code": code or ""}
    nodes = read_objects(directory(), Tenant, _county_and_all_above(), values)
    county = next((node for node in nodes if node.hostname == host), None)
    tenant = next((node for node in nodes if node.division_code == code), None)
    chain = [node for node in nodes if tenant and tenant.path.startswith(node.path)]
    return county, sorted(chain, key=lambda node: len(node.path))


def _redirect_former(code: str) -> Response:
    successor = find_successor(directory(), code)
    if successor is None or request.method not in {"GET", "HEAD"}:
        abort(404)
    rest = request.full_path.removeprefix(f"/{code}").rstrip("?")
    return redirect(f"{request.script_root}/{successor.division_code}{rest}", code=301)


def _close(error: BaseException | None) -> None:
    del error
    close_sessions()


def close_sessions() -> None:
    """Close the sessions of this request, all of them if one fails; the next use opens new ones."""
    known = vars(g._get_current_object())  # noqa: SLF001 - the proxy's own method
    own, read = known.pop("session", None), known.pop("directory", None)
    try:
        if own is not None:
            own.close()
    finally:
        if read is not None:
            read.close()
