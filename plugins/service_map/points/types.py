"""Types of points: those built in, and as counties have changed them, with what each asks for.

A county may add types of its own and give these other names or fields; those below inherit them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import CustomField, CustomKind, Tenant, custom_from_json

from ..models.point import PointType

MOST_FIELDS = 12


@dataclass(frozen=True, slots=True)
class PointSchema:
    """A type: its key, its name, other names by which offices call it, its fields."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    fields: tuple[CustomField, ...] = ()


def _yes_no(key: str, label: str) -> CustomField:
    return CustomField(key, label, CustomKind.YES_NO)


BUILT_IN = (
    PointSchema(
        "hall", "政务服务中心", ("政务服务大厅", "政务大厅", "行政服务中心", "市民中心"),
        (CustomField("windows", "窗口数", CustomKind.NUMBER),
         _yes_no("self_service", "自助服务区")),
    ),
    PointSchema("center", "便民服务中心", ("党群服务中心", "乡镇便民服务中心", "街道便民服务中心")),
    PointSchema("station", "便民服务站", ("便民服务点", "村党群服务站", "代办点", "村便民服务站")),
    PointSchema(
        "reading", "政府信息查阅点", ("查阅点", "政府信息查阅场所", "查阅场所"),
        (_yes_no("computers", "可上网查询"), CustomField("copying", "复制收费")),
    ),
    PointSchema(
        "terminal", "自助服务终端", ("自助终端", "自助机", "一体机"),
        (_yes_no("all_day", "二十四小时开放"), CustomField("placed_in", "所在位置")),
    ),
    PointSchema("board", "公示栏", ("公开栏", "村务公开栏", "政务公开栏", "宣传栏")),
    PointSchema(
        "clinic", "卫生院（室）", ("卫生院", "卫生室", "村卫生室", "乡镇卫生院"),
        (_yes_no("vaccination", "预防接种"), _yes_no("emergency", "夜间急诊")),
    ),
    PointSchema("police", "派出所户籍窗口", ("派出所", "户籍室", "警务室")),
    PointSchema(
        "bank", "金融便民点", ("助农取款点", "社保卡制卡网点", "银行网点", "助农取款服务点"),
        (_yes_no("cards", "即时制卡"),),
    ),
    PointSchema("utility", "水电气暖服务点", ("供电所", "营业厅", "水费缴费点", "燃气服务点")),
    PointSchema("elderly", "养老助餐点", ("老年食堂", "日间照料中心", "幸福院")),
    PointSchema("legal", "公共法律服务点", ("法律援助工作站", "公证处", "公共法律服务站")),
    PointSchema("hotline", "服务热线", ("热线",)),
    PointSchema("other", "其他服务点", ("其他",)),
)  # fmt: skip

#: Facilities that may be said of a point.
FACILITIES = (
    "step_free", "lift", "toilet", "low_counter", "wheelchair", "parking", "braille",
    "sign_language", "hearing_loop", "large_print", "home_visit",
)  # fmt: skip

Types = Mapping[str, PointSchema]


def load_types(session: Session, tenant: Tenant) -> dict[str, PointSchema]:
    """Load the types by key, in their order; the nearest place that says something wins.

    The session must reach the places above (every scope reads inherited rows).
    """
    types = {schema.key: schema for schema in BUILT_IN}
    rows = session.scalars(select(PointType).where(PointType.tenant_id.in_(tenant.chain)))
    for row in sorted(rows, key=lambda row: (tenant.chain.index(row.tenant_id), row.id)):
        if row.is_used:
            types[row.key] = to_schema(row)
        else:
            types.pop(row.key, None)
    return types


def to_schema(row: PointType) -> PointSchema:
    """Convert a stored type."""
    return PointSchema(row.key, row.label, tuple(row.aliases), custom_from_json(row.fields))


def find_type(types: Types, key: str) -> PointSchema:
    """Return a type; one that is used no more still has its built-in or plain name."""
    built_in = {schema.key: schema for schema in BUILT_IN}
    return types.get(key) or built_in.get(key) or PointSchema(key, key)


def list_type_options(types: Types) -> list[dict[str, str]]:
    """List types for a form to choose from."""
    return [{"value": key, "label": schema.label} for key, schema in types.items()]


def usual_type(level: str) -> str:
    """Return the type that a place of this level usually enters."""
    return {"county": "hall", "township": "center"}.get(level, "station")
