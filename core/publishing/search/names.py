"""Protection of personal names in search: which text of lists about persons is indexed.

The page shows the names while the publicity period lasts. They are not searchable, unless the
catalog item permits it: with 是 in its extra column 姓名可检索.
"""

import re
from collections.abc import Sequence

from lxml import html
from lxml.html import HtmlElement

from core.catalog.domain.changes import Fields
from core.publishing.body.convert import LONGEST_SUMMARY, build_summary, to_text
from core.publishing.models import Publication
from core.publishing.vocabulary import PUBLICITY

FINDABLE = "姓名可检索"
_YES = {"是", "可", "yes"}
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦"
    "马苗方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮齐康伍余元卜顾孟黄穆萧尹姚邵汪祁"
    "毛狄米贝明臧计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡"
    "凌霍虞万支柯管卢莫房丁邓洪包左石崔吉龚程邢裴陆荣翁甄曲封储靳段焦巴侯班仇祖武刘景詹龙叶司黎白蒲"
    "赖乔阎闫覃冉牛肖曾关温庄晏柴瞿欧阳向古易廖耿匡文寇广师巩聂晁敖辛简饶沙丰查游权司马上官诸葛"
)
_NAME = rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,3}}"
# 张三、李四、王五; 张三,男; 户主 张三
_ROW_OF_NAMES = re.compile(
    rf"{_NAME}(?:(?:[ \u3000]*[、,,;;/][ \u3000]*{_NAME})+|(?:[ \u3000]+{_NAME}){{2,}})"
    r"(?![\u4e00-\u9fff])"
)
_DESCRIBED = re.compile(rf"(?<![\u4e00-\u9fff]){_NAME}(?=\s*[,,((]\s*[男女])")
# Headings of columns that tell who somebody is; 农户数 and 补贴人数 count them only.
_PERSON = re.compile(
    r"(姓名|户主|农户|[人者员]|对象|学生|考生|成员|证件号码?|身份证号?码?|电话|号码|住址|银行卡号?|账号)"
    r"(名称|名单|情况)?([((].*[))])?$"
)
_HEADS = 2
_LABELLED = re.compile(
    rf"((?:姓名|户主|农户|[申请受益当事承租]人|对象)[::\s]+){_NAME}(?![\u4e00-\u9fff])"
)


def may_name_persons(publication: Publication) -> bool:
    """Return whether a publication is a list that people may object to (公示)."""
    return publication.genre == PUBLICITY or _has_a_period(publication)


def _has_a_period(publication: Publication) -> bool:
    return publication.publicity_until is not None or publication.publicity_days is not None


def findable_text(publication: Publication, *, names: bool) -> tuple[str, str]:
    """Return the searchable summary and text, with or without names of persons."""
    markup = publication.body_html
    if names:
        return publication.summary, to_text(markup)
    surely = _has_a_period(publication)
    text = without_names(to_text(without_persons(markup, surely=surely)))
    made = publication.summary == build_summary(markup)
    return " ".join(text.split())[:LONGEST_SUMMARY] if made else without_names(
        publication.summary
    ), text


def lets_names_be_found(item: Fields | None) -> bool:
    """Return whether a catalog item permits finding persons in its lists by name."""
    extra = (item or {}).get("extra")
    said = extra.get(FINDABLE) if isinstance(extra, dict) else None
    return str(said or "").strip().lower() in _YES


def without_names(text: str) -> str:
    """Remove table rows of names, and names that are described or labelled, from a text."""
    return _LABELLED.sub(r"\1", _DESCRIBED.sub("", _ROW_OF_NAMES.sub("", text)))


def without_persons(markup: str, *, surely: bool) -> str:
    """Remove the columns that identify persons from the tables of sanitised HTML.

    Where none is seen and the list is `surely` about persons, only the headings are left.
    """
    if "<table" not in markup:
        return markup
    tree = html.fragment_fromstring(markup, create_parent="div")
    for table in tree.iter("table"):
        _leave_out_persons(list(table.iter("tr")), surely=surely)
    return str(html.tostring(tree, encoding="unicode"))


def _leave_out_persons(rows: Sequence[HtmlElement], *, surely: bool) -> None:
    cells = [list(row.iter("td", "th")) for row in rows]
    headings = [["".join(cell.text_content().split()) for cell in row] for row in cells[:_HEADS]]
    about = {place for row in headings for place, text in enumerate(row) if _PERSON.search(text)}
    joined = any(cell.get("colspan") or cell.get("rowspan") for row in cells for cell in row)
    if about and not joined:
        for row in cells[1:]:
            for place in about & set(range(len(row))):
                row[place].drop_tree()
    elif about or surely:
        for line in rows[1:]:
            line.drop_tree()
