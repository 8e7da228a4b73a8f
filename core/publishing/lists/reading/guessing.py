"""Guess what the columns of a list hold, by their headings and cells; a person may correct it."""

import re
from collections.abc import Iterator, Sequence

from core.publishing.lists.cells import fits, to_number
from core.publishing.lists.domain.model import (
    LONGEST_NAME,
    LONGEST_UNIT,
    Cells,
    ColumnType,
    TypedColumn,
)
from core.tables.fields.fillers import holds_value
from core.tables.names import is_name_like
from core.tables.text import fold, squeeze, tidy

_UNIT = re.compile(
    r"(?:[百千万亿]?元|亩|公顷|平方米|平方公里|公里|米|㎡|m2|人|户|个|头|只|斤|公斤|千克|吨|天|日|月|年|岁|次|套"
    r"|座|处|%|％|分)(?:/.{1,4})?"
)
_WITH_UNIT = re.compile(r"(.+?)[\s,:]*\(([^()]{1,8})\)")
_UNIT_AFTER = re.compile(r"(.+?)[/]((?:[百千万]?元|亩|人|户|个|斤|吨)(?:/.{1,4})?)")
_HEADINGS = (
    (ColumnType.ID_NUMBER, re.compile(r"身份证|证件号|身份号码|公民身份")),
    (ColumnType.PHONE, re.compile(r"电话|手机|联系方式|联系号码")),
    (ColumnType.ADDRESS, re.compile(r"住址|地址|住所|户籍地|居住地")),
    (ColumnType.DATE, re.compile(r"日期|时间$|出生年月|年月日|年月$")),
    (ColumnType.NAME, re.compile(
        r"姓名|户主$|农户$|户名|名字|负责人|联系人|申请人|受益人|领取人|承包人|种植户|补贴对象|救助对象|保障对象|法定代表人"
    )),
)  # fmt: skip
_MONEY = re.compile(r"金额|资金|补贴|补助|救助金|奖金|标准|单价|价款|收入|支出|余额|费|款$|薪|元")
_LABEL = re.compile(r"序号|编号|代码|号码|户号|批次|年度|组别|考号|排名|名次|期$")
_MOSTLY = 0.7
_LOOKED_AT = 500


def guess_columns(heads: Sequence[str], rows: Sequence[Cells]) -> tuple[TypedColumn, ...]:
    """Return the columns of these headings, with the keys c1, c2 and so on."""
    return tuple(
        _guess(f"c{place + 1}", head, [row[place] for row in rows[:_LOOKED_AT]])
        for place, head in enumerate(heads)
    )


def _guess(key: str, heading: str, cells: Sequence[str]) -> TypedColumn:
    name, unit = split_unit(heading)
    filled = [cell for cell in cells if holds_value(cell)]
    return TypedColumn(key, name[:LONGEST_NAME], guess_type(name, unit, filled), unit)


def split_unit(heading: str) -> tuple[str, str]:
    """Split 补贴面积(亩) into its name and its unit; what is no unit stays in the name."""
    plain = tidy(heading)
    for pattern in (_WITH_UNIT, _UNIT_AFTER):
        found = pattern.fullmatch(fold(plain))
        if found and _UNIT.fullmatch(unit := squeeze(found[2]).removeprefix("单位:")):
            return plain[: len(found[1])].strip(), unit[:LONGEST_UNIT]
    return plain, ""


def guess_type(name: str, unit: str, filled: Sequence[str]) -> ColumnType:
    """Return the type that a heading names and its cells bear out, else the type of the cells."""
    plain = squeeze(fold(name))
    for kind, pattern in _HEADINGS:
        if pattern.search(plain) and _mostly(fits(TypedColumn("", "", kind), c) for c in filled):
            return kind
    if filled and _mostly(map(_is_number, filled)) and not _LABEL.search(plain):
        return ColumnType.MONEY if _is_money(plain, unit) else ColumnType.NUMBER
    return _guess_by_cells(filled)


def _is_money(plain: str, unit: str) -> bool:
    return "元" in unit or (not unit and _MONEY.search(plain) is not None)


def _guess_by_cells(filled: Sequence[str]) -> ColumnType:
    if not filled:
        return ColumnType.TEXT
    if _mostly(_has_length(cell, range(15, 19)) for cell in filled):
        return ColumnType.ID_NUMBER
    if _mostly(_is_mobile(cell) for cell in filled):
        return ColumnType.PHONE
    if len(filled) > 1 and all(map(is_name_like, filled)):
        return ColumnType.NAME if len(set(filled)) * 2 > len(filled) else ColumnType.TEXT
    return ColumnType.TEXT


def _has_length(cell: str, lengths: range) -> bool:
    plain = squeeze(fold(cell)).upper().replace("X", "0").replace("*", "0")
    return plain.isdigit() and len(plain) in lengths


def _is_mobile(cell: str) -> bool:
    plain = squeeze(fold(cell))
    return re.fullmatch(r"1[3-9][\d*]{9}", plain) is not None


def _is_number(cell: str) -> bool:
    try:
        return to_number(cell) is not None
    except ValueError:
        return False


def _mostly(answers: "Iterator[bool] | map[bool]") -> bool:
    """Say whether most answers are yes; where there are none, too."""
    told = list(answers)
    return sum(told) >= _MOSTLY * len(told)
