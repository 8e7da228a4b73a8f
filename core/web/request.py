"""The request's tenant, session and county: resolved once, from the address and the host."""

from typing import cast

from flask import Flask, abort, g, redirect, request
from sqlalchemy import Select, bindparam, select, union_all
from sqlalchemy.orm import Session, aliased
from werkzeug.wrappers import Response

from core.db.scope import Scope, new_session
from core.db.tree import Tenant
from core.tenancy.service import successor_of

LONGEST_CODE = 12


def _county_and_all_above() -> Select[Tenant]:
    """Select the county of a host, the tenant of a code, and all above that one."""
    tenant = select(Tenant.id, Tenant.parent_id).where(Tenant.division_code == bindparam("code"))
    chain = tenant.cte("chain", recursive=True)
    above = aliased(Tenant)
    chain = chain.union_all(
        select(above.id, above.parent_id).join(chain, above.id == chain.c.parent_id)
    )
    county = select(Tenant.id).where(Tenant.hostname == bindparam("host"))
    return select(Tenant).where(Tenant.id.in_(union_all(select(chain.c.id), county)))


# Asked for with every page, so it is made once.
_HERE = _county_and_all_above()


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
    """Return a session for directory tables (tree, accounts); it reads no tenant's rows."""
    if "directory" not in g:
        g.directory = new_session(None)
    return cast(Session, g.directory)


def open_request_session(scope: Scope) -> Session:
    """Open the request's session; its scope never changes afterwards."""
    if "session" in g:
        msg = "the request's session is already open"
        raise RuntimeError(msg)
    g.session = new_session(scope)
    return session()


def init_request(app: Flask) -> None:
    """Resolve the tenant before every request and close the sessions after it."""
    app.before_request(_resolve_tenant)
    app.teardown_request(_close)


def _resolve_tenant() -> Response | None:
    """Set tenant, chain and county; redirect former codes; 404 outside the host's county."""
    # Taken out here, so that views of a tenant need not name it.
    code = (request.view_args or {}).pop("code", None)
    # What is no code is no reason to ask the database.
    wanted = code if code and code.isdigit() and len(code) <= LONGEST_CODE else None
    host_county, chain = _county_and_chain(wanted)
    if code is None:
        g.county = host_county
        return None
    if wanted is None:
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
    """Go on as at an unknown address: nothing tells whose page was asked for."""
    for name in ("tenant", "chain"):
        g.pop(name, None)
    g.county, _ = _county_and_chain(None)


def _county_and_chain(code: str | None) -> tuple[Tenant | None, list[Tenant]]:
    """Load the county of this host, and the tenant of a code behind all above it, in one go."""
    host = request.host.rsplit(":", 1)[0].lower()
    # No tenant has an empty code.
    found = directory().scalars(_HERE, {"host": host, "code": code or ""}).all()
    county = next((one for one in found if one.hostname == host), None)
    tenant = next((one for one in found if one.division_code == code), None)
    chain = [one for one in found if tenant and tenant.path.startswith(one.path)]
    return county, sorted(chain, key=lambda one: len(one.path))


def _redirect_former(code: str) -> Response:
    successor = successor_of(directory(), code)
    if successor is None or request.method not in {"GET", "HEAD"}:
        abort(404)
    rest = request.full_path.removeprefix(f"/{code}").rstrip("?")
    return redirect(f"{request.script_root}/{successor.division_code}{rest}", code=301)


def _close(error: BaseException | None) -> None:
    del error
    close_sessions()


def close_sessions() -> None:
    """Close the sessions that were opened for this request; asked for again, they open anew."""
    for name in ("session", "directory"):
        opened: Session | None = g.pop(name, None)
        if opened is not None:
            opened.close()
