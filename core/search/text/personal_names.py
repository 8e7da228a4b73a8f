"""Leave the names of persons out of a text that lists them: what is indexed of publicity lists.

Names of 200 shapes cannot all be known. So the question is turned round: of short runs of letters
between marks only known words stay, and of sentences only what a dictionary knows.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from core.tables.names import NAME_DOTS, SURNAMES, surname_length
from core.tables.pasted.heads import is_heading_word

LETTER = r"[\u3400-\u4dbf\u4e00-\u9fff〇\U00020000-\U0003134f]"
_BLANK = r"[ \t\u00a0\u2002\u2003\u3000]"
_RUN = re.compile(rf"{LETTER}+")
# 张 三, 欧 阳 德: letters alone between blanks are one name.
_SPACED = re.compile(
    rf"(?<!{LETTER}){LETTER}(?:{_BLANK}+[{NAME_DOTS}]|{_BLANK}+{LETTER}(?!{LETTER})){{1,11}}"
)
_DOTTED = re.compile(rf"{LETTER}{{1,8}}(?:{_BLANK}?[{NAME_DOTS}]{_BLANK}?{LETTER}{{1,8}})+")
_MASKED = re.compile(rf"{LETTER}{{1,2}}[*＊×○xX]{{1,3}}{LETTER}?")
_SURNAME = f"[{''.join(sorted(SURNAMES))}]"
_TITLED = re.compile(
    rf"{_SURNAME}{LETTER}{{1,3}}?(?=同志|先生|女士|老人|夫妇|一家|等人|等[\d一二三四五六七八九十]|之[子女妻父母夫])"
)
_LABELLED = re.compile(
    r"(户主|姓名|对象|村民|居民|党员|学生|组长|主任|书记|妻子|丈夫|儿子|女儿|父亲|母亲|配偶|申请人|负责人"
    rf"|联系人|监护人|当事人|代表人|成员|农户|教师|同志)(?=({_SURNAME}{LETTER}{{1,2}}))\2"
)
# Numbers of identity cards, bank cards and mobiles, whole or masked.
_NUMBER = re.compile(r"(?<![\dA-Za-z-])(?:\d[\d*＊xX]{13,18}|1[3-9][\d*＊]{9})(?![\dA-Za-z])")
# What is a name or a number of a person whatever stands around it.
UNMISTAKABLE = (_DOTTED, _MASKED, _NUMBER)
_GONE = "\x00"
_GAP = re.compile(rf"{_GONE}(?:[、,，;；/\s]*{_GONE})*")
_SHORT = 4
_PLACE = re.compile(r"(?:镇|乡|县|村|街道|社区|市|省|局|委会|办公室|中心|政府)$")
# Letters that stand alone in sentences and lists, and are no part of a name there.
ALONE = frozenset(
    "的了和与及在为是对将并按向等个户人月日年元内上下由其各每经以于至到从被让给但也都还又再更最很不无未有要"
    "会能可应须请把着过来去后前中外间时处所此该本我你他她它们这那者之而且或若如因故则即已正才共同全县市省"
    "区乡镇村组社街道路号楼室层期第次届批项条款章节份件台辆亩斤吨米里度分秒点半多少大小男女一二三四五六"
    "七八九十百千万亿两零天岁盏病残灾孤贫困款粮地甲乙丙丁戊己庚辛拟予现均仍约含共计非反另否"
)
# Letters of given names, and those with which names of Tibetans, Uighurs and Mongols are written.
GIVEN = frozenset(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华国建文志玉红春梅海云飞龙生林金永福祥荣贵吉庆安康宁"
    "宏光辉东胜利长江波斌宇浩然子轩雨桐涵梓萱嘉怡欣悦琳雪莉莲花菊月珍珠翠琴凤才德仁义礼智忠孝贤良善佳美慧俊"
    "豪健雄鹏鑫晨阳旭晓思远博卫兵立新民爱有成满仓天佑和顺向"
)
FOREIGN_LETTERS = frozenset(
    "扎西顿珠卓玛次仁格桑梅朵旺姆尕藏才让拉毛措吉巴特尔乌云其木斯琴高娃阿卜杜买提古丽吐逊热依汗不都马哈艾力尼亚"
    "孜赛麦合萨依布库尔班铁图雅娜仁苏日呼和宝音额勒德努热孜帕夏木沙塔肯叶努丹增丁贡布索朗顿罗草"
)
_FOREIGN = re.compile(f"[{''.join(sorted(FOREIGN_LETTERS))}]{{4,10}}")
_STAYS = frozenset(
    {"公示", "公告", "时间", "日期", "方式", "单位", "金额", "项目", "名单", "地点", "地址"}
)


def without_names(text: str) -> str:
    """Return a text without what may be a person's name, nor their numbers; words stay."""
    text = join_spaced(text)
    for pattern in (*UNMISTAKABLE, _FOREIGN):
        text = pattern.sub(_GONE, text)
    text = _LABELLED.sub(_after_label, _TITLED.sub(_without_title, text))
    return _GAP.sub("", _RUN.sub(lambda match: "".join(_known(match)), text))


def join_spaced(text: str) -> str:
    """Close up letters that stand alone between blanks: 张 三, 欧 阳 德."""
    return _SPACED.sub(lambda match: re.sub(_BLANK, "", match[0]), text)


def _after_label(match: re.Match[str]) -> str:
    kept = is_heading_word(match[2]) or _is_common(match[2]) or _is_common(match[2][:2])
    return match[0] if kept else match[1] + _GONE


def _without_title(match: re.Match[str]) -> str:
    return match[0] if _is_common(match[0]) else _GONE


def _is_common(word: str) -> bool:
    """Say whether a text is one word of the dictionary, and no name there."""
    return [kind.startswith("nr") for _word, kind in _tag(word)] == [False]


def _known(match: re.Match[str]) -> Iterator[str]:
    """Give the parts of a run of letters that are no names; a letter after a number is a unit."""
    run = match[0]
    if len(run) == 1 and match.string[match.start() - 1 : match.start()].isdigit():
        yield run
    elif len(run) > _SHORT:
        yield from _known_words(_tag(run))
    elif _is_known_alone(run):
        yield run
    else:
        yield _GONE


def _is_known_alone(run: str) -> bool:
    """Say whether a short run between marks is a known word; a surname makes it a name."""
    if run in _STAYS or is_heading_word(run):
        return True
    if len(run) == 1:
        return run in ALONE
    if len(run) > 2 and _PLACE.search(run):
        return True
    words = _tag(run)
    known = all(_is_plain(word, kind) for word, kind in words)
    if surname_length(run):
        return known and len(run) == _SHORT and [len(word) for word, _ in words] in ([2, 2], [4])
    return known


def _is_plain(word: str, kind: str) -> bool:
    if len(word) == 1:
        return word in ALONE
    return _is_word(word) and (not kind.startswith("nr") or is_heading_word(word))


def _known_words(words: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Give the words of a sentence; what looks like a name goes with the words it may reach into.

    A surname alone takes up to two more letters with it; a letter that is no word takes the words
    beside it that begin with a surname (高兴华).
    """
    gone = [not _is_plain(word, kind) for word, kind in words]
    for place, (word, _kind) in enumerate(words):
        if _begins_a_name(words[place : place + 2]):
            gone[place : place + 2] = [True, True]
        if not gone[place]:
            continue
        for beside in (place - 1, place + 1) if len(word) == 1 else ():
            other = words[beside][0] if 0 <= beside < len(words) else ""
            if surname_length(other) and len(other) <= 2:
                gone[beside] = True
        length = surname_length(word)
        if not length or len(word) > 2:
            continue
        most, after = length + 2 - len(word), place + 1
        while after < len(words) and len(words[after][0]) <= most:
            most -= len(words[after][0])
            gone[after] = True
            after += 1
    for is_gone, (word, _kind) in zip(gone, words, strict=True):
        yield _GONE if is_gone else word


def _begins_a_name(words: Sequence[tuple[str, str]]) -> bool:
    """Say whether a small word that is a surname too (于, 向, 项) stands before a given name."""
    if len(words) < 2:
        return False
    (first, _), (second, _) = words
    return first in SURNAMES and len(second) == 2 and GIVEN.issuperset(second)


@cache
def _jieba() -> Any:
    import rjieba  # its dictionary takes a while to load, once

    return rjieba


def _tag(run: str) -> list[tuple[str, str]]:
    return list(_jieba().tag(run, False))


def _is_word(word: str) -> bool:
    return bool(_jieba().has_word(word))


def find_word_kind(word: str) -> str | None:
    """Return what the dictionary says a word is (`nr` for names); `None` for no word."""
    if not _is_word(word):
        return None
    tagged = _tag(word)
    return tagged[0][1] if len(tagged) == 1 else ""
