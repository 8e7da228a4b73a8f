"""Find home addresses that reach a house: 石桥镇柳湾村三组12号, 幸福小区3号楼2单元501室.

A street with a number alone (人民路18号) is a home only where words such as 住址 say so; addresses
of offices stay. What offices write about themselves names the office or says 办公, 地点, 受理.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.privacy.domain.findings import FindingKind, PersonalFinding
from core.privacy.domain.masks import mask_address
from core.privacy.domain.pasted import PastedLists

_N = r"[\d一二三四五六七八九十百零〇○]{1,6}(?:[-－—之]\d{1,4})*"
_B = r"[ \u3000]?"
# What makes 12号 a thing and no house: 3号机井, 12号地块, 5号文件, 8号线.
_THING = (
    r"(?!(?:文件?|令|公告|通知|地块?|机?井|路|线|桥|坝|大?棚|厂|店|变|台区|泵|池|渠|项目|图斑?|宗地"
    r"|标段?|田|塘|点|票|选手)(?![0-9]))"
)
_ROOM = (
    rf"(?:{_B}{_N}{_B}(?:号楼|号院|栋|幢|座|#楼?))?(?:{_B}{_N}{_B}单元)?(?:{_B}{_N}{_B}[层楼])?"
    rf"(?:{_B}{_N}{_B}(?:室|户|号|房))?(?:{_B}附{_B}{_N}{_B}号)?"
)
_GROUP = rf"(?<!第){_N}{_B}(?:(?:村民|居民)?小?组|[队社屯])"
_VILLAGE_HOUSE = rf"(?:{_GROUP}|(?<=[村庄屯沟湾坪营堡寨组])){_B}{_N}{_B}号{_THING}{_ROOM}"
_FLAT = (
    rf"{_N}{_B}(?:号楼|号院|栋|幢|座|#楼?|号){_B}(?:{_N}{_B}单元{_B}(?:{_N}{_B}[层楼])?{_B}{_N}{_B}[室户号房]?"
    rf"|(?:{_N}{_B}[层楼])?{_B}{_N}{_B}[室户]|\d{{1,2}}-\d{{3,4}}[室户]?)|{_N}{_B}单元{_B}{_N}{_B}[室户号房]?"
)
_STREET_HOUSE = rf"(?<=[路街巷弄道同]){_N}{_B}号{_THING}{_ROOM}"
#: The end of an address: the part below the village, the estate or the street.
_HOUSE = re.compile(rf"(?P<flat>{_FLAT})|(?P<village>{_VILLAGE_HOUSE})|(?P<street>{_STREET_HOUSE})")
_SIGN = re.compile(r"(?<=[\d一二三四五六七八九十百零〇○ ])(?:号|栋|幢|座|#|单元)")
_BEFORE_SIGN, _AFTER_SIGN = 24, 40
_PLACE = re.compile(r"[\u3400-\u9fff\d（）()·-]{0,40}$")
_LEAD = re.compile(
    r".*(?:家庭住址|家庭地址|户籍地址|户籍地|户籍所在地|住址|住所地?|地址|家住|现住|租住|暂住|居住于|居住在|居住地|住在|坐落于?|位于|搬[至到]|迁[至到])"
    r"|^.*?(?<![居安])住(?=.{0,6}[省市县区镇乡村路街])"
)
_HOME = re.compile(
    r"住址|家庭地址|家庭所在|户籍(?:地|所在|在)|户口(?:所在|在)|家住|现住|租住|暂住|居住|住在|住所|房屋坐落|本人地址|入户地|(?<![居安])住(?=.{0,20}$)"
)
_OFFICE = re.compile(
    r"办公|大厅|中心|窗口|受理|报名|地点|单位|机关|政府|委员会|居委|村委|局|公司|企业|学校|医院|卫生|派出所|营业|网点"
    r"|厂|店|站|评议|会议|接待|来信|邮寄|邮编|通讯|法院|银行|社址|机构|建设|工程|集合|办事|咨询|监督|举报|支行"
)
_LOOKED_BACK = 48
_CLAUSE = re.compile(r"[。;；!！?？\n\t]")
#: Heads of columns with homes; cells below them need no house number.
_HOME_HEAD = re.compile(r"住址|住所|居住地|户籍地|家庭地址|户籍地址|家庭所在")
_BELOW_TOWN = re.compile(r"[村组队社屯路街巷弄号室区苑园庄楼]")


@dataclass(frozen=True, slots=True)
class _House:
    """The end of an address, and what stands before it."""

    match: re.Match[str]
    head: str

    @property
    def before(self) -> str:
        start = self.match.start()
        return self.match.string[max(0, start - _LOOKED_BACK) : start]

    def is_home(self) -> bool:
        clause = _CLAUSE.split(self.before)[-1]
        nearest = max(_last(_HOME, clause), 0 if _HOME.search(self.head) else -1)
        office = max(_last(_OFFICE, clause), 0 if _OFFICE.search(self.head) else -1)
        if nearest >= 0:
            return nearest >= office
        return office < 0 and self.match.lastgroup != "street"


def find_addresses(text: str, head: str, lists: PastedLists) -> list[PersonalFinding]:
    """Return the home addresses in a text; `head` stands over the column it is a cell of."""
    found = [_to_finding(house) for house in _find_houses(text, head)]
    if "住" in text or "户籍" in text:
        found += _find_listed(lists)
    return found


def is_home_head(head: str) -> bool:
    """Say whether a head stands over a column of homes."""
    return _HOME_HEAD.search(head) is not None


def find_cell_address(cell: str, head: str) -> PersonalFinding | None:
    """Return the address that a cell of a column of homes is, also without a house number."""
    if not _HOME_HEAD.search(head) or not _BELOW_TOWN.search(cell):
        return None
    masked = mask_address(cell)
    return PersonalFinding(FindingKind.ADDRESS, 0, len(cell), cell, masked)


def _find_houses(text: str, head: str) -> Iterator[_House]:
    """Yield the homes; only what stands around the sign of a house is matched in full."""
    end = 0
    for sign in _SIGN.finditer(text):
        if sign.start() < end:
            continue
        start = max(end, sign.start() - _BEFORE_SIGN)
        match = _HOUSE.search(text, start, sign.end() + _AFTER_SIGN)
        if match and match.start() <= sign.start() < match.end():
            end = match.end()
            house = _House(match, head)
            if house.is_home():
                yield house


def _to_finding(house: _House) -> PersonalFinding:
    match = house.match
    place = _PLACE.search(house.before)
    known = place.group() if place else ""
    lead = _LEAD.match(known)
    start = match.start() - len(known) + (lead.end() if lead else 0)
    address = match.string[start : match.end()]
    return PersonalFinding(FindingKind.ADDRESS, start, match.end(), address, mask_address(address))


def _find_listed(lists: PastedLists) -> list[PersonalFinding]:
    """Return the addresses in the columns of pasted lists whose head says that they are homes."""
    found = list[PersonalFinding]()
    for head, start, cell in lists.list_cells(_HOME_HEAD.search):
        finding = find_cell_address(cell, head)
        if finding is not None:
            end = start + len(cell)
            found.append(PersonalFinding(finding.kind, start, end, cell, finding.masked))
    return found


def _last(words: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in words.finditer(text)), default=-1)
