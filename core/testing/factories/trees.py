"""A small tree of tenants that tests share."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.tenancy.domain import Level
from core.tenancy.service import create_tenant


@dataclass(frozen=True, slots=True)
class Tree:
    """Two counties; the first has two townships with two villages each."""

    nation: Tenant
    county: Tenant
    town: Tenant
    sister_town: Tenant
    village: Tenant
    sister_village: Tenant
    far_village: Tenant
    community: Tenant
    other_county: Tenant
    other_town: Tenant
    other_village: Tenant


def build_tree(session: Session) -> None:
    """Create the tree; names repeat on purpose, as in life."""
    add = _Adder(session)
    nation = add("CN", "全国", Level.NATION, None)
    province = add("99", "示例省", Level.PROVINCE, nation)
    city = add("9901", "示例市", Level.CITY, province)
    county = add("990111", "甲县", Level.COUNTY, city)
    town = add("990111100", "东镇", Level.TOWNSHIP, county)
    sister_town = add("990111101", "西镇", Level.TOWNSHIP, county)
    other_county = add("990112", "乙县", Level.COUNTY, city)
    other_town = add("990112100", "东镇", Level.TOWNSHIP, other_county)
    add("990111100201", "崾岘村委会", Level.VILLAGE, town)
    add("990111100202", "柳湾村委会", Level.VILLAGE, town)
    add("990111101201", "崾岘村委会", Level.VILLAGE, sister_town)
    add("990111101001", "东关社区居委会", Level.VILLAGE, sister_town)
    add("990112100201", "崾岘村委会", Level.VILLAGE, other_town)


def load_tree(session: Session) -> Tree:
    """Load the tree that was built in this database."""
    found = {tenant.division_code: tenant for tenant in session.scalars(select(Tenant))}
    return Tree(
        nation=found["CN"],
        county=found["990111"],
        town=found["990111100"],
        sister_town=found["990111101"],
        village=found["990111100201"],
        sister_village=found["990111100202"],
        far_village=found["990111101201"],
        community=found["990111101001"],
        other_county=found["990112"],
        other_town=found["990112100"],
        other_village=found["990112100201"],
    )


class _Adder:
    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, code: str, name: str, level: Level, parent: Tenant | None) -> Tenant:
        return create_tenant(self._session, code=code, name=name, level=level, parent=parent)
