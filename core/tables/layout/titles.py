"""Classify stand-alone lines: title, section, note, page number, contents entry."""

import re
from collections.abc import Callable
from typing import Literal

from core.tables.fields.enumeration import unnumbered
from core.tables.text import fold, squeeze, tidy

Kind = Literal["title", "contents", "section", "note", "page", "attachment", "furniture", "text"]

_LONGEST_TITLE = 70
_LONGEST_SECTION = 40
_ATTACHMENT = re.compile(r"^附[件表录]?[\d一二三四五六七八九十\-]{0,4}[:、.]?(?=$|[^\d])")
_TITLE_END = re.compile(
    r"(?:目录|目录表|目录清单|事项清单|公开清单|一览表|目录汇编)(?:\([^()]*\)|\d{4}年?版?)*$"
)
_DOMAIN_TITLE = re.compile(r"领域(?:[^,。;:]{0,16})$")
_CONTENTS = re.compile(r"(?:目录|目录表|领域|说明|清单|汇编|公开)(?:\([^()]*\))?[.…·\-]*\d{1,4}$")
_CONTENTS_HEAD = frozenset({"目录", "目次", "总目录"})
_PAGE = re.compile(
    r"^[-\u2013\u2014\u2500·.]*(?:第?\d{1,4}页?)(?:[/,]?共?\d{1,4}页?)?[-\u2013\u2014\u2500·.]*$"
)
_NOTE = re.compile(
    r"^(?:注|备注|说明|注释|注意|填表说明|填写说明|附注|\*|※)\s*\d*(?:[:、.]|[(\d]|$)|^[*※]"
)
_FURNITURE = re.compile(
    r"^(?:发布(?:时间|日期)|来源|信息来源|字体|浏览次数|阅读次数|索引号|打印|关闭|当前位置|您的位置|编制单位|填报单位"
    r"|单位|制表|填表人|填报人|联系人|联系电话|时间|日期|责任编辑|编辑)[:\[【]"
)
_SECTION = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十\d]{1,3}[部章节类])"
)
TITLE_LABEL, DOMAIN_LABEL = "目录名称", "领域"
_LABELLED = re.compile(rf"^(?P<label>{TITLE_LABEL}|{DOMAIN_LABEL})[:\uff1a](?P<value>.+)$")
_ITEM_NUMBER = re.compile(r"^\d{1,3}[.、)]")
_STRONG = re.compile(r"领域|政务公开|信息公开|标准目录|公开事项|村务公开|居务公开|公开目录")
_SENTENCE = re.compile(r"[。;]$|不编制|如下")
DOMAINS = (
    "重大建设项目",
    "公共资源交易",
    "财政预决算",
    "安全生产",
    "税收管理",
    "征地补偿",
    "国有土地上房屋征收",
    "保障性住房",
    "农村危房改造",
    "生态环境",
    "公共文化服务",
    "公共法律服务",
    "扶贫",
    "救灾",
    "食品药品监管",
    "城市综合执法",
    "就业",
    "社会保险",
    "社会救助",
    "养老服务",
    "户籍管理",
    "涉农补贴",
    "义务教育",
    "医疗卫生",
    "卫生健康",
    "市政服务",
    "城乡规划",
    "国土空间规划",
    "农业农村",
    "乡村振兴",
    "村务",
    "居务",
)
_BEFORE_DOMAIN_WORD = re.compile(r"(?:^|领域)(?P<name>.+?)(?=领域)")
_BEFORE_TITLE_WORDS = re.compile(
    r"^(?P<name>.+?)(?:基层|政务公开|政府信息|信息公开|公开事项|公开标准|公开参考|公开目录|标准目录|事项|公开)"
)
_PLACE = re.compile(
    r"^[\u4e00-\u9fff]{1,12}?(?:自治[县州旗]|[省县旗]|(?<!城)市|(?<![社地小园林牧灾库景])区|(?<![城村])镇"
    r"|(?<!城)乡|街道)(?:人民政府|办事处)?(?=.{2})"
)
_YEAR = re.compile(r"^\d{4}年?(?:度)?")
_IN_BRACKETS = re.compile(r"【[^【】]*】|\[[^\[\]]*\]|〔[^〔〕]*〕|\([^()]*\)")
#: What may stand before a title's words: bullets, quotation marks, an open bracket, a number.
_LEAD = re.compile(r"^(?:[^\w]|表\d{1,3}(?:[-.]\d{1,3})*|\d{1,3}(?:[-.]\d{1,3})*[.、)])+")
_NAME = re.compile(r"[\w、·]{1,20}")
#: Words before 领域 that say which domains are meant without naming one.
_NO_NAME = re.compile(
    r"(?:\d+|[一二三四五六七八九十两]+)?[个类项]?(?:试点|重点|新增|相关|有关|各|其他|其它|本|主要|基层|拓展|全部|所有)*"
)


def line_kind(text: str) -> Kind:
    """Say what a line or a row of one cell is."""
    word = fold(squeeze(text))
    return next((kind for kind, applies in _KINDS if applies(word)), "text")


def _is_contents(word: str) -> bool:
    if word in _CONTENTS_HEAD:
        return True
    return len(word) <= _LONGEST_TITLE and bool(_CONTENTS.search(word))


def _is_titled(word: str) -> bool:
    attached = _ATTACHMENT.match(word)
    return _is_title(word[attached.end() :] if attached else word)


def _is_section(word: str) -> bool:
    return (
        len(word) <= _LONGEST_SECTION and bool(_SECTION.match(word)) and not _SENTENCE.search(word)
    )


def _is_title(word: str) -> bool:
    if len(word) > _LONGEST_TITLE or _SENTENCE.search(word) or "," in word or "》" in word:
        return False
    if _ITEM_NUMBER.match(word) and not _STRONG.search(word):
        return False
    return bool(_TITLE_END.search(word) or (len(word) <= 30 and _DOMAIN_TITLE.search(word)))


#: In order: the first that applies.
_KINDS: tuple[tuple[Kind, Callable[[str], object]], ...] = (
    ("page", _PAGE.match),
    ("contents", _is_contents),
    ("note", _NOTE.match),
    ("furniture", _FURNITURE.match),
    ("title", _is_titled),
    ("attachment", _ATTACHMENT.match),
    ("section", _is_section),
)


def is_strong_title(text: str) -> bool:
    """Say whether a title speaks of open government, so that it can end a table by itself."""
    return line_kind(text) == "title" and bool(_STRONG.search(squeeze(text)))


def clean_title(text: str) -> str:
    """Return a title without its number, 附件 mark and contents page."""
    title = tidy(text)
    folded = fold(title)
    attached = _ATTACHMENT.match(folded)
    if attached and attached.end() < len(title):
        title = title[attached.end() :].lstrip(" :\uff1a")
    return unnumbered(title)


def labelled(text: str) -> tuple[str | None, str]:
    """Split a line that gives a catalog's title or domain with its label (领域:社会救助)."""
    match = _LABELLED.match(text.strip())
    return (match["label"], match["value"].strip()) if match else (None, text)


def section_name(text: str) -> str:
    """Return the name of a section without its number."""
    name = unnumbered(tidy(text))
    return name.rstrip(" :\uff1a;\uff1b。")


def find_domain_name(title: str | None) -> str | None:
    """Return the domain that a title names, without the place and the year; else `None`.

    A title with the word 领域 names its domain, known or not; any other title only a known one.
    Brackets (【新增领域】) hold remarks, unless nothing else in the title names a domain.
    """
    word = fold(squeeze(title or ""))
    outside = _IN_BRACKETS.sub("", word)
    inside = [bracket[1:-1] for bracket in _IN_BRACKETS.findall(word)]
    return next(filter(None, map(_named_domain, (outside, *inside))), None)


def _named_domain(word: str) -> str | None:
    word = _LEAD.sub("", word)
    for found in _BEFORE_DOMAIN_WORD.finditer(word):
        name = _without_place(_LEAD.sub("", found["name"]))
        if _NAME.fullmatch(name) and not _NO_NAME.fullmatch(name):
            return name
    match = _BEFORE_TITLE_WORDS.match(word)
    return _known(_without_place(match["name"]) if match else _without_place(word))


def _known(name: str) -> str | None:
    if name in DOMAINS:
        return name
    ending = [domain for domain in DOMAINS if name.endswith(domain)]
    return max(ending, key=len, default=None)


def _without_place(name: str) -> str:
    name = _YEAR.sub("", name)
    known = _known(name)
    if known and _is_place(name.removesuffix(known)):
        return known
    for _ in range(3):
        shorter = _PLACE.sub("", name, count=1)
        if shorter == name:
            break
        name = _YEAR.sub("", shorter)
    return name


def _is_place(prefix: str) -> bool:
    return not prefix or bool(re.search(r"(?:[省市县区旗镇乡村]|街道|社区|政府|版|年)$", prefix))
