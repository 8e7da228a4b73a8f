"""The five fixed parts of 政府信息公开, named alike everywhere (国办公开办函〔2019〕61号)."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Part:
    """A fixed part: its place in the address, its name, and its ColumnType for the page tags."""

    key: str
    name: LazyString
    summary: LazyString
    column_type: str


PARTS = (
    Part(
        "guide", _l("Disclosure guide"), _l("What is public and how to obtain it"), "信息公开指南"
    ),
    Part("system", _l("Disclosure rules"), _l("The rules that disclosure follows"), "政策文件"),
    Part(
        "statutory",
        _l("Statutory content"),
        _l("What the law wants published proactively"),
        "信息公开目录",
    ),
    Part("annual", _l("Annual reports"), _l("The work of each year"), "信息公开年报"),
    Part(
        "requests",
        _l("Disclosure on request"),
        _l("How to ask for what is not published"),
        "依申请公开",
    ),
)

NATIONAL_RULES = (
    "《中华人民共和国政府信息公开条例》（国务院令第711号）",
    "《国务院办公厅关于全面推进基层政务公开标准化规范化工作的指导意见》（国办发〔2019〕54号）",
    "《关于规范政府信息公开平台有关事项的通知》（国办公开办函〔2019〕61号）",
    "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）",
    "《中华人民共和国政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）",
)


def find_part(key: str) -> Part | None:
    """The fixed part at this place in the address."""
    return next((part for part in PARTS if part.key == key), None)
