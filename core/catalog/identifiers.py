"""Item ids and domain keys; each is given once."""

import re
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalog.models import CatalogChange
from core.db.tree import Tenant
from core.search.text.pinyin import syllables

ITEM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
DOMAIN_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_KEY = 50


def next_item_number(session: Session, tenant: Tenant, domain: str) -> int:
    """Return the number after the highest the tenant ever gave in a domain, even if rejected."""
    prefix = item_prefix(tenant, domain)
    query = select(CatalogChange.item_id).where(
        CatalogChange.tenant_id == tenant.id,
        CatalogChange.op == "define",
        CatalogChange.item_id.startswith(prefix, autoescape=True),
    )
    endings = (item_id.removeprefix(prefix) for item_id in session.scalars(query) if item_id)
    return max((int(ending) for ending in endings if ending.isdecimal()), default=0) + 1


def item_prefix(tenant: Tenant, domain: str) -> str:
    """Return the prefix of the ids of a tenant's own items in a domain.

    Codes are unique and a code once used is never given to another tenant, so that ids of
    different layers cannot meet.
    """
    return f"{tenant.division_code}-{domain}-"


def build_item_id(tenant: Tenant, domain: str, number: int) -> str:
    """Build the id of a tenant's n-th own item of a domain: CN-shehui-jiuzhu-001."""
    return f"{item_prefix(tenant, domain)}{number:03}"


def new_domain_key(name: str, taken: Collection[str]) -> str:
    """Build a key for a domain: its name in pinyin, numbered if that is taken."""
    spoken = "-".join(syllables(name)) or "-".join(re.findall(r"[a-z0-9]+", name.lower()))
    stem = spoken[:LONGEST_KEY].strip("-") or "domain"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key
