"""The five statutory sections of 政府信息公开, as 国办公开办函〔2019〕61号 names them."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class StatutorySection:
    """A statutory section: its place in the address, its name, its ColumnType in page tags."""

    key: str
    name: LazyString
    summary: LazyString
    column_type: str


SECTIONS = (
    StatutorySection(
        "guide", _l("Disclosure guide"), _l("What is public and how to obtain it"), "信息公开指南"
    ),
    StatutorySection(
        "system", _l("Disclosure rules"), _l("The rules that disclosure follows"), "政策文件"
    ),
    StatutorySection(
        "statutory",
        _l("Statutory content"),
        _l("What the law wants published proactively"),
        "信息公开目录",
    ),
    StatutorySection("annual", _l("Annual reports"), _l("The work of each year"), "信息公开年报"),
    StatutorySection(
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


def find_section(key: str) -> StatutorySection | None:
    """Find the section by its place in the address."""
    return next((section for section in SECTIONS if section.key == key), None)
