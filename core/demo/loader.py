"""Load the demonstration county: the national catalog, the county's pack, accounts to try."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.catalog.effective import effective_catalog
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.demo.published import ensure_published
from core.demo.sign_ins import DEMO, SignIn, check_host, ensure_sign_ins
from core.demo.work import ensure_work
from core.onboarding.apply import apply_pack
from core.permissions import OPERATOR
from core.plugins.calls.tenant_hooks import TenantHooks
from core.publishing.models import Publication
from core.publishing.rules import PublicationState
from core.publishing.workflow.channel_changes import decide_again
from core.tenancy.packs import Pack, find_pack, read_pack
from core.tenancy.service import get_tenant, list_tenants

NATIONAL = "_national"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration holds, and who can sign in."""

    code: str
    name: str
    tenants: int
    catalog_items: int
    publications: int
    sign_ins: tuple[SignIn, ...]


def load_demo(host: str) -> Demo:
    """Load the demonstration, or bring it up to date; what was changed by hand stays.

    Raises `Forbidden` where `host` can be reached from other machines while the accounts have
    the password that everybody knows.
    """
    pack = read_pack(find_pack(DEMO))
    with open_session(None) as session:
        check_host(session, host, pack.users)
    apply_pack(read_pack(find_pack(NATIONAL)), OPERATOR)
    apply_pack(pack, OPERATOR)
    with open_session(Scope.platform("load the demonstration")) as session:
        sign_ins = ensure_sign_ins(session, pack.users)
        session.flush()  # the people of the demonstration act below
        ensure_work(session, pack)
        ensure_published(session, pack)
        session.commit()  # plugins write in sessions of their own
        for tenant in list_tenants(session, under=get_tenant(session, pack.code)):
            TenantHooks(tenant).demo()
        session.commit()
        decide_again()  # changes of catalogs hid what they may concern; no worker need be running
        return _demo(session, pack, sign_ins)


def _demo(session: Session, pack: Pack, sign_ins: list[SignIn]) -> Demo:
    county = get_tenant(session, pack.code)
    return Demo(
        pack.code,
        pack.name,
        tenants=len(list_tenants(session, under=county)),
        catalog_items=len(effective_catalog(session, county).catalog.items),
        publications=_published(session, county),
        sign_ins=tuple(sign_ins),
    )


def _published(session: Session, county: Tenant) -> int:
    below = [tenant.id for tenant in list_tenants(session, under=county)]
    query = select(func.count()).select_from(Publication)
    live = Publication.state.in_([PublicationState.PUBLISHED, PublicationState.EXPIRED])
    return session.scalar(query.where(live, Publication.tenant_id.in_(below))) or 0
