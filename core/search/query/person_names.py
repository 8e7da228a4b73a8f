"""Leave the names of persons out of titles and file names, and keep every other word of them.

A title has no columns, and its places, organs and matters must stay. So it is cut in the way that
needs the fewest and likeliest parts, and a name is one of them: 张三|公示, not 张|三公|示.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from core.search.query.lexicon import national_lexicon
from core.search.text.personal_names import (
    ALONE,
    FOREIGN_LETTERS,
    GIVEN,
    LETTER,
    UNMISTAKABLE,
    find_word_kind,
    join_spaced,
)
from core.tables.names import COMPOUND_SURNAMES, NAME_DOTS, SURNAMES, is_name_like
from core.tables.pasted.heads import is_heading_word

HIDDEN = "…"
_LONGEST_WORD, _LONGEST_PART = 8, 12
# What one part costs; of all ways to cut a run of letters the cheapest is taken.
_WORD, _PLACE, _AMBIGUOUS, _ENDING, _LETTER, _SURNAME_ALONE = 1.0, 1.2, 1.7, 1.3, 1.8, 2.2
_NAME, _DOUBLE_SURNAME, _FOREIGN, _USUAL, _UNUSUAL = 1.5, 0.5, 1.6, 0.1, 0.35
_HAS_A_WORD, _MOSTLY_A_WORD, _GIVEN_A_WORD = 0.2, 0.4, 1.2
# Beside another name, before 等5名 and 同志, a name is likelier than words.
_EXPECTED = 1.3
_RUN = re.compile(f"{LETTER}+")
_AFTER_NAMES = re.compile(
    r"同志|先生|女士|老人|夫妇|等同志|等(?=[\d一二三四五六七八九十两]+[名位人户]|人)"
)
_APPOINTED = re.compile(
    rf"(?:录用|聘用|选聘|吸收|接收|确定|推荐|提名|认定|任命|授予|给予|同意){LETTER}{{2,8}}?(?=为)"
)
_SPLIT = re.compile(rf"({LETTER}?)([{''.join(sorted(SURNAMES))}])[ \u3000]+({LETTER})")
_LISTED = re.compile(r"[、,，;；/\s\u3000_]+")
_PLACE_ENDING = re.compile(
    r"(?:[省市县区镇乡村州旗]|街道|小区|林场|农场|(?:有限)?公司|集团"
    r"|(?:村|社区|街道)?[村居]?(?:民委员|委)会|社区)$"
)
_LONGEST_PLACE, _LONGEST_FIRM = 5, 8
# What small words mean in names of places: 于家沟, 上河, 林和.
_FAMILY = re.compile("^.家")
_IN_PLACES = frozenset("一二三四五六七八九十百千万上下中大小和前后内外天岁")
_IN_COMMITTEES = _IN_PLACES | frozenset("户路街台于向丁丙甲乙道时组")
_ALSO_GIVEN = GIVEN | frozenset("一二三四五六七八九天中正来生小大月")
# Letters with which words of titles end, and no name.
_NEVER_GIVEN = (
    ALONE
    | frozenset(
        "的局所厂站场院校馆店库部科室处股队厅会费额表册单证书报告示款项目税补贴助救灾贫困残病路桥渠坝井房屋楼规则条例"
        "令批复级类型期届度值量率险息权产业务事情件案程种植养殖畜禽众员者对象户口籍数"
    )
) - _ALSO_GIVEN
# Surnames that are far oftener a part of words.
_MOSTLY_WORDS = ALONE | frozenset("权益关管盖规强计支代解应封施边路降农居满常项包经储保后")
_USUAL_GIVEN = GIVEN - ALONE
# Words of two letters in titles that the dictionary takes for names.
_NO_NAMES = frozenset(
    re.findall(
        "..",
        "养老许可康复安全林木文明申请陈述洪水盖章齐全仲裁弘扬屠宰敬老封锁查明荣誉矫正张贴易燃童工"
        "查清关怀荣立鉴定权威边远安保陈列周转凌辱荣获雷达迟延付清师生钱财苗木路基宁静安静荣军麻黄"
        "解密索引代耕张榜洪峰凌汛沙滩师范麻风易懂容纳许诺余缺陈旧卫星安抚孔道易损顾客白昼红白庄子"
        "封山养牛养羊养猪封场支出查询安置安装高残代位居民农民权利计生房子门卫降雨农林红利储金强国"
        "施工解释应急",
    )
)


def hide_names(title: str) -> str:
    """Return a title with an ellipsis in place of each person's name and number."""
    text = _SPLIT.sub(_close_up, join_spaced(title))
    for pattern in UNMISTAKABLE:
        text = pattern.sub(_hidden_match, text)
    ends = frozenset(match.start() for match in _AFTER_NAMES.finditer(text))
    ends |= {match.end() for match in _APPOINTED.finditer(text)}
    runs = [(run.start(), run.end()) for run in _RUN.finditer(text)]
    parts = [_hidden(text, run, ends) for run in runs]
    for place in _beside(text, runs, [HIDDEN in part for part in parts]):
        parts[place] = _hidden(text, runs[place], ends | {runs[place][1]}, begins=True)
    pieces, done = [], 0
    for run, part in zip(runs, parts, strict=True):
        pieces += [text[done : run[0]], part]
        done = run[1]
    return re.sub(rf"{HIDDEN}(?:[、,，;；/\s_]*{HIDDEN})+", HIDDEN, "".join([*pieces, text[done:]]))


def _close_up(match: re.Match[str]) -> str:
    """Close up a name of two letters that a blank makes as wide as three (张 三)."""
    split = find_word_kind(match[1] + match[2]) is None and _name_cost(match[2] + match[3])
    return "".join(match.groups()) if split else match[0]


def hide_names_in_file_name(name: str) -> str:
    """Return a file name as `hide_names` returns a title; its ending stays."""
    stem, dot, ending = name.rpartition(".")
    return f"{hide_names(stem)}.{ending}" if dot else hide_names(name)


def _hidden_match(match: re.Match[str]) -> str:
    """Hide what is surely a name or number, but not words with a dot between (平安·法治)."""
    parts = [part.strip() for part in re.split(f"[{NAME_DOTS}]", match[0])]
    return match[0] if len(parts) > 1 and all(map(_word_cost, parts)) else HIDDEN


def _beside(text: str, runs: Sequence[tuple[int, int]], likely: Sequence[bool]) -> list[int]:
    """Return the places of runs that only marks of a list part from one with a name."""
    beside = set()
    for place in range(len(runs) - 1):
        between = text[runs[place][1] : runs[place + 1][0]]
        if _LISTED.fullmatch(between) and (likely[place] or likely[place + 1]):
            beside |= {place, place + 1}
    return sorted(beside)


def _hidden(text: str, run: tuple[int, int], ends: Collection[int], *, begins: bool = False) -> str:
    """Return a run of letters without names; they are expected before the ends."""
    start, stop = run
    whole = text[start:stop]
    if len(whole) < 4 and is_name_like(whole) and not _word_cost(whole) and _name_cost(whole):
        return HIDDEN
    best: list[tuple[float, int, bool]] = [(0.0, 0, False)]
    for end in range(1, len(whole) + 1):
        best.append(
            min(
                (best[first][0] + cost - likelier * is_name, first, is_name)
                for first in range(max(0, end - _LONGEST_PART), end)
                for likelier in [_EXPECTED * (start + end in ends or (begins and not first))]
                for cost, is_name in _costs(whole[first:end])
            )
        )
    parts: list[str] = []
    end = len(whole)
    while end:
        _cost, first, is_name = best[end]
        parts.insert(0, HIDDEN if is_name else whole[first:end])
        end = first
    return "".join(parts)


@lru_cache(maxsize=20_000)
def _costs(part: str) -> tuple[tuple[float, bool], ...]:
    """Return what a part costs as a word and as a name, where it may be either."""
    word, name = _word_cost(part), _name_cost(part)
    return (*((word, False) for _ in [0] if word), *((name, True) for _ in [0] if name))


def _word_cost(part: str) -> float | None:
    if len(part) == 1:
        return _letter_cost(part)
    if is_heading_word(part) or part in _NO_NAMES or part in national_lexicon().terms:
        return _WORD
    kind = find_word_kind(part) if len(part) <= _LONGEST_WORD else None
    if kind is None or (kind.startswith("nr") and not _is_phrase(part)):
        return _PLACE if _is_place(part) else None
    if kind.startswith("n") and FOREIGN_LETTERS.issuperset(part) and len(part) > 3:
        return None
    if _is_place(part):
        return _WORD
    may_be_name = kind in {"n", "ns", "nz", "nt"} and (_name_cost(part) or _LETTER) < _AMBIGUOUS
    return _AMBIGUOUS if may_be_name or (len(part) > 2 and part[0] in "县市区镇乡") else _WORD


def _letter_cost(letter: str) -> float:
    if letter in ALONE:
        return _ENDING if letter in GIVEN else _WORD
    if letter in SURNAMES:
        return _SURNAME_ALONE
    return _ENDING if letter in _NEVER_GIVEN else _LETTER


def _is_phrase(part: str) -> bool:
    """Say whether what the dictionary takes for a name is made of words (严格执行, 安全法)."""
    return part[:2] in _NO_NAMES or (len(part) > 3 and find_word_kind(part[2:]) is not None)


def _is_place(part: str) -> bool:
    ending = _PLACE_ENDING.search(part)
    longest = _LONGEST_FIRM if part.endswith(("公司", "集团")) else _LONGEST_PLACE
    if ending is None or not 1 <= ending.start() <= longest:
        return False
    named = _FAMILY.sub("", part[: ending.start()])
    return (ALONE - _IN_COMMITTEES if len(ending[0]) > 2 else ALONE - _IN_PLACES).isdisjoint(named)


def _name_cost(part: str) -> float | None:
    """Return what a name of these letters costs; `None` where they cannot be one."""
    if not 2 <= len(part) <= 5:
        return None
    if len(part) > 2 and FOREIGN_LETTERS.issuperset(part):
        return _FOREIGN if len(part) > 3 or "不" not in part else None
    surname = _surname(part)
    given = part[surname:]
    if not surname or not _NEVER_GIVEN.isdisjoint(given):
        return None
    cost = _NAME + sum(_USUAL if letter in _USUAL_GIVEN else _UNUSUAL for letter in given)
    if part[0] in _MOSTLY_WORDS and not _USUAL_GIVEN.issuperset(given):
        cost += _MOSTLY_A_WORD
    if len(part) == 4:
        cost += _DOUBLE_SURNAME
    if len(part) > 2 and surname == 1 and find_word_kind(part[:2]):
        cost += _HAS_A_WORD
    if len(given) == 2 and find_word_kind(given) and GIVEN.isdisjoint(given):
        cost += _GIVEN_A_WORD
    return cost


def _surname(part: str) -> int:
    """Return how many letters are the surname of a whole name, doubled ones too; 0 for none."""
    if part.startswith(COMPOUND_SURNAMES) and 3 <= len(part) <= 4:
        return 2
    if part[0] not in SURNAMES:
        return 0
    if len(part) <= 3:
        return 1
    doubled = len(part) == 4 and part[1] in SURNAMES and ALONE.isdisjoint(part[:2])
    return 2 if doubled and not find_word_kind(part[:2]) else 0
