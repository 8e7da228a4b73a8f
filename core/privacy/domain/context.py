"""What the words around a number say of it: whose it is, or that it is a record's."""

import re
from dataclasses import dataclass, fields

from core.privacy.domain.pasted import PastedLists

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


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """What the words of a column say of each of its cells that are nothing but a number."""

    says_card: bool
    says_id: bool
    says_disability: bool
    says_phone: bool
    says_record: bool
    says_numbered: bool
    is_amount: bool
    lists_people: bool


def read_column_words(head: str, *, lists_people: bool) -> ColumnWords:
    """Read what the head of a column says; `lists_people`: a cell of it speaks of 身份证."""
    words = NumberContext("", (0, 0), head, PastedLists(""))
    said = {field.name: getattr(words, field.name) for field in fields(ColumnWords)}
    return ColumnWords(**said | {"lists_people": lists_people})


class NumberContext:
    """The text around one number, looked at only where the number alone does not tell.

    `head` is the head of the column of the table that the text is a cell of.
    """

    def __init__(self, text: str, span: tuple[int, int], head: str, lists: PastedLists) -> None:
        self._text, self._lists, self._head = text, lists, head
        self._start, self._end = span
        before = text[max(0, self._start - _LOOKED_BACK) : self._start]
        #: What stands before the number in its clause.
        self._clause = _CLAUSE.split(before)[-1]
        self._column: str | None = None
        self._after: str | None = None

    @property
    def column(self) -> str:
        """The head of the column that the number stands in, of a table or a pasted list."""
        if self._column is None:
            self._column = self._head or self._lists.head_at(self._start)
        return self._column

    @property
    def after(self) -> str:
        """What a bracket right behind the number says: 13800138000(手机)."""
        if self._after is None:
            word = _AFTER_WORD.match(self._text, self._end, self._end + _LOOKED_AHEAD)
            self._after = word["word"] if word else ""
        return self._after

    def _say(self, words: re.Pattern[str]) -> bool:
        return bool(
            words.search(self._clause) or words.search(self.after) or words.search(self.column)
        )

    @property
    def says_card(self) -> bool:
        if _SAYS_CARD.search(self._clause) or _SAYS_CARD.search(self.after):
            return True
        return bool(_SAYS_CARD_HEAD.search(self.column))

    @property
    def says_id(self) -> bool:
        return self._say(_SAYS_ID)

    @property
    def says_disability(self) -> bool:
        return self._say(_SAYS_DISABILITY)

    @property
    def says_phone(self) -> bool:
        return self._say(_SAYS_PHONE)

    @property
    def says_record(self) -> bool:
        """Whether words such as 合同编号 say that the number is no person's."""
        if _SAYS_RECORD.search(self._clause):
            return not self._say(_SAYS_PERSON)
        return bool(_SAYS_RECORD.search(self.column)) and not self._say(_SAYS_PERSON)

    @property
    def says_numbered(self) -> bool:
        """Whether a word such as 编号 stands before: a number that has no check digits is none."""
        named = _SAYS_NUMBERED.search(self._clause) or _SAYS_NUMBERED.search(self.column)
        return bool(named) and not self._say(_SAYS_PERSON)

    @property
    def is_amount(self) -> bool:
        """Whether a unit follows, or the column holds sums of money or areas."""
        if _UNIT_AFTER.match(self._text, self._end):
            return True
        return bool(_SAYS_AMOUNT.search(self.column)) and not self._say(_SAYS_PERSON)

    @property
    def lists_people(self) -> bool:
        return "身份证" in self._text
