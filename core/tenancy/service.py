"""Find, create and change tenants. Sessions without a scope suffice: the tree is a directory."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from core.db.reading import columns_of, read_objects
from core.db.tree import below
from core.errors import Conflict, Invalid, NotFound
from core.tenancy.domain import (
    CODE_LENGTHS,
    KINDS,
    NATION_CODE,
    Level,
    find_kind,
    standing_organ,
)
from core.tenancy.models import FormerCode, Organ, Tenant


# Asked for with many pages, so they are made once.
@cache
def _by_id_statement() -> Select[*tuple[Any, ...]]:
    return select(*columns_of(Tenant)).where(Tenant.id.in_(bindparam("ids", expanding=True)))


@cache
def _organs_statement() -> Select[*tuple[Any, ...]]:
    query = select(*columns_of(Organ)).where(Organ.tenant_id == bindparam("tenant"))
    return query.order_by(Organ.id)


@cache
def _children_statement() -> Select[*tuple[Any, ...]]:
    query = select(*columns_of(Tenant)).where(Tenant.parent_id == bindparam("parent"))
    return query.where(Tenant.status == "active").order_by(Tenant.division_code)


def find_tenant(session: Session, code: str) -> Tenant | None:
    """Find the tenant that has this code today."""
    return session.scalar(select(Tenant).where(Tenant.division_code == code))


def get_tenant(session: Session, code: str) -> Tenant:
    """Return the tenant of a code; raises `NotFound`."""
    tenant = find_tenant(session, code)
    if tenant is None:
        raise NotFound(_("There is no tenant with the code %(code)s.", code=code), where=code)
    return tenant


def find_successor(session: Session, code: str) -> Tenant | None:
    """Find the tenant that once had this code (its addresses redirect)."""
    former = session.get(FormerCode, code)
    return session.get(Tenant, former.tenant_id) if former else None


def load_chain(session: Session, tenant: Tenant) -> list[Tenant]:
    """Tenants from the root of the tree to the tenant itself."""
    rows = tenants_by_id(session, tenant.chain).values()
    return sorted(rows, key=lambda row: len(row.path))


def tenants_by_id(session: Session, ids: Collection[int]) -> dict[int, Tenant]:
    """Those of the tenants that there are."""
    found = read_objects(session, Tenant, _by_id_statement(), {"ids": tuple(ids)})
    return {tenant.id: tenant for tenant in found}


def list_children(session: Session, tenant: Tenant) -> list[Tenant]:
    """Active tenants directly below, by code."""
    return read_objects(session, Tenant, _children_statement(), {"parent": tenant.id})


def list_tenants(
    session: Session, *, under: Tenant | None = None, level: str | None = None
) -> list[Tenant]:
    """Portals by code, below (and with) a tenant, of one level."""
    query = select(Tenant).where(Tenant.level.in_(["county", "township", "village"]))
    if under is not None:
        query = query.where(below(under.path))
    if level:
        query = query.where(Tenant.level == level)
    return list(session.scalars(query.order_by(Tenant.division_code)))


def ensure_nation(session: Session) -> Tenant:
    """Return the root layer `CN`, made on first use."""
    nation = find_tenant(session, NATION_CODE)
    return nation or create_tenant(
        session, code=NATION_CODE, name="全国", level=Level.NATION, parent=None
    )


def create_tenant(  # noqa: PLR0913 - keyword-only columns of one row
    session: Session,
    *,
    code: str,
    name: str,
    level: Level,
    parent: Tenant | None,
    kind: str | None = None,
) -> Tenant:
    """Add a node below its parent; raises `Conflict` where the code is taken."""
    if find_tenant(session, code) is not None or session.get(FormerCode, code) is not None:
        raise Conflict(_("The code %(code)s is already in use.", code=code), where=code)
    kind = kind or find_kind(level, name)
    if kind not in KINDS[level]:
        raise Invalid({"kind": _("%(kind)s is no kind of %(level)s.", kind=kind, level=level)})
    tenant = Tenant(
        parent_id=parent.id if parent else None,
        division_code=code,
        name=name,
        level=level.value,
        kind=kind,
        path=f"?{code}",  # unique until the id is known
        profile={},
    )
    session.add(tenant)
    session.flush()  # the path needs the id
    tenant.path = f"{parent.path if parent else '/'}{tenant.id}/"
    return tenant


def recode_tenant(session: Session, tenant: Tenant, code: str) -> None:
    """Give a tenant a new code; the old one redirects from now on."""
    if len(code) != CODE_LENGTHS[Level(tenant.level)] or not code.isdigit():
        raise Invalid({"code": _("%(code)s is no code of this level.", code=code)})
    former = session.get(FormerCode, code)
    if find_tenant(session, code) is not None or (former and former.tenant_id != tenant.id):
        raise Conflict(_("The code %(code)s is already in use.", code=code), where=code)
    if former:
        session.delete(former)
    session.add(FormerCode(division_code=tenant.division_code, tenant_id=tenant.id))
    tenant.division_code = code


def ensure_organ(session: Session, tenant: Tenant, name: str, kind: str = "department") -> Organ:
    """Return the tenant's organ of this name, made on first use."""
    query = select(Organ).where(Organ.tenant_id == tenant.id, Organ.name == name)
    organ = session.scalar(query)
    if organ is None:
        organ = Organ(tenant_id=tenant.id, name=name, kind=kind)
        session.add(organ)
        session.flush()  # callers link to its id
    return organ


def get_organ(session: Session, tenant: Tenant, name: str) -> Organ:
    """Return the tenant's organ of this name or short name; raises `NotFound`."""
    named = or_(Organ.name == name, Organ.short_name == name)
    organ = session.scalar(select(Organ).where(Organ.tenant_id == tenant.id, named))
    if organ is None:
        message = _("%(place)s has no organ %(name)s.", place=tenant.name, name=name)
        raise NotFound(message, where=name)
    return organ


def list_organs(session: Session, tenant: Tenant) -> list[Organ]:
    """List the tenant's own organs, in the order they were entered."""
    return read_objects(session, Organ, _organs_statement(), {"tenant": tenant.id})


def publishing_organs(session: Session, tenant: Tenant) -> list[Organ]:
    """List the organs that can publish here; a place without any has at least its standing one."""
    organs = list_organs(session, tenant)
    return organs or [ensure_organ(session, tenant, *standing_organ(tenant.kind, tenant.name))]


def scope_names(tenants: Iterable[Tenant]) -> str:
    """Names from top to bottom, as printed in a path: 望川县 石桥镇 柳湾村."""
    return " ".join(tenant.name for tenant in tenants if tenant.has_portal)
