"""A catalog of 2,000 items over four layers that speak, for benchmarks."""

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.catalog.models import CatalogChange, CatalogRevision
from core.clock import today
from core.db.base import utc_now
from core.db.tree import Tenant
from core.tenancy.domain import Level
from core.tenancy.service import create_tenant

ITEMS = 2_000
DOMAIN = "d"
REFINED = {"county": 400, "township": 100, "village": 20}
VILLAGE = "990101100201"


def item_id(n: int) -> str:
    """The id of an item."""
    return f"CN-{DOMAIN}-{n:04}"


def speak(session: Session) -> None:
    """Make a chain of four layers: the nation defines, the others refine."""
    above = None
    names = (("CN", "全国"), ("990101", "甲县"), ("990101100", "东镇"), (VILLAGE, "柳湾村委会"))
    for (code, name), level in zip(
        names, (Level.NATION, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE), strict=True
    ):
        above = create_tenant(session, code=code, name=name, level=level, parent=above)
        speak_at(session, above)


def speak_at(session: Session, tenant: Tenant) -> None:
    """Put the layer of a tenant's level into force."""
    level = Level(tenant.level)
    rows = _definitions() if level is Level.NATION else refinements(REFINED[level])
    store(session, tenant.id, rows)


def _definitions() -> list[dict[str, object]]:
    return [{"op": "define_domain", "domain": DOMAIN, "value": {"name": "领域"}}] + [
        {"op": "define", "item_id": item_id(n), "value": _fields(n)} for n in range(ITEMS)
    ]


def _fields(n: int) -> dict[str, object]:
    return {
        "domain": DOMAIN,
        "seq": str(n),
        "level1": f"一级事项{n % 40}",
        "level2": f"二级事项{n}",
        "level3": None,
        "content_elements": ["政策文件名称", "文号", "发文部门", "办理流程", "咨询电话"],
        "legal_basis": ["《中华人民共和国政府信息公开条例》(国务院令第711号)"],
        "time_limit": {"raw": "信息形成或者变更之日起20个工作日内", "rule": None},
        "responsible_organ": ["县级人民政府民政部门"],
        "channels": ["政府网站", "两微一端", "政务服务中心"],
        "audience": {"kind": "everyone", "text": None},
        "mode": "proactive",
        "levels": ["county", "township", "village"],
        "extra": None,
    }


def refinements(count: int) -> list[dict[str, object]]:
    return [
        {
            "op": "refine",
            "item_id": item_id(n),
            "field": "responsible_organ",
            "value": ["本地民政办"],
            "base": ["县级人民政府民政部门"],
        }
        for n in range(count)
    ]


def store(session: Session, tenant_id: int, rows: list[dict[str, object]]) -> None:
    revision = CatalogRevision(
        tenant_id=tenant_id, number=1, state="approved", effective_on=today(),
        decided_at=utc_now(), author_name="operator", summary={}, reason="县局要求",
    )  # fmt: skip
    session.add(revision)
    session.flush()
    columns = dict.fromkeys(("item_id", "domain", "field", "value", "base"))
    session.execute(
        insert(CatalogChange),
        [
            columns | row | {"tenant_id": tenant_id, "revision_id": revision.id, "position": n}
            for n, row in enumerate(rows)
        ],
    )
