"""What the words around a number say of it: whose it is, or that it is a record's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

# What stands before a number in its clause says what it is; 16 characters are looked at.
_CLAUSE = re.compile(r"[。;；!！?？\n]")
_LOOKED_BACK = 16
_LOOKED_AHEAD = 8
_AFTER_WORD = re.compile(r"\s*[((【\[](?P<word>[^))】\]]{2,6})[))】\]]")

_CARD = r"银行卡|卡号|一卡通|一折通|银行账号|银行帐号|银行账户|开户账号|存折|社保卡"
_CARD_HEAD = r"账号|帐号|账户|帐户"
_ID = r"身份证|身份号码|公民身份|证件号"
_PHONE = r"手机|电话|联系|[Tt][Ee][Ll]|[Pp]hone|[Mm]obile"
_SAYS_CARD = re.compile(_CARD)
_SAYS_CARD_HEAD = re.compile(rf"{_CARD}|{_CARD_HEAD}")
_SAYS_ID = re.compile(_ID)
_SAYS_PHONE = re.compile(_PHONE)
_SAYS_DISABILITY = re.compile(r"残疾人?证|残疾证?号|残联证")
_SAYS_PERSON = re.compile(rf"{_CARD}|{_ID}|残疾人?证|{_PHONE}")
_SAYS_RECORD = re.compile(
    r"(?:合同|协议|项目|标段|招标|采购|发票|订单|流水|案件|案号|档案|索引|宗地|地块|图斑|资产|设备|信用代码"
    r"|文件|凭证|许可|批次|票据|收据|运单|工单|受理号|产权证|不动产|登记证|注册号|备案|批准文号|条形?码"
    r"|序列号|坐标|经度|纬度|公众号|区划代码|村代码)[^0-9,，]{0,6}$"
)
_SAYS_NUMBERED = re.compile(r"(?:编号|编码|代码|单号|文号|税号|识别号)[^0-9,，]{0,3}$")
_SAYS_AMOUNT = re.compile(r"金额|面积|合计|总计|余额|资金|数量|单价|产值|收入|支出|价款")
_UNIT_AFTER = re.compile(
    r"\s*(?:多|余)?\s*(?:[元亩吨斤株羽尾]|[万亿]|公[斤里顷]|千[克米瓦]|平方|立方|㎡|m²|[kK][WwGg]|[人户头只件棵]次?(?![:：]))"
)

# A line of heads stands above lines of a pasted list; cells are parted by tabs, bars, commas or
# blanks.
_TAB = re.compile(r"\t")
_CELL_GAPS = (_TAB, *(re.compile(gap) for gap in (r"\|", r"[,，]", r"[ \u3000]+")))
_HEAD = re.compile(
    rf"{_CARD}|{_CARD_HEAD}|{_ID}|残疾人?证|{_PHONE}|编号|代码|凭证|流水|合同|金额|面积|住址|地址|姓名|户主|车牌"
)
_NO_HEAD = re.compile(r"\d{5}|[。;；]")
_LONGEST_HEAD = 400


@dataclass
class NumberContext:
    """The text around one number, looked at only where the number alone does not tell.

    `head` is the head of the column of the table that the text is a cell of.
    """

    text: str
    start: int
    end: int
    head: str = ""

    @cached_property
    def clause(self) -> str:
        """What stands before the number in its clause, or else over its column."""
        before = self.text[max(0, self.start - _LOOKED_BACK) : self.start]
        return _CLAUSE.split(before)[-1]

    @cached_property
    def column(self) -> str:
        return self.head or find_head(self.text, self.start)

    @cached_property
    def after(self) -> str:
        """What a bracket right behind the number says: 13800138000(手机)."""
        word = _AFTER_WORD.match(self.text[self.end : self.end + _LOOKED_AHEAD])
        return word["word"] if word else ""

    def _say(self, words: re.Pattern[str]) -> bool:
        return bool(
            words.search(self.clause) or words.search(self.after) or words.search(self.column)
        )

    @cached_property
    def says_card(self) -> bool:
        if _SAYS_CARD.search(self.clause) or _SAYS_CARD.search(self.after):
            return True
        return bool(_SAYS_CARD_HEAD.search(self.column))

    @cached_property
    def says_id(self) -> bool:
        return self._say(_SAYS_ID)

    @cached_property
    def says_disability(self) -> bool:
        return self._say(_SAYS_DISABILITY)

    @cached_property
    def says_phone(self) -> bool:
        return self._say(_SAYS_PHONE)

    @cached_property
    def says_record(self) -> bool:
        """Whether words such as 合同编号 say that the number is no person's."""
        if _SAYS_PERSON.search(self.clause) or _SAYS_PERSON.search(self.after):
            return False
        if _SAYS_RECORD.search(self.clause):
            return True
        return bool(_SAYS_RECORD.search(self.column)) and not _SAYS_PERSON.search(self.column)

    @cached_property
    def says_numbered(self) -> bool:
        """Whether a word such as 编号 stands before: a number that has no check digits is none."""
        named = _SAYS_NUMBERED.search(self.clause) or _SAYS_NUMBERED.search(self.column)
        return bool(named) and not self._say(_SAYS_PERSON)

    @cached_property
    def is_amount(self) -> bool:
        """Whether a unit follows, or the column holds sums of money or areas."""
        if _UNIT_AFTER.match(self.text, self.end):
            return True
        return bool(_SAYS_AMOUNT.search(self.column)) and not self._say(_SAYS_PERSON)

    @cached_property
    def lists_people(self) -> bool:
        return "身份证" in self.text


def find_head(text: str, position: int) -> str:
    """Return the head of the column that a place of a pasted list stands in, or nothing."""
    line_start = text.rfind("\n", 0, position) + 1
    line_end = text.find("\n", position)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    for gap in _CELL_GAPS:
        cells = _split(gap, line)
        if len(cells) < 3:
            continue
        column = len(_split(gap, text[line_start:position], is_whole=False)) - 1
        heads = _find_heads(text, line_start, gap, len(cells))
        if heads:
            return heads[column] if column < len(heads) else ""
    return ""


def _find_heads(text: str, before: int, gap: re.Pattern[str], count: int) -> list[str]:
    """Return the nearest line of as many heads above a line, at most 400 lines up."""
    end = before - 1
    for _ in range(_LONGEST_HEAD):
        if end <= 0:
            return []
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end]
        end = start - 1
        if _HEAD.search(line) and not _NO_HEAD.search(line):
            heads = _split(gap, line)
            return heads if len(heads) == count else []
    return []


def _split(gap: re.Pattern[str], line: str, *, is_whole: bool = True) -> list[str]:
    """Split a line into cells; an empty cell at either end counts where tabs part them."""
    if gap is _TAB:
        return gap.split(line)
    return gap.split(line.strip() if is_whole else line.lstrip())


def split_list(text: str, heads: re.Pattern[str]) -> Iterator[tuple[str, int, str]]:
    """Yield the cells of pasted lists below such heads: the head, the cell's start, the cell."""
    head, column, count = "", -1, 0
    gap = _CELL_GAPS[0]
    start = 0
    for line in text.split("\n"):
        if heads.search(line) and not _NO_HEAD.search(line):
            gap = next((each for each in _CELL_GAPS if len(_split(each, line)) > 2), gap)
            cells = _split(gap, line)
            named = [number for number, cell in enumerate(cells) if heads.search(cell)]
            head, column, count = (cells[named[0]], named[0], len(cells)) if named else ("", -1, 0)
        elif count > 2 and len(_split(gap, line)) == count:
            cell_start = start + (0 if gap is _TAB else len(line) - len(line.lstrip()))
            gaps = list(islice(gap.finditer(text, cell_start), column))
            yield head, gaps[-1].end() if gaps else cell_start, _split(gap, line)[column]
        start += len(line) + 1
