"""Types of service points, the fields that each asks for, and facilities for people who need them.

A county may add types of its own and give these other names or fields; those below inherit them.
"""

from dataclasses import dataclass
from enum import StrEnum

MOST_FIELDS = 12


class FieldKind(StrEnum):
    """Kinds of fields that a type may ask for."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class TypeField:
    """A field of a type; `label` is a word of the data, `choices` those of a choice."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PointSchema:
    """A type: its key, its name, other names by which offices call it, its fields."""

    key: str
    label: str
    aliases: tuple[str, ...] = ()
    fields: tuple[TypeField, ...] = ()


def _yes_no(key: str, label: str) -> TypeField:
    return TypeField(key, label, FieldKind.YES_NO)


BUILT_IN = (
    PointSchema(
        "hall", "政务服务中心", ("政务服务大厅", "政务大厅", "行政服务中心", "市民中心"),
        (TypeField("windows", "窗口数", FieldKind.NUMBER), _yes_no("self_service", "自助服务区")),
    ),
    PointSchema("center", "便民服务中心", ("党群服务中心", "乡镇便民服务中心", "街道便民服务中心")),
    PointSchema("station", "便民服务站", ("便民服务点", "村党群服务站", "代办点", "村便民服务站")),
    PointSchema(
        "reading", "政府信息查阅点", ("查阅点", "政府信息查阅场所", "查阅场所"),
        (_yes_no("computers", "可上网查询"), TypeField("copying", "复制收费")),
    ),
    PointSchema(
        "terminal", "自助服务终端", ("自助终端", "自助机", "一体机"),
        (_yes_no("all_day", "二十四小时开放"), TypeField("placed_in", "所在位置")),
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
