"""A small tree of tenants that tests share."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db.tree import Tenant
from core.tenancy.domain import Level
from core.tenancy.service import create_tenant

# Codes of the tree's tenants.
COUNTY = "990111"
TOWN = "990111100"
SISTER_TOWN = "990111101"
VILLAGE = "990111100201"
SISTER_VILLAGE = "990111100202"
FAR_VILLAGE = "990111101201"
COMMUNITY = "990111101001"
OTHER_COUNTY = "990112"
OTHER_TOWN = "990112100"
OTHER_VILLAGE = "990112100201"


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
    county = add(COUNTY, "甲县", Level.COUNTY, city)
    town = add(TOWN, "东镇", Level.TOWNSHIP, county)
    sister_town = add(SISTER_TOWN, "西镇", Level.TOWNSHIP, county)
    other_county = add(OTHER_COUNTY, "乙县", Level.COUNTY, city)
    other_town = add(OTHER_TOWN, "东镇", Level.TOWNSHIP, other_county)
    add(VILLAGE, "崾岘村委会", Level.VILLAGE, town)
    add(SISTER_VILLAGE, "柳湾村委会", Level.VILLAGE, town)
    add(FAR_VILLAGE, "崾岘村委会", Level.VILLAGE, sister_town)
    add(COMMUNITY, "东关社区居委会", Level.VILLAGE, sister_town)
    add(OTHER_VILLAGE, "崾岘村委会", Level.VILLAGE, other_town)


def load_tree(session: Session) -> Tree:
    """Load the tree that was built in this database."""
    found = {tenant.division_code: tenant for tenant in session.scalars(select(Tenant))}
    return Tree(
        nation=found["CN"],
        county=found[COUNTY],
        town=found[TOWN],
        sister_town=found[SISTER_TOWN],
        village=found[VILLAGE],
        sister_village=found[SISTER_VILLAGE],
        far_village=found[FAR_VILLAGE],
        community=found[COMMUNITY],
        other_county=found[OTHER_COUNTY],
        other_town=found[OTHER_TOWN],
        other_village=found[OTHER_VILLAGE],
    )


class _Adder:
    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, code: str, name: str, level: Level, parent: Tenant | None) -> Tenant:
        return create_tenant(self._session, code=code, name=name, level=level, parent=parent)
