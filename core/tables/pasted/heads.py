"""Tell the row of headings of a table from its rows: by its words, and by what stands below it."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from core.tables.names import is_name_like
from core.tables.text import fold, squeeze

#: Headings that are one word, and the words with which longer ones end (户主姓名, 补贴金额).
_WHOLE = re.compile(
    r"序|户|村|组|量|价|额|级|镇|序列|单价|总价|学历|专业|品种|品名|科目|摘要|收入|支出|余额|关系|等次|名次|排名"
    r"|总分|笔试|面试|签名|签字|签收|领取人|审批|社区|街道|小组|年度|月份|村民|成员|户主|农户|申请人|负责人"
    r"|法定代表人|家庭成员|本月|本期|小计|合计|是否.{1,8}|与户主.{0,4}|村\(?居\)?|行政村|自然村|乡镇|镇村|村组"
    r"|主要.{1,6}|享受.{1,6}|保障.{1,6}|困难.{1,6}|补助.{1,6}|公开.{2,4}|处理.{2,4}"
)
_ENDING = re.compile(
    r"(?:序号|编号|号码|姓名|名字|名称|人名|性别|民族|年龄|出生年月|证号|证件号|电话|手机|手机号|联系方式|住址|地址"
    r"|单位|职务|职称|职业|金额|资金|标准|备注|说明|日期|时间|期限|年限|类别|类型|种类|项目|组别|数量|人数|人口"
    r"|户数|面积|亩数|规格|型号|银行|账号|卡号|原因|事由|内容|结果|等级|档次|岗位|考号|成绩|依据|渠道|层级|方式"
    r"|对象|来源|用途|地点|主题|代码|情况|收支|单价|主体|部门|机构|比例|税额|学校|班级|车牌|职责)$"
)
_UNIT = re.compile(r"\([^()]*\)|/(?:元|人|亩|月|户|年|次).{0,2}$")
_LONGEST_HEADING = 14
_REMARK = re.compile(r"备注|说明|签名|签字|签收|领取人|盖章|其他|附注|联系电话|备考")
_YEAR = re.compile(r"(?:19|20)\d\d(?:年|年度)?")
_VALUE = re.compile(
    r"[-+¥￥$]?[\d,.]+(?:元|万元|亿元|人|户|亩|个|斤|吨|件|次|岁|天|分|%|％|公里|平方米|㎡|组|号)?"
    r"|\d{4}[-/.年]\d{1,2}(?:[-/.月](?:\d{1,2}日?)?)?.*"
    r"|[\d\-+ ()*xX×]{5,}|\d+[、.]?|[男女是否√✓×○●无有☑☐/\-—]"
)
_MASKED = re.compile(r"[\u4e00-\u9fff][*×xX某○]{1,3}[\u4e00-\u9fff]?")
_MONTHS = re.compile(r"\d{1,2}(?:月|月份|季度)|第?[一二三四]季度")


def is_value(cell: str) -> bool:
    """Say whether a cell holds a value (number, date, phone, masked name), so is no heading."""
    plain = squeeze(fold(cell))
    if not plain or _YEAR.fullmatch(plain) or _MONTHS.fullmatch(plain):
        return False
    return bool(_VALUE.fullmatch(plain) or _MASKED.fullmatch(plain))


def is_heading_word(cell: str) -> bool:
    """Say whether a cell is a heading as lists have it."""
    plain = _UNIT.sub("", squeeze(fold(cell)))
    if len(plain) > _LONGEST_HEADING or is_value(cell):
        return False
    return bool(_WHOLE.fullmatch(plain) or _ENDING.search(plain))


def is_remark_heading(cell: str) -> bool:
    """Say whether the cells below a heading are mostly empty (备注, 签名)."""
    return bool(_REMARK.search(squeeze(cell)))


def count_heading_words(cells: Sequence[str]) -> int:
    """Count the cells that are headings as lists have them."""
    return sum(map(is_heading_word, cells))


def is_surely_head(cells: Sequence[str]) -> bool:
    """Say whether a row is one of headings whatever stands around it.

    The first cell must be one: 村 and 组 also stand among the values of a row.
    """
    filled = [cell for cell in cells if cell]
    words = count_heading_words(filled)
    return (
        len(filled) > 1
        and words > 1
        and is_heading_word(filled[0])
        and 2 * words >= len(filled)
        and not any(map(is_value, filled))
    )


def is_head(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Say whether a first row is one of headings, by itself and by the rows below it."""
    if is_surely_head(cells):
        return True
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(map(is_value, filled)):
        return False
    return not any(_is_like_below(place, cell, below) for place, cell in enumerate(cells) if cell)


def _is_like_below(place: int, cell: str, below: Sequence[Sequence[str]]) -> bool:
    """Say whether a cell is of the kind of those below it: the same word, or names as they are."""
    others = [row[place] for row in below[:20] if place < len(row) and row[place]]
    if not others or is_heading_word(cell):
        return False
    named = is_name_like(cell) and sum(map(is_name_like, others)) * 3 >= len(others) * 2
    return named or cell in others


def is_second_head(first: Sequence[str], second: Sequence[str]) -> bool:
    """Say whether a row goes on with the headings above it, below merged cells of these."""
    if not second or second[0] or not any(second) or any(map(is_value, second)):
        return False
    gaps = {place for place, cell in enumerate(first) if not cell}
    placed = {place for place, cell in enumerate(second) if cell}
    beside = gaps | {place - 1 for place in gaps}
    return bool(gaps & placed) and placed <= beside and gaps <= placed


def join_heads(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Return one row of headings: those of the second row after the merged ones above them."""
    joined: list[str] = []
    above = ""
    for upper, lower in zip_longest(first, second, fillvalue=""):
        above = upper or (above if lower else "")
        joined.append(" ".join(filter(None, (above, lower))))
    return tuple(joined)
